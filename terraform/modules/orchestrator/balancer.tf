# Dagster has no logins. Its webservers stand behind a load balancer inside the network, reached by a VPN or a peering
# (operator_cidrs of terraform/modules/network), by TLS alone, and with a login by Cognito where `cognito` is given.

module "certificate" {
  source       = "../certificate"
  count        = var.certificate_arn == null ? 1 : 0
  domain_names = [var.domain_names.webserver, var.domain_names.viewer]
  zone_id      = var.zone_id
}

locals {
  certificate_arn = var.certificate_arn == null ? module.certificate[0].arn : var.certificate_arn
  hosts           = { webserver = var.domain_names.webserver, viewer = var.domain_names.viewer }
}

resource "aws_lb" "operators" {
  name                       = "${var.name}-operators"
  internal                   = true
  load_balancer_type         = "application"
  subnets                    = var.private_subnet_ids
  security_groups            = [var.security_group_ids["operators-balancer"]]
  drop_invalid_header_fields = true
  enable_deletion_protection = var.deletion_protection
  access_logs {
    enabled = true
    bucket  = var.access_logs_bucket
    prefix  = "operators"
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.operators.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = local.certificate_arn
  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
      message_body = "Nothing here."
    }
  }
}

resource "aws_lb_listener_rule" "this" {
  for_each     = local.hosts
  listener_arn = aws_lb_listener.https.arn
  priority     = each.key == "webserver" ? 10 : 20
  condition {
    host_header {
      values = [each.value]
    }
  }
  dynamic "action" {
    for_each = var.cognito == null ? [] : [var.cognito]
    content {
      type  = "authenticate-cognito"
      order = 1
      authenticate_cognito {
        user_pool_arn       = action.value.user_pool_arn
        user_pool_domain    = action.value.user_pool_domain
        user_pool_client_id = action.value.client_ids[each.key]
        session_timeout     = 43200
      }
    }
  }
  action {
    type             = "forward"
    order            = 2
    target_group_arn = module.service[each.key].target_group_arn
  }
}

resource "aws_route53_record" "this" {
  for_each = var.zone_id == null ? {} : local.hosts
  zone_id  = var.zone_id
  name     = each.value
  type     = "A"
  alias {
    name                   = aws_lb.operators.dns_name
    zone_id                = aws_lb.operators.zone_id
    evaluate_target_health = false
  }
}
