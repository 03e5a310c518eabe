# Who may speak to whom: a group a service, and each rule names both ends. What is not in the table is closed.

locals {
  groups = {
    api-balancer       = "Public load balancer of the API."
    api                = "API."
    operators-balancer = "Load balancer of Dagster's webservers."
    webserver          = "Dagster webserver of operators."
    viewer             = "Dagster webserver that only shows."
    code-server        = "Dagster code server."
    daemon             = "Dagster daemon and the runs that it starts: EcsRunLauncher gives a run the daemon's groups."
    exporter           = "Exporter of metrics."
    database           = "Postgres."
    endpoints          = "Interface endpoints of AWS services."
  }
  tasks = ["api", "webserver", "viewer", "code-server", "daemon", "exporter"]
  # From a group of ours to a group of ours.
  inner = concat(
    [
      { from = "api-balancer", to = "api", port = 8000 },
      { from = "operators-balancer", to = "webserver", port = 3000 },
      { from = "operators-balancer", to = "viewer", port = 3001 },
      { from = "api", to = "viewer", port = 3001 }, # /v1/lineage asks Dagster for runs
    ],
    [for from in ["webserver", "viewer", "daemon"] : { from = from, to = "code-server", port = 4000 }],
    [for from in ["webserver", "viewer", "code-server", "daemon", "exporter"] : { from = from, to = "database", port = 5432 }],
    [for from in local.tasks : { from = from, to = "endpoints", port = 443 } if length(var.interface_endpoints) > 0],
  )
  # From outside.
  inward = concat(
    [for cidr in var.api_cidrs : { to = "api-balancer", port = 443, cidr = cidr }],
    [for cidr in var.api_cidrs : { to = "api-balancer", port = 80, cidr = cidr }], # which answers with a redirect to 443
    [for cidr in var.operator_cidrs : { to = "operators-balancer", port = 443, cidr = cidr }],
    [for cidr in var.metrics_cidrs : { to = "exporter", port = 9108, cidr = cidr }],
  )
  # To outside. Sites that are read still speak plain HTTP here and there.
  outward = concat(
    [for from in concat(local.tasks, ["operators-balancer"]) : { from = from, port = 443 }],
    [{ from = "daemon", port = 80 }],
  )
}

resource "aws_security_group" "this" {
  #checkov:skip=CKV2_AWS_5:2026-11-26 Worn by what other modules make; checkov does not follow an output. A test over the plan does.
  for_each    = local.groups
  name        = "${var.name}-${each.key}"
  description = each.value
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${var.name}-${each.key}" }
}

resource "aws_vpc_security_group_ingress_rule" "inner" {
  for_each                     = { for rule in local.inner : "${rule.from} to ${rule.to} ${rule.port}" => rule }
  security_group_id            = aws_security_group.this[each.value.to].id
  referenced_security_group_id = aws_security_group.this[each.value.from].id
  description                  = "From ${each.value.from}."
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "inner" {
  for_each                     = { for rule in local.inner : "${rule.from} to ${rule.to} ${rule.port}" => rule }
  security_group_id            = aws_security_group.this[each.value.from].id
  referenced_security_group_id = aws_security_group.this[each.value.to].id
  description                  = "To ${each.value.to}."
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_ingress_rule" "outer" {
  for_each          = { for rule in local.inward : "${rule.cidr} to ${rule.to} ${rule.port}" => rule }
  security_group_id = aws_security_group.this[each.value.to].id
  cidr_ipv4         = each.value.cidr
  description       = "From ${each.value.cidr}."
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "outer" {
  for_each          = { for rule in local.outward : "${rule.from} ${rule.port}" => rule }
  security_group_id = aws_security_group.this[each.value.from].id
  cidr_ipv4         = "0.0.0.0/0"
  description       = "To AWS and the web."
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
}
