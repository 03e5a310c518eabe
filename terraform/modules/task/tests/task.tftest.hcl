mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name               = "trending-now-prod"
  service            = "api"
  region             = "eu-central-1"
  image              = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/trending-now-prod-api@sha256:1111111111111111111111111111111111111111111111111111111111111111"
  command            = ["trending", "serve", "--port", "8000"]
  cpu                = 256
  memory             = 512
  ports              = [8000]
  task_role_arn      = "arn:aws:iam::111122223333:role/api"
  execution_role_arn = "arn:aws:iam::111122223333:role/api-execution"
  environment        = { TRENDING_LAKE = "s3://a-lake/lake", TRENDING_API_KEYS = "/tmp/api-keys.json" }
  secrets            = { OPENAI_API_KEY = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:openai-AbCdEf" }
  kms_key_arn        = "arn:aws:kms:eu-central-1:111122223333:key/0a1b"
}

run "a_container_can_do_little" {
  command = plan
  assert {
    condition = alltrue([
      for container in jsondecode(aws_ecs_task_definition.this.container_definitions) :
      container.readonlyRootFilesystem && container.user == "10001" && !container.privileged
      && container.linuxParameters.initProcessEnabled && container.linuxParameters.capabilities.drop == ["ALL"]
    ])
    error_message = "The container is root, may write to its root, or has capabilities."
  }
  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].mountPoints == [{ sourceVolume = "tmp", containerPath = "/tmp", readOnly = false }]
    error_message = "There is nothing to write to but /tmp."
  }
  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].secrets == [{ name = "OPENAI_API_KEY", valueFrom = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:openai-AbCdEf" }]
    error_message = "A secret is given by its ARN."
  }
  assert {
    condition     = aws_cloudwatch_log_group.this.name == "/trending-now-prod/api" && aws_cloudwatch_log_group.this.retention_in_days == 365 && aws_cloudwatch_log_group.this.kms_key_id == var.kms_key_arn
    error_message = "The log is kept for a year, under our key."
  }
  assert {
    condition     = aws_ecs_task_definition.this.family == "trending-now-prod-api" && aws_ecs_task_definition.this.skip_destroy
    error_message = "An old revision is gone when a rollback needs it."
  }
  assert {
    condition     = length(aws_lb_target_group.this) == 0 && !can(jsondecode(aws_ecs_task_definition.this.container_definitions)[0].healthCheck)
    error_message = "Nobody asked for a target group or a health check."
  }
}

run "a_secret_becomes_a_file_first" {
  command = plan
  variables {
    prepare        = { command = ["python", "-c", "pass"], secrets = { API_KEYS = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:api-keys-AbCdEf" } }
    health_command = ["true"]
    http           = { vpc_id = "vpc-1", ready_path = "/readyz", deregistration_seconds = 5 }
  }
  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].dependsOn == [{ containerName = "prepare", condition = "SUCCESS" }]
    error_message = "The service does not wait for its file."
  }
  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[1].readonlyRootFilesystem && !jsondecode(aws_ecs_task_definition.this.container_definitions)[1].essential
    error_message = "What prepares may write to its root, or ends the task when it ends."
  }
  assert {
    condition     = length([for secret in jsondecode(aws_ecs_task_definition.this.container_definitions)[0].secrets : secret if secret.name == "API_KEYS"]) == 0
    error_message = "The service needs the file, not the secret."
  }
  assert {
    condition     = aws_lb_target_group.this[0].deregistration_delay == "5" && aws_lb_target_group.this[0].health_check[0].path == "/readyz" && aws_lb_target_group.this[0].port == 8000
    error_message = "The load balancer asks elsewhere, or waits longer than the service goes on."
  }
}

run "a_tag_is_no_digest" {
  command = plan
  variables {
    image = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/trending-now-prod-api:latest"
  }
  expect_failures = [var.image]
}

run "fargate_takes_no_such_pair" {
  command = plan
  variables {
    cpu    = 512
    memory = 512
  }
  expect_failures = [var.memory]
}

run "no_plain_secret" {
  command = plan
  variables {
    environment = { PGPASSWORD = "hunter2" }
    secrets     = { OPENAI_API_KEY = "sk-123" }
  }
  expect_failures = [var.environment, var.secrets]
}

run "a_container_is_not_its_own_starter" {
  command = plan
  variables {
    execution_role_arn = "arn:aws:iam::111122223333:role/api"
    ports              = [80]
    stop_seconds       = 300
  }
  expect_failures = [var.execution_role_arn, var.ports, var.stop_seconds]
}
