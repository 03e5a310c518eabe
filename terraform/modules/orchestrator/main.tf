# Dagster on Fargate: a code server, one daemon, webservers for operators and for viewers, the exporter; and the task definition
# that EcsRunLauncher starts a task of for each run.

resource "aws_ecs_cluster" "this" {
  name = var.name
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_service_discovery_private_dns_namespace" "this" {
  name        = "${var.name}.internal"
  description = "Where ${var.name}'s services find each other."
  vpc         = var.vpc_id
}

resource "aws_service_discovery_service" "this" {
  for_each = toset(["code-server", "viewer", "exporter"])
  name     = each.key
  dns_config {
    namespace_id   = aws_service_discovery_private_dns_namespace.this.id
    routing_policy = "MULTIVALUE"
    dns_records {
      type = "A"
      ttl  = 10
    }
  }
  # ECS says which tasks are healthy.
  health_check_custom_config {
    failure_threshold = 1
  }
}
