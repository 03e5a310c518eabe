mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name                = "trending-now-prod"
  environment         = "prod"
  region              = "eu-central-1"
  vpc_id              = "vpc-1"
  private_subnet_ids  = ["subnet-1", "subnet-2"]
  security_group_ids  = { operators-balancer = "sg-operators-balancer", webserver = "sg-webserver", viewer = "sg-viewer", code-server = "sg-code-server", daemon = "sg-daemon", exporter = "sg-exporter" }
  image               = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/trending-now-prod-dagster@sha256:1111111111111111111111111111111111111111111111111111111111111111"
  task_role_arns      = { code-server = "arn:aws:iam::111122223333:role/code-server", webserver = "arn:aws:iam::111122223333:role/webserver", viewer = "arn:aws:iam::111122223333:role/viewer", daemon = "arn:aws:iam::111122223333:role/daemon", exporter = "arn:aws:iam::111122223333:role/exporter", run = "arn:aws:iam::111122223333:role/run" }
  execution_role_arns = { code-server = "arn:aws:iam::111122223333:role/code-server-execution", webserver = "arn:aws:iam::111122223333:role/webserver-execution", viewer = "arn:aws:iam::111122223333:role/viewer-execution", daemon = "arn:aws:iam::111122223333:role/daemon-execution", exporter = "arn:aws:iam::111122223333:role/exporter-execution", run = "arn:aws:iam::111122223333:role/run-execution" }
  sizes = {
    code-server = { cpu = 512, memory = 2048 }
    webserver   = { cpu = 512, memory = 1024 }
    viewer      = { cpu = 256, memory = 1024 }
    daemon      = { cpu = 256, memory = 1024 }
    exporter    = { cpu = 256, memory = 512 }
    run         = { cpu = 2048, memory = 8192 }
  }
  database            = { address = "db.internal", port = 5432, name = "trending", secret_arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-0a1b-AbCdEf" }
  secret_arns         = { tmdb = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:tmdb", openai = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:openai", wandb = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:wandb" }
  lake                = "s3://a-lake/lake"
  logs_bucket_name    = "the-logs"
  access_logs_bucket  = "access"
  domain_names        = { webserver = "dagster.trends.example.org", viewer = "dagster-view.trends.example.org" }
  zone_id             = "Z01111111111111111111"
  deletion_protection = true
  kms_key_arn         = "arn:aws:kms:eu-central-1:111122223333:key/0a1b"
}

run "one_daemon_and_one_code_server" {
  command = plan
  assert {
    condition = alltrue([
      for service in ["code-server", "daemon", "exporter"] :
      aws_ecs_service.this[service].desired_count == 1 && aws_ecs_service.this[service].deployment_maximum_percent == 100 && aws_ecs_service.this[service].deployment_minimum_healthy_percent == 0
    ])
    error_message = "A release would run two of what must be alone."
  }
  assert {
    condition = alltrue([
      for service in aws_ecs_service.this :
      service.deployment_circuit_breaker[0].enable && service.deployment_circuit_breaker[0].rollback && !service.network_configuration[0].assign_public_ip && !service.enable_execute_command
    ])
    error_message = "A service does not roll back, has a public address, or lets somebody in."
  }
}

run "operators_come_by_tls_from_within" {
  command = plan
  assert {
    condition     = aws_lb.operators.internal && aws_lb.operators.enable_deletion_protection && aws_lb_listener.https.protocol == "HTTPS" && aws_lb_listener.https.ssl_policy == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    error_message = "Dagster's webservers are open to the world, or in the clear."
  }
  assert {
    condition     = alltrue([for rule in aws_lb_listener_rule.this : length(rule.action) == 1])
    error_message = "Without cognito there is no login."
  }
  assert {
    condition     = { for service in ["webserver", "viewer"] : service => one(flatten([for condition in aws_lb_listener_rule.this[service].condition : [for header in condition.host_header : tolist(header.values)]])) } == var.domain_names
    error_message = "A name leads to the other webserver."
  }
}

run "a_login_where_there_is_a_pool" {
  command = plan
  variables {
    cognito         = { user_pool_arn = "arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_abc", user_pool_domain = "trending", client_ids = { webserver = "operators", viewer = "viewers" } }
    certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/0a1b"
    zone_id         = null
  }
  assert {
    condition     = { for service, rule in aws_lb_listener_rule.this : service => one(flatten([for action in rule.action : action.authenticate_cognito[*].user_pool_client_id])) } == { webserver = "operators", viewer = "viewers" }
    error_message = "Viewers would come in as operators."
  }
  assert {
    condition     = length(aws_route53_record.this) == 0 && length(module.certificate) == 0
    error_message = "A certificate of one's own needs no zone."
  }
}

run "the_database_s_name_is_checked" {
  command = plan
  variables {
    database_ca_file = "/opt/dagster/rds.pem"
  }
  assert {
    condition     = local.common.PGSSLMODE == "verify-full" && local.common.PGSSLROOTCERT == "/opt/dagster/rds.pem"
    error_message = "The certificate is not looked at."
  }
}

run "wrong_values_are_refused" {
  command = plan
  variables {
    lake            = "s3://a-lake/lake/"
    image           = "dagster:latest"
    webserver_count = 0
    settings        = { OPENAI_API_KEY = "sk-123" }
    certificate_arn = null
    zone_id         = null
    domain_names    = { webserver = "dagster.example.org", viewer = "dagster.example.org" }
    task_role_arns  = { code-server = "a", webserver = "a", viewer = "a", daemon = "a", exporter = "a", run = "a" }
  }
  expect_failures = [var.lake, var.image, var.webserver_count, var.settings, var.certificate_arn, var.domain_names, var.task_role_arns]
}
