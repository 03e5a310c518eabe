# The same file in every environment, over its own terraform.tfvars. trending_assets_tests/unit/terraform reads the state of the
# run "everything" (terraform test -json -verbose), and `python -m deploy.terraform_plan` counts its resources.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  dagster_image_digest = "sha256:1111111111111111111111111111111111111111111111111111111111111111"
  api_image_digest     = "sha256:2222222222222222222222222222222222222222222222222222222222222222"
}

override_resource {
  override_during = plan
  target          = module.network.aws_subnet.private
  values          = { id = "subnet-private" }
}

override_resource {
  override_during = plan
  target          = module.identity.aws_iam_role.task["code-server"]
  values          = { arn = "arn:aws:iam::111122223333:role/code-server" }
}

override_resource {
  override_during = plan
  target          = module.identity.aws_iam_role.execution["code-server"]
  values          = { arn = "arn:aws:iam::111122223333:role/code-server-execution" }
}

override_resource {
  override_during = plan
  target          = module.identity.aws_iam_role.task["webserver"]
  values          = { arn = "arn:aws:iam::111122223333:role/webserver" }
}

override_resource {
  override_during = plan
  target          = module.identity.aws_iam_role.execution["webserver"]
  values          = { arn = "arn:aws:iam::111122223333:role/webserver-execution" }
}

override_resource {
  override_during = plan
  target          = module.identity.aws_iam_role.task["viewer"]
  values          = { arn = "arn:aws:iam::111122223333:role/viewer" }
}

override_resource {
  override_during = plan
  target          = module.identity.aws_iam_role.execution["viewer"]
  values          = { arn = "arn:aws:iam::111122223333:role/viewer-execution" }
}

override_resource {
  override_during = plan
  target          = module.identity.aws_iam_role.task["daemon"]
  values          = { arn = "arn:aws:iam::111122223333:role/daemon" }
}

override_resource {
  override_during = plan
  target          = module.identity.aws_iam_role.execution["daemon"]
  values          = { arn = "arn:aws:iam::111122223333:role/daemon-execution" }
}

override_resource {
  override_during = plan
  target          = module.identity.aws_iam_role.task["run"]
  values          = { arn = "arn:aws:iam::111122223333:role/run" }
}

override_resource {
  override_during = plan
  target          = module.identity.aws_iam_role.execution["run"]
  values          = { arn = "arn:aws:iam::111122223333:role/run-execution" }
}

override_resource {
  override_during = plan
  target          = module.identity.aws_iam_role.task["api"]
  values          = { arn = "arn:aws:iam::111122223333:role/api" }
}

override_resource {
  override_during = plan
  target          = module.identity.aws_iam_role.execution["api"]
  values          = { arn = "arn:aws:iam::111122223333:role/api-execution" }
}

override_resource {
  override_during = plan
  target          = module.identity.aws_iam_role.task["exporter"]
  values          = { arn = "arn:aws:iam::111122223333:role/exporter" }
}

override_resource {
  override_during = plan
  target          = module.identity.aws_iam_role.execution["exporter"]
  values          = { arn = "arn:aws:iam::111122223333:role/exporter-execution" }
}

override_resource {
  override_during = plan
  target          = module.secrets.aws_secretsmanager_secret.this["tmdb"]
  values          = { arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:tmdb-AbCdEf" }
}

override_resource {
  override_during = plan
  target          = module.secrets.aws_secretsmanager_secret.this["openai"]
  values          = { arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:openai-AbCdEf" }
}

override_resource {
  override_during = plan
  target          = module.secrets.aws_secretsmanager_secret.this["wandb"]
  values          = { arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:wandb-AbCdEf" }
}

override_resource {
  override_during = plan
  target          = module.secrets.aws_secretsmanager_secret.this["api_keys"]
  values          = { arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:api_keys-AbCdEf" }
}

override_resource {
  override_during = plan
  target          = module.lake.aws_s3_bucket.this["lake"]
  values          = { arn = "arn:aws:s3:::lake" }
}

override_resource {
  override_during = plan
  target          = module.lake.aws_s3_bucket.this["logs"]
  values          = { arn = "arn:aws:s3:::logs" }
}

override_resource {
  override_during = plan
  target          = module.lake.aws_s3_bucket.this["access"]
  values          = { arn = "arn:aws:s3:::access" }
}

override_resource {
  override_during = plan
  target          = module.network.aws_security_group.this["api-balancer"]
  values          = { id = "sg-api-balancer" }
}

override_resource {
  override_during = plan
  target          = module.network.aws_security_group.this["api"]
  values          = { id = "sg-api" }
}

override_resource {
  override_during = plan
  target          = module.network.aws_security_group.this["operators-balancer"]
  values          = { id = "sg-operators-balancer" }
}

override_resource {
  override_during = plan
  target          = module.network.aws_security_group.this["webserver"]
  values          = { id = "sg-webserver" }
}

override_resource {
  override_during = plan
  target          = module.network.aws_security_group.this["viewer"]
  values          = { id = "sg-viewer" }
}

override_resource {
  override_during = plan
  target          = module.network.aws_security_group.this["code-server"]
  values          = { id = "sg-code-server" }
}

override_resource {
  override_during = plan
  target          = module.network.aws_security_group.this["daemon"]
  values          = { id = "sg-daemon" }
}

override_resource {
  override_during = plan
  target          = module.network.aws_security_group.this["exporter"]
  values          = { id = "sg-exporter" }
}

override_resource {
  override_during = plan
  target          = module.network.aws_security_group.this["database"]
  values          = { id = "sg-database" }
}

override_resource {
  override_during = plan
  target          = module.network.aws_security_group.this["endpoints"]
  values          = { id = "sg-endpoints" }
}

override_resource {
  override_during = plan
  target          = module.orchestrator.module.run.aws_ecs_task_definition.this
  values          = { arn = "arn:aws:ecs:eu-central-1:111122223333:task-definition/run:7" }
}

run "everything" {
  command = plan
  assert {
    condition     = output.cluster_name == "trending-now-${var.environment}"
    error_message = "The cluster is named after the environment."
  }
  assert {
    condition     = output.api_address == "https://${var.domain_names.api}" && startswith(output.webserver_address, "https://")
    error_message = "Addresses are names of ours, by TLS."
  }
  assert {
    condition     = output.lake == "s3://trending-now-${var.environment}-lake-111122223333/lake"
    error_message = "The lake lies in the environment's own bucket."
  }
}
