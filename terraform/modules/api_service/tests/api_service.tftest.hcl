mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name                = "trending-now-prod"
  region              = "eu-central-1"
  cluster_name        = "trending-now-prod"
  cluster_arn         = "arn:aws:ecs:eu-central-1:111122223333:cluster/trending-now-prod"
  vpc_id              = "vpc-1"
  public_subnet_ids   = ["subnet-1", "subnet-2"]
  private_subnet_ids  = ["subnet-3", "subnet-4"]
  security_group_ids  = { api-balancer = "sg-api-balancer", api = "sg-api" }
  image               = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/trending-now-prod-api@sha256:1111111111111111111111111111111111111111111111111111111111111111"
  task_role_arn       = "arn:aws:iam::111122223333:role/api"
  execution_role_arn  = "arn:aws:iam::111122223333:role/api-execution"
  size                = { cpu = 512, memory = 1024 }
  count_range         = { min = 2, max = 10 }
  lake                = "s3://a-lake/lake"
  alarm_topic_arns    = ["arn:aws:sns:eu-central-1:111122223333:page"]
  domain_name         = "trends.example.org"
  zone_id             = "Z01111111111111111111"
  access_logs_bucket  = "access"
  deletion_protection = true
  kms_key_arn         = "arn:aws:kms:eu-central-1:111122223333:key/0a1b"
}

run "tls_alone_behind_a_firewall" {
  command = plan
  variables {
    requests_per_5_minutes = 500
  }
  assert {
    condition     = aws_lb_listener.http.default_action[0].type == "redirect" && aws_lb_listener.http.default_action[0].redirect[0].protocol == "HTTPS" && aws_lb_listener.http.default_action[0].redirect[0].status_code == "HTTP_301"
    error_message = "Something is served without TLS."
  }
  assert {
    condition     = aws_lb_listener.https.ssl_policy == "ELBSecurityPolicy-TLS13-1-2-2021-06" && aws_lb.this.drop_invalid_header_fields && aws_lb.this.access_logs[0].enabled
    error_message = "Old TLS, odd headers, or no access log."
  }
  assert {
    condition     = [for rule in aws_wafv2_web_acl.this.rule : rule.statement[0].rate_based_statement[0].limit if rule.name == "rate"] == [500]
    error_message = "requests_per_5_minutes is not heard."
  }
  assert {
    condition     = toset([for rule in aws_wafv2_web_acl.this.rule : rule.name]) == toset(["rate", "reputation", "common", "bad-inputs", "anonymous"])
    error_message = "A rule of AWS's is missing."
  }
  assert {
    condition     = startswith(aws_cloudwatch_log_group.firewall.name, "aws-waf-logs-") && aws_wafv2_web_acl_logging_configuration.this.redacted_fields[0].single_header[0].name == "authorization"
    error_message = "WAF writes to no group of another name, and keys do not belong into a log."
  }
}

run "a_release_is_taken_back_for_5xx_alone" {
  command = plan
  assert {
    condition     = aws_ecs_service.this.alarms[0].rollback && aws_ecs_service.this.alarms[0].alarm_names == toset(["trending-now-prod-api-5xx"]) && aws_ecs_service.this.deployment_circuit_breaker[0].rollback
    error_message = "A bad release stays."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.errors.metric_name == "HTTPCode_Target_5XX_Count" && aws_cloudwatch_metric_alarm.errors.treat_missing_data == "notBreaching"
    error_message = "404s and 429s of a crawler would take a release back."
  }
  assert {
    condition     = module.task.target_group_arn != null && aws_ecs_service.this.deployment_minimum_healthy_percent == 100 && aws_ecs_service.this.deployment_maximum_percent == 200
    error_message = "Old tasks end before new ones answer."
  }
  assert {
    condition     = aws_appautoscaling_target.this.min_capacity == 2 && aws_appautoscaling_target.this.max_capacity == 10 && length(aws_appautoscaling_policy.this) == 2
    error_message = "Autoscaling keeps to other bounds, or looks at one thing alone."
  }
}

run "wrong_values_are_refused" {
  command = plan
  variables {
    count_range            = { min = 3, max = 2 }
    cpu_percent            = 99
    drain_seconds          = 300
    errors_per_minute      = 0
    alarm_topic_arns       = []
    requests_per_5_minutes = 1
    domain_name            = "https://trends.example.org"
    image                  = "api:latest"
    zone_id                = null
  }
  expect_failures = [
    var.count_range, var.cpu_percent, var.drain_seconds, var.errors_per_minute, var.alarm_topic_arns, var.requests_per_5_minutes, var.domain_name, var.image,
    var.certificate_arn,
  ]
}
