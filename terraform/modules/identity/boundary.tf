# The most that any role of this environment can ever be given. The role deploy may make roles only with it, and may not
# change it: whoever takes over the pipeline gets no further than the services.

resource "aws_iam_policy" "boundary" {
  name        = "${var.name}-boundary"
  description = "${var.name}: permissions boundary of every role that the pipeline makes"
  policy      = jsonencode({ Version = "2012-10-17", Statement = local.boundary_statements })
  tags        = local.tags
}

locals {
  boundary_statements = [
    {
      Sid      = "Objects"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"]
      Resource = ["${local.lake}/*", "${local.compute_logs}/*"]
    },
    {
      Sid      = "Listings"
      Effect   = "Allow"
      Action   = "s3:ListBucket"
      Resource = [var.lake_bucket_arn, var.logs_bucket_arn]
    },
    {
      Sid       = "KeyOfBuckets"
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = var.kms_key_arn
      Condition = { StringEquals = { "kms:ViaService" = "s3.${local.region}.amazonaws.com" } }
    },
    {
      Sid       = "KeyOfSecrets"
      Effect    = "Allow"
      Action    = "kms:Decrypt"
      Resource  = "arn:${local.partition}:kms:${local.in_region}:key/*"
      Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.${local.region}.amazonaws.com" } }
    },
    {
      Sid    = "Secrets"
      Effect = "Allow"
      Action = "secretsmanager:GetSecretValue"
      # By their names, not by var.secret_arns: the database's own role needs the boundary before the database has a secret.
      Resource = local.named_secrets
    },
    {
      Sid      = "Images"
      Effect   = "Allow"
      Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
      Resource = values(var.repository_arns)
    },
    {
      Sid    = "Logs"
      Effect = "Allow"
      Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:GetLogEvents", "logs:PutLogEvents", "logs:PutRetentionPolicy"]
      Resource = [
        "${local.log_groups}/*",
        # Where RDS's enhanced monitoring writes; its group has one name an account.
        "arn:${local.partition}:logs:${local.in_region}:log-group:RDS*",
      ]
    },
    {
      Sid      = "Runs"
      Effect   = "Allow"
      Action   = ["ecs:RunTask", "ecs:StopTask", "ecs:DescribeTasks", "ecs:TagResource"]
      Resource = [local.run_family, local.tasks]
    },
    {
      Sid       = "RolesOfRuns"
      Effect    = "Allow"
      Action    = "iam:PassRole"
      Resource  = local.run_roles
      Condition = local.of_ecs
    },
    {
      Sid       = "Metrics"
      Effect    = "Allow"
      Action    = "cloudwatch:PutMetricData"
      Resource  = "*"
      Condition = { StringEquals = { "cloudwatch:namespace" = var.cloudwatch_namespace } }
    },
    {
      Sid      = "WithoutResource"
      Effect   = "Allow"
      Action   = ["ecr:GetAuthorizationToken", "ecs:DescribeTaskDefinition", "ec2:DescribeNetworkInterfaces", "logs:DescribeLogGroups"]
      Resource = "*"
    },
  ]
}
