mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                = "trending-now-prod"
  environment         = "prod"
  lake_bucket_arn     = "arn:aws:s3:::trending-now-prod-lake-111122223333"
  logs_bucket_arn     = "arn:aws:s3:::trending-now-prod-logs-111122223333"
  kms_key_arn         = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  secrets_kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/22222222-2222-2222-2222-222222222222"
  state_bucket_arn    = "arn:aws:s3:::trending-now-terraform-111122223333"
  github_repository   = "trending-now/trending-now"
  secret_arns = {
    database = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-0a1b2c3d-AbCdEf"
    tmdb     = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:trending-now-prod/tmdb-AbCdEf"
    openai   = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:trending-now-prod/openai-AbCdEf"
    wandb    = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:trending-now-prod/wandb-AbCdEf"
    api_keys = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:trending-now-prod/api-keys-AbCdEf"
  }
  repository_arns = {
    dagster = "arn:aws:ecr:eu-central-1:111122223333:repository/trending-now-prod-dagster"
    api     = "arn:aws:ecr:eu-central-1:111122223333:repository/trending-now-prod-api"
  }
}

run "a_task_role_and_an_execution_role_a_service" {
  assert {
    condition     = sort(keys(output.task_role_arns)) == tolist(["api", "code-server", "daemon", "exporter", "run", "viewer", "webserver"]) && keys(output.task_role_arns) == keys(output.execution_role_arns)
    error_message = "Seven services, two roles each."
  }
  assert {
    condition     = alltrue([for service, role in aws_iam_role.task : role.name == "trending-now-prod-${service}"]) && alltrue([for service, role in aws_iam_role.execution : role.name == "trending-now-prod-${service}-execution"])
    error_message = "Roles are named <name>-<service> and <name>-<service>-execution."
  }
}

run "every_service_s_role_stays_within_the_boundary" {
  assert {
    condition     = alltrue([for role in concat(values(aws_iam_role.task), values(aws_iam_role.execution)) : role.permissions_boundary == aws_iam_policy.boundary.arn])
    error_message = "A role has no boundary."
  }
}

run "ecs_alone_takes_the_services_roles_and_for_this_account_alone" {
  command = plan
  assert {
    condition = alltrue([for role in concat(values(aws_iam_role.task), values(aws_iam_role.execution)) : [
      for statement in jsondecode(role.assume_role_policy).Statement : [statement.Principal, statement.Condition.StringEquals]
    ] == [[{ Service = "ecs-tasks.amazonaws.com" }, { "aws:SourceAccount" = "111122223333" }]]])
    error_message = "Somebody else may take a service's role."
  }
}

run "github_s_environments_are_named_exactly" {
  command = plan
  assert {
    condition = { for kind, role in aws_iam_role.github : kind => jsondecode(role.assume_role_policy).Statement[0].Condition } == {
      for kind, subject in { plan = "prod-plan", deploy = "prod" } : kind => { StringEquals = {
        "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:sub" = "repo:trending-now/trending-now:environment:${subject}"
      } }
    }
    error_message = "A workflow gets a role by its environment alone, by StringEquals."
  }
}

run "policies_fit_into_aws_s_limits" {
  command = plan
  assert {
    condition     = alltrue([for policy in concat(values(aws_iam_policy.github), [aws_iam_policy.boundary]) : length(policy.policy) <= 6144])
    error_message = "A managed policy has 6,144 characters at most."
  }
  assert {
    condition     = alltrue([for policy in concat(values(aws_iam_role_policy.task), values(aws_iam_role_policy.execution)) : length(policy.policy) <= 10240])
    error_message = "A role's own policies have 10,240 characters at most."
  }
  assert {
    condition     = length([for pair in keys(aws_iam_role_policy_attachment.github) : pair if startswith(pair, "deploy/")]) <= 10
    error_message = "A role has 10 managed policies at most."
  }
}

run "the_lake_s_prefix_bounds_what_is_read_and_written" {
  command = plan
  variables {
    lake_prefix = "team/lake"
  }
  assert {
    condition = alltrue(flatten([for policy in values(aws_iam_role_policy.task) : [
      for statement in jsondecode(policy.policy).Statement : [
        for resource in flatten([statement.Resource]) : startswith(resource, "arn:aws:s3:::trending-now-prod-lake-111122223333/team/lake/") if startswith(resource, "arn:aws:s3:::trending-now-prod-lake-111122223333/")
      ]
    ]]))
    error_message = "A service reaches beyond the lake's prefix."
  }
}

run "without_a_ledger_of_its_own_the_api_has_no_key_of_the_llm" {
  command = plan
  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.execution["api"].policy).Statement : statement.Resource if statement.Sid == "ReadOwnSecrets"] == [[var.secret_arns.api_keys]]
    error_message = "The API reads another secret."
  }
}

run "with_a_ledger_of_its_own_it_has" {
  command = plan
  variables {
    secret_arns = {
      database = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-0a1b2c3d-AbCdEf"
      tmdb     = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:trending-now-prod/tmdb-AbCdEf"
      openai   = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:trending-now-prod/openai-AbCdEf"
      wandb    = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:trending-now-prod/wandb-AbCdEf"
      api_keys = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:trending-now-prod/api-keys-AbCdEf"
      ledger   = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:trending-now-prod/ledger-AbCdEf"
    }
  }
  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.execution["api"].policy).Statement : statement.Resource if statement.Sid == "ReadOwnSecrets"] == [[var.secret_arns.api_keys, var.secret_arns.ledger, var.secret_arns.openai]]
    error_message = "The API lacks a secret."
  }
}

run "without_a_key_of_its_own_secrets_need_no_kms" {
  command = plan
  variables {
    secrets_kms_key_arn = null
  }
  assert {
    condition     = alltrue([for policy in values(aws_iam_role_policy.execution) : !strcontains(policy.policy, "kms:")])
    error_message = "A permission that nobody needs."
  }
}

run "a_zone_is_written_only_where_it_is_named" {
  command = plan
  variables {
    zone_id = "Z0123456789ABCDEFGHIJ"
  }
  assert {
    condition     = [for statement in jsondecode(aws_iam_policy.github["write-edge"].policy).Statement : statement.Resource if statement.Sid == "Zone"] == [["arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ"]]
    error_message = "The zone cannot be written, or another one can."
  }
}

run "the_state_s_key_is_the_environment_s" {
  command = plan
  assert {
    condition     = [for statement in jsondecode(aws_iam_policy.github["write-state"].policy).Statement : statement.Resource] == [["arn:aws:s3:::trending-now-terraform-111122223333/prod/terraform.tfstate.tflock"], ["arn:aws:s3:::trending-now-terraform-111122223333/prod/terraform.tfstate"]]
    error_message = "The pipeline writes another state."
  }
}

run "nobody_restores_and_nothing_is_promoted_unless_named" {
  command = plan
  assert {
    condition     = length(aws_iam_role.restore) == 0 && length(aws_iam_role_policy.restore) == 0 && output.restore_role_arn == null
    error_message = "There is a role for restoring that nobody was named for."
  }
  assert {
    condition     = !strcontains(aws_iam_policy.github["release"].policy, "ecr:")
    error_message = "The pipeline reads repositories that nobody named."
  }
}

run "who_restores_is_named_and_takes_no_version_away" {
  command = plan
  variables {
    restore_principal_arns = ["arn:aws:iam::111122223333:role/operators"]
  }
  assert {
    condition     = jsondecode(aws_iam_role.restore["restore"].assume_role_policy).Statement[0].Principal == { AWS = ["arn:aws:iam::111122223333:role/operators"] }
    error_message = "Somebody else may restore."
  }
  assert {
    condition     = !strcontains(aws_iam_role_policy.restore["restore"].policy, "DeleteObjectVersion") && length(aws_iam_role_policy.restore["restore"].policy) <= 10240
    error_message = "What was deleted could not be brought back."
  }
}

run "wildcards_and_other_names_are_refused" {
  command = plan
  variables {
    name                 = "Trending"
    environment          = "production"
    github_repository    = "trending-now/*"
    lake_bucket_arn      = "arn:aws:s3:::*"
    logs_bucket_arn      = "arn:aws:s3:::logs/*"
    state_bucket_arn     = "*"
    kms_key_arn          = "arn:aws:kms:eu-central-1:111122223333:key/*"
    secrets_kms_key_arn  = "*"
    lake_prefix          = "*"
    compute_logs_prefix  = "a/b"
    cloudwatch_namespace = "Trending*"
    state_key            = "prod/*"
    zone_id              = "*"
    secret_arns          = { database = "*", tmdb = "*", openai = "*", wandb = "*", api_keys = "*" }
    repository_arns      = { dagster = "*", api = "*" }

    restore_principal_arns   = ["arn:aws:iam::111122223333:root"]
    promoted_repository_arns = ["arn:aws:ecr:eu-central-1:444455556666:repository/*"]
  }
  expect_failures = [
    var.name, var.environment, var.github_repository, var.lake_bucket_arn, var.logs_bucket_arn, var.state_bucket_arn, var.kms_key_arn,
    var.secrets_kms_key_arn, var.lake_prefix, var.compute_logs_prefix, var.cloudwatch_namespace, var.state_key, var.zone_id, var.secret_arns,
    var.repository_arns, var.restore_principal_arns, var.promoted_repository_arns,
  ]
}

run "a_repository_without_its_organization_is_refused" {
  command = plan
  variables {
    github_repository = "trending-now"
  }
  expect_failures = [var.github_repository]
}
