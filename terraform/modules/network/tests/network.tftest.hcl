mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name               = "trending-now-prod"
  cidr               = "10.30.0.0/16"
  availability_zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
  nat_per_zone       = true
  api_cidrs          = ["0.0.0.0/0"]
  operator_cidrs     = ["10.0.0.0/16"]
  kms_key_arn        = "arn:aws:kms:eu-central-1:111122223333:key/0a1b"
}

run "three_tiers_that_do_not_overlap" {
  command = plan
  assert {
    condition = length(distinct(concat(
      [for subnet in aws_subnet.public : subnet.cidr_block], [for subnet in aws_subnet.private : subnet.cidr_block], [for subnet in aws_subnet.database : subnet.cidr_block],
    ))) == 9
    error_message = "Two subnets have the same addresses."
  }
  assert {
    condition     = alltrue([for subnet in aws_subnet.public : !subnet.map_public_ip_on_launch])
    error_message = "Nothing gets a public address unasked."
  }
  assert {
    condition     = length(aws_nat_gateway.this) == 3 && length(aws_route.private) == 3
    error_message = "Each zone has its own way out."
  }
  assert {
    condition     = length(aws_vpc_endpoint.interface) == 0 && aws_vpc_endpoint.s3.service_name == "com.amazonaws.eu-central-1.s3"
    error_message = "S3 has its gateway, and nothing else was asked for."
  }
  assert {
    condition     = aws_flow_log.this.traffic_type == "ALL" && aws_cloudwatch_log_group.flow.name == "/trending-now-prod/flow-logs"
    error_message = "Flow logs hold everything."
  }
}

run "one_nat_for_all" {
  command = plan
  variables {
    nat_per_zone        = false
    interface_endpoints = ["logs", "secretsmanager"]
  }
  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_route.private) == 3
    error_message = "All zones leave by the first one's gateway."
  }
  assert {
    condition     = length(aws_vpc_endpoint.interface) == 2 && contains(keys(aws_vpc_security_group_ingress_rule.inner), "daemon to endpoints 443")
    error_message = "Tasks may not speak to the endpoints."
  }
}

run "the_world_reaches_the_api_s_balancer_alone" {
  command = plan
  assert {
    condition = sort([for key, rule in aws_vpc_security_group_ingress_rule.outer : key if rule.cidr_ipv4 == "0.0.0.0/0"]) == tolist([
      "0.0.0.0/0 to api-balancer 443", "0.0.0.0/0 to api-balancer 80",
    ])
    error_message = "Something else is open to the world."
  }
  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_egress_rule.outer : contains([80, 443], rule.from_port) && rule.from_port == rule.to_port])
    error_message = "Tasks may speak to more than the web."
  }
  assert {
    condition     = sort([for key in keys(aws_vpc_security_group_ingress_rule.inner) : key if endswith(key, "5432")]) == tolist([for service in ["code-server", "daemon", "exporter", "viewer", "webserver"] : "${service} to database 5432"])
    error_message = "Dagster's services reach the database, and the API does not."
  }
  assert {
    condition     = !contains(keys(aws_vpc_security_group_egress_rule.outer), "database 443")
    error_message = "The database has no way out."
  }
}

run "the_dagster_side_is_never_open_to_the_world" {
  command = plan
  variables {
    operator_cidrs = ["0.0.0.0/0"]
    metrics_cidrs  = ["0.0.0.0/0"]
  }
  expect_failures = [var.operator_cidrs, var.metrics_cidrs]
}

run "wrong_values_are_refused" {
  command = plan
  variables {
    cidr                     = "8.8.0.0/16"
    availability_zones       = ["eu-central-1a"]
    interface_endpoints      = ["s3"]
    flow_log_traffic         = "SOME"
    log_retention_days       = 7
    permissions_boundary_arn = "boundary"
  }
  expect_failures = [var.cidr, var.availability_zones, var.interface_endpoints, var.flow_log_traffic, var.log_retention_days, var.permissions_boundary_arn]
}
