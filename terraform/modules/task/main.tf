# One container as this project runs every one: an image by its digest, not root, a root that cannot be written, /tmp to write
# in, no capability, an init process that reaps, secrets by reference, a log group of its own; and where it answers HTTP, the target group of its load balancer.

locals {
  log = {
    logDriver = "awslogs"
    options = {
      awslogs-group         = aws_cloudwatch_log_group.this.name
      awslogs-region        = var.region
      awslogs-stream-prefix = var.service
    }
  }
  # Fargate keeps the owner and the mode that /tmp has in the image, where the image declares it as a volume.
  container = {
    image                  = var.image
    user                   = "10001"
    readonlyRootFilesystem = true
    privileged             = false
    linuxParameters        = { initProcessEnabled = true, capabilities = { drop = ["ALL"] } }
    mountPoints            = [{ sourceVolume = "tmp", containerPath = "/tmp", readOnly = false }]
    logConfiguration       = local.log
  }
  main = merge(
    local.container,
    {
      name         = var.service
      essential    = true
      command      = var.command
      stopTimeout  = var.stop_seconds
      portMappings = [for port in var.ports : { containerPort = port, hostPort = port, protocol = "tcp" }]
      environment  = [for name, value in var.environment : { name = name, value = value }]
      secrets      = [for name, arn in var.secrets : { name = name, valueFrom = arn }]
      dependsOn    = var.prepare == null ? [] : [{ containerName = "prepare", condition = "SUCCESS" }]
    },
    var.health_command == null ? {} : {
      healthCheck = { command = concat(["CMD"], var.health_command), interval = 30, timeout = 10, retries = 3, startPeriod = var.start_seconds }
    },
  )
  # Runs to its end before the service starts: what is in a secret becomes a file in /tmp.
  prepare = var.prepare == null ? [] : [merge(
    local.container,
    {
      name         = "prepare"
      essential    = false
      command      = var.prepare.command
      portMappings = []
      environment  = []
      secrets      = [for name, arn in var.prepare.secrets : { name = name, valueFrom = arn }]
    },
  )]
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/${var.name}/${var.service}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_ecs_task_definition" "this" {
  family                   = "${var.name}-${var.service}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory
  task_role_arn            = var.task_role_arn
  execution_role_arn       = var.execution_role_arn
  container_definitions    = jsonencode(concat([local.main], local.prepare))
  # Old revisions stay: a rollback needs them, and so does a run that was queued before the new one.
  skip_destroy = true
  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.cpu_architecture
  }
  volume {
    name = "tmp"
  }
  ephemeral_storage {
    size_in_gib = var.disk_gib
  }
}

resource "aws_lb_target_group" "this" {
  #checkov:skip=CKV_AWS_378:2026-11-26 TLS ends at the load balancer; from there to the task the security groups let nobody else in.
  count                = var.http == null ? 0 : 1
  name                 = "${var.name}-${var.service}"
  vpc_id               = var.http.vpc_id
  target_type          = "ip"
  protocol             = "HTTP"
  port                 = var.ports[0]
  deregistration_delay = var.http.deregistration_seconds
  health_check {
    path                = var.http.ready_path
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}
