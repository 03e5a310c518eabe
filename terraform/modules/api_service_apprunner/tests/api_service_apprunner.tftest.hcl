mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name              = "trending-now-prod"
  region            = "eu-central-1"
  image             = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/trending-now-prod-api@sha256:1111111111111111111111111111111111111111111111111111111111111111"
  access_role_arn   = "arn:aws:iam::111122223333:role/pull"
  instance_role_arn = "arn:aws:iam::111122223333:role/api"
  size              = { cpu = 1024, memory = 2048 }
  count_range       = { min = 1, max = 4 }
  lake              = "s3://a-lake/lake"
  web_acl_arn       = "arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/an-acl/0a1b"
  kms_key_arn       = "arn:aws:kms:eu-central-1:111122223333:key/0a1b"
}

run "the_api_as_app_runner_runs_it" {
  command = plan
  assert {
    condition     = aws_apprunner_service.this.health_check_configuration[0].path == "/readyz" && !aws_apprunner_service.this.source_configuration[0].auto_deployments_enabled
    error_message = "It asks elsewhere whether the API is ready, or releases what nobody released."
  }
  assert {
    condition     = output.address == "https://abc.eu-central-1.awsapprunner.com"
    error_message = "Without a name there is the one that App Runner makes up."
  }
}

run "a_name_of_ones_own" {
  command = plan
  variables {
    domain_name = "trends.example.org"
  }
  assert {
    condition     = output.address == "https://trends.example.org" && length(aws_apprunner_custom_domain_association.this) == 1
    error_message = "domain_name is not heard."
  }
}

run "wrong_values_are_refused" {
  command = plan
  variables {
    size              = { cpu = 256, memory = 4096 }
    image             = "api:latest"
    instance_role_arn = "arn:aws:iam::111122223333:role/pull"
    requests_at_once  = 1000
    web_acl_arn       = "none"
    secrets           = { OPENAI_API_KEY = "sk-123" }
  }
  expect_failures = [var.size, var.image, var.instance_role_arn, var.requests_at_once, var.web_acl_arn, var.secrets]
}
