resource "aws_ecs_service" "this" {
  for_each        = local.services
  name            = each.key
  cluster         = aws_ecs_cluster.this.arn
  task_definition = module.service[each.key].arn
  launch_type     = "FARGATE"
  desired_count   = each.value.count
  # Alone: the old task ends before the new one begins. Else: the new ones are up before the old ones end.
  deployment_maximum_percent         = each.value.alone ? 100 : 200
  deployment_minimum_healthy_percent = each.value.alone ? 0 : 100
  availability_zone_rebalancing      = "DISABLED"
  health_check_grace_period_seconds  = each.value.http == null ? null : 120
  enable_execute_command             = false
  enable_ecs_managed_tags            = true
  propagate_tags                     = "SERVICE"
  wait_for_steady_state              = true

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.private_subnet_ids
    security_groups  = [var.security_group_ids[each.key]]
    assign_public_ip = false
  }

  dynamic "load_balancer" {
    for_each = each.value.http == null ? [] : [each.value.http]
    content {
      target_group_arn = module.service[each.key].target_group_arn
      container_name   = each.key
      container_port   = each.value.ports[0]
    }
  }

  dynamic "service_registries" {
    for_each = contains(keys(aws_service_discovery_service.this), each.key) ? [aws_service_discovery_service.this[each.key].arn] : []
    content {
      registry_arn = service_registries.value
    }
  }

  depends_on = [aws_lb_listener_rule.this]
}
