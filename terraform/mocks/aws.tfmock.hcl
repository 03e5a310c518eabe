# What AWS would answer where a made-up word would not do. Shared by the tests of modules and environments.

mock_data "aws_caller_identity" {
  defaults = { account_id = "111122223333" }
}

mock_data "aws_partition" {
  defaults = { partition = "aws" }
}

mock_data "aws_region" {
  defaults = { id = "eu-central-1", name = "eu-central-1" }
}

mock_resource "aws_acm_certificate" {
  defaults = {
    arn = "arn:aws:acm:eu-central-1:111122223333:certificate/0a1b"
    # Every name of the environments: a mock answers all certificates alike.
    domain_validation_options = [
      { domain_name = "trends.example.org", resource_record_name = "_a.trends.example.org", resource_record_type = "CNAME", resource_record_value = "_b.acm-validations.aws" },
      { domain_name = "dagster.trends.example.org", resource_record_name = "_a.dagster.trends.example.org", resource_record_type = "CNAME", resource_record_value = "_b.acm-validations.aws" },
      { domain_name = "dagster-view.trends.example.org", resource_record_name = "_a.dagster-view.trends.example.org", resource_record_type = "CNAME", resource_record_value = "_b.acm-validations.aws" },
      { domain_name = "staging.trends.example.org", resource_record_name = "_a.staging.trends.example.org", resource_record_type = "CNAME", resource_record_value = "_b.acm-validations.aws" },
      { domain_name = "dagster.staging.trends.example.org", resource_record_name = "_a.dagster.staging.trends.example.org", resource_record_type = "CNAME", resource_record_value = "_b.acm-validations.aws" },
      { domain_name = "dagster-view.staging.trends.example.org", resource_record_name = "_a.dagster-view.staging.trends.example.org", resource_record_type = "CNAME", resource_record_value = "_b.acm-validations.aws" },
      { domain_name = "dev.trends.example.org", resource_record_name = "_a.dev.trends.example.org", resource_record_type = "CNAME", resource_record_value = "_b.acm-validations.aws" },
      { domain_name = "dagster.dev.trends.example.org", resource_record_name = "_a.dagster.dev.trends.example.org", resource_record_type = "CNAME", resource_record_value = "_b.acm-validations.aws" },
      { domain_name = "dagster-view.dev.trends.example.org", resource_record_name = "_a.dagster-view.dev.trends.example.org", resource_record_type = "CNAME", resource_record_value = "_b.acm-validations.aws" },
    ]
  }
}

mock_resource "aws_acm_certificate_validation" {
  defaults = { certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/0a1b" }
}

mock_resource "aws_apprunner_auto_scaling_configuration_version" {
  defaults = { arn = "arn:aws:apprunner:eu-central-1:111122223333:autoscalingconfiguration/trending/1/0a1b" }
}

mock_resource "aws_apprunner_service" {
  defaults = { arn = "arn:aws:apprunner:eu-central-1:111122223333:service/trending/0a1b", service_url = "abc.eu-central-1.awsapprunner.com" }
}

mock_resource "aws_cloudwatch_event_rule" {
  defaults = { arn = "arn:aws:events:eu-central-1:111122223333:rule/a-rule" }
}

mock_resource "aws_cloudwatch_composite_alarm" {
  defaults = { arn = "arn:aws:cloudwatch:eu-central-1:111122223333:alarm:a-composite" }
}

mock_resource "aws_cloudwatch_log_group" {
  defaults = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:/a/group" }
}

mock_resource "aws_cloudwatch_metric_alarm" {
  defaults = { arn = "arn:aws:cloudwatch:eu-central-1:111122223333:alarm:an-alarm" }
}

mock_resource "aws_db_instance" {
  defaults = {
    address = "trending.abc.eu-central-1.rds.amazonaws.com"
    master_user_secret = [{
      kms_key_id    = "arn:aws:kms:eu-central-1:111122223333:key/0a1b"
      secret_arn    = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-0a1b-AbCdEf"
      secret_status = "active"
    }]
  }
}

mock_resource "aws_ecr_repository" {
  defaults = {
    arn            = "arn:aws:ecr:eu-central-1:111122223333:repository/an-image"
    repository_url = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/an-image"
  }
}

mock_resource "aws_ecs_cluster" {
  defaults = { arn = "arn:aws:ecs:eu-central-1:111122223333:cluster/a-cluster" }
}

mock_resource "aws_ecs_task_definition" {
  defaults = { arn = "arn:aws:ecs:eu-central-1:111122223333:task-definition/a-family:7" }
}

mock_resource "aws_iam_policy" {
  defaults = { arn = "arn:aws:iam::111122223333:policy/a-policy" }
}

mock_resource "aws_iam_role" {
  defaults = { arn = "arn:aws:iam::111122223333:role/a-role" }
}

mock_resource "aws_kms_key" {
  defaults = { arn = "arn:aws:kms:eu-central-1:111122223333:key/0a1b", key_id = "0a1b" }
}

mock_resource "aws_lb" {
  defaults = {
    arn        = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/a-balancer/0a1b"
    arn_suffix = "app/a-balancer/0a1b"
    dns_name   = "a-balancer.eu-central-1.elb.amazonaws.com"
    zone_id    = "Z215JYRZR1TBD5"
  }
}

mock_resource "aws_lb_listener" {
  defaults = { arn = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener/app/a-balancer/0a1b/0c2d" }
}

mock_resource "aws_lb_target_group" {
  defaults = {
    arn        = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/a-group/0a1b"
    arn_suffix = "targetgroup/a-group/0a1b"
  }
}

mock_resource "aws_s3_bucket" {
  defaults = { arn = "arn:aws:s3:::a-bucket" }
}

mock_resource "aws_secretsmanager_secret" {
  defaults = { arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:a-secret-AbCdEf" }
}

mock_resource "aws_service_discovery_service" {
  defaults = { arn = "arn:aws:servicediscovery:eu-central-1:111122223333:service/srv-0a1b" }
}

mock_resource "aws_sns_topic" {
  defaults = { arn = "arn:aws:sns:eu-central-1:111122223333:a-topic" }
}

mock_resource "aws_wafv2_web_acl" {
  defaults = { arn = "arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/an-acl/0a1b" }
}
