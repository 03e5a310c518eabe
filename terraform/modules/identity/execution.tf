# What ECS does before a container runs: pull its image, make its log stream, read its secrets. The container cannot.

locals {
  images = { for service in local.services : service => service == "api" ? var.repository_arns.api : var.repository_arns.dagster }

  # Dagster's storage lies in the database, so all of Dagster's services need it. The API does not: its ledger, where it has
  # one, is a database user of its own. Without a ledger that all share, every container would have a day's LLM budget to
  # itself, so without one it has no key of the LLM either.
  secrets = {
    code-server = [var.secret_arns.database]
    webserver   = [var.secret_arns.database]
    viewer      = [var.secret_arns.database]
    daemon      = [var.secret_arns.database]
    run         = [var.secret_arns.database, var.secret_arns.tmdb, var.secret_arns.openai, var.secret_arns.wandb]
    api         = concat([var.secret_arns.api_keys], var.secret_arns.ledger == null ? [] : [var.secret_arns.ledger, var.secret_arns.openai])
    exporter    = [var.secret_arns.database]
  }

  execution_statements = {
    for service in local.services : service => concat(
      [
        {
          Sid      = "LogInToRegistry"
          Effect   = "Allow"
          Action   = "ecr:GetAuthorizationToken"
          Resource = "*"
        },
        {
          Sid      = "PullImage"
          Effect   = "Allow"
          Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
          Resource = local.images[service]
        },
        {
          Sid      = "WriteLog"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = "${local.log_groups}/${service}:log-stream:*"
        },
        {
          Sid      = "ReadOwnSecrets"
          Effect   = "Allow"
          Action   = "secretsmanager:GetSecretValue"
          Resource = local.secrets[service]
        },
      ],
      [for key in compact([var.secrets_kms_key_arn]) : {
        Sid       = "DecryptSecrets"
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = key
        Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.${local.region}.amazonaws.com" } }
      }],
    )
  }
}
