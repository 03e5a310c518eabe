# API and page on Fargate. Releases roll: new tasks are up before old ones leave, and a rise of 5xx takes the release back.
# 4xx do not: a crawler that tries paths, or a client over its limit, is no reason to.

locals {
  port = 8000
  url  = "https://${var.domain_name}"
  keys = "/tmp/api-keys.json"
}

module "task" {
  source  = "../task"
  name    = var.name
  service = "api"
  region  = var.region
  image   = var.image
  command = ["trending", "serve", "--port", tostring(local.port)]
  # Is it alive; whether it is ready the load balancer asks (/readyz).
  health_command = ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:${local.port}/healthz', timeout=5)"]
  ports          = [local.port]
  http           = { vpc_id = var.vpc_id, ready_path = "/readyz", deregistration_seconds = var.drain_seconds }
  environment = merge(
    var.settings,
    {
      AWS_REGION                 = var.region
      TRENDING_API_DRAIN_SECONDS = tostring(var.drain_seconds)
      TRENDING_API_HOST          = "0.0.0.0"
      TRENDING_API_TRUST_PROXY   = "1" # the load balancer
      TRENDING_API_URL           = local.url
      TRENDING_LAKE              = var.lake
      TRENDING_STATE_DIR         = "/tmp/trending"
    },
    var.dagster_url == null ? {} : { TRENDING_DAGSTER_URL = var.dagster_url },
    var.api_keys_secret_arn == null ? {} : { TRENDING_API_KEYS = local.keys },
  )
  secrets = var.secrets
  prepare = var.api_keys_secret_arn == null ? null : {
    command = ["python", "-c", "import os; os.umask(0o077); open('${local.keys}', 'w').write(os.environ['API_KEYS'])"]
    secrets = { API_KEYS = var.api_keys_secret_arn }
  }
  cpu              = var.size.cpu
  memory           = var.size.memory
  cpu_architecture = var.cpu_architecture
  # It goes on answering for drain_seconds after SIGTERM.
  stop_seconds       = var.drain_seconds + 25
  task_role_arn      = var.task_role_arn
  execution_role_arn = var.execution_role_arn
  log_retention_days = var.log_retention_days
  kms_key_arn        = var.kms_key_arn
}

resource "aws_ecs_service" "this" {
  name                               = "api"
  cluster                            = var.cluster_arn
  task_definition                    = module.task.arn
  launch_type                        = "FARGATE"
  desired_count                      = var.count_range.min
  deployment_maximum_percent         = 200
  deployment_minimum_healthy_percent = 100
  availability_zone_rebalancing      = "ENABLED"
  health_check_grace_period_seconds  = 60
  enable_execute_command             = false
  enable_ecs_managed_tags            = true
  propagate_tags                     = "SERVICE"
  wait_for_steady_state              = true

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  alarms {
    enable      = true
    rollback    = true
    alarm_names = [aws_cloudwatch_metric_alarm.errors.alarm_name]
  }

  network_configuration {
    subnets          = var.private_subnet_ids
    security_groups  = [var.security_group_ids["api"]]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = module.task.target_group_arn
    container_name   = "api"
    container_port   = local.port
  }

  lifecycle {
    ignore_changes = [desired_count] # autoscaling's
  }

  depends_on = [aws_lb_listener.https]
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "${var.name}-api-5xx"
  alarm_description   = "The API's tasks answer with 5xx. A release under way is taken back. See docs/runbook.md."
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HTTPCode_Target_5XX_Count"
  dimensions          = { LoadBalancer = aws_lb.this.arn_suffix, TargetGroup = module.task.target_group_arn_suffix }
  statistic           = "Sum"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = var.errors_per_minute
  period              = 60
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  # The load balancer writes no zeros: without data nothing failed.
  treat_missing_data = "notBreaching"
  alarm_actions      = var.alarm_topic_arns
  ok_actions         = var.alarm_topic_arns
}
