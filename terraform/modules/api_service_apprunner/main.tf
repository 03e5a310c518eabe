# The API on AWS App Runner: for accounts that already use it. See README.md before choosing it over api_service.

locals {
  url = var.domain_name == null ? "https://${aws_apprunner_service.this.service_url}" : "https://${var.domain_name}"
}

resource "aws_apprunner_auto_scaling_configuration_version" "this" {
  auto_scaling_configuration_name = var.name
  min_size                        = var.count_range.min
  max_size                        = var.count_range.max
  max_concurrency                 = var.requests_at_once
}

resource "aws_apprunner_service" "this" {
  service_name                   = "${var.name}-api"
  auto_scaling_configuration_arn = aws_apprunner_auto_scaling_configuration_version.this.arn

  source_configuration {
    auto_deployments_enabled = false
    authentication_configuration {
      access_role_arn = var.access_role_arn
    }
    image_repository {
      image_identifier      = var.image
      image_repository_type = "ECR"
      image_configuration {
        port          = "8000"
        start_command = "trending serve --port 8000"
        runtime_environment_variables = merge(
          var.settings,
          {
            AWS_REGION               = var.region
            TRENDING_API_HOST        = "0.0.0.0"
            TRENDING_API_TRUST_PROXY = "1"
            TRENDING_LAKE            = var.lake
            TRENDING_STATE_DIR       = "/tmp/trending"
          },
          var.domain_name == null ? {} : { TRENDING_API_URL = "https://${var.domain_name}" },
        )
        runtime_environment_secrets = var.secrets
      }
    }
  }

  instance_configuration {
    cpu               = tostring(var.size.cpu)
    memory            = tostring(var.size.memory)
    instance_role_arn = var.instance_role_arn
  }

  health_check_configuration {
    protocol            = "HTTP"
    path                = "/readyz"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 1
    unhealthy_threshold = 3
  }

  encryption_configuration {
    kms_key = var.kms_key_arn
  }
}

resource "aws_apprunner_custom_domain_association" "this" {
  count                = var.domain_name == null ? 0 : 1
  domain_name          = var.domain_name
  service_arn          = aws_apprunner_service.this.arn
  enable_www_subdomain = false
}

resource "aws_wafv2_web_acl_association" "this" {
  resource_arn = aws_apprunner_service.this.arn
  web_acl_arn  = var.web_acl_arn
}
