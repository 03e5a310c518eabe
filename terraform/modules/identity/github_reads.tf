# What `terraform plan` asks. No content: no object of the lake, no secret's value, no log line.

locals {
  state_key     = coalesce(var.state_key, "${var.environment}/terraform.tfstate")
  buckets       = [for kind in ["lake", "logs", "access"] : "arn:${local.partition}:s3:::${var.name}-${kind}-${local.account}"]
  named_roles   = "${local.role_prefix}-*"
  named_polices = "arn:${local.partition}:iam::${local.account}:policy/${var.name}-*"
  alarms        = "arn:${local.partition}:cloudwatch:${local.in_region}:alarm:${var.name}-*"
  dashboards    = "arn:${local.partition}:cloudwatch::${local.account}:dashboard/${var.name}*"
  rules         = "arn:${local.partition}:events:${local.in_region}:rule/${var.name}-*"
  topics        = "arn:${local.partition}:sns:${local.in_region}:${var.name}-*"
  repositories  = values(var.repository_arns)
  groups = [
    "${local.log_groups}/*",
    "arn:${local.partition}:logs:${local.in_region}:log-group:/aws/events/${var.name}-*",
    "arn:${local.partition}:logs:${local.in_region}:log-group:aws-waf-logs-${var.name}-*",
  ]
  balancers = [
    for kind in ["loadbalancer/app", "targetgroup", "listener/app", "listener-rule/app"] :
    "arn:${local.partition}:elasticloadbalancing:${local.in_region}:${kind}/${var.name}-*"
  ]
  databases = flatten([
    for kind in ["db", "subgrp", "pg", "snapshot"] : [for name in [var.name, "${var.name}-*"] : "arn:${local.partition}:rds:${local.in_region}:${kind}:${name}"]
  ])
  firewalls    = ["arn:${local.partition}:wafv2:${local.in_region}:regional/webacl/${var.name}-*"]
  rule_sets    = ["arn:${local.partition}:wafv2:${local.in_region}:regional/managedruleset/*"]
  certificates = ["arn:${local.partition}:acm:${local.in_region}:certificate/*"]
  zones        = [for zone in compact([var.zone_id]) : "arn:${local.partition}:route53:::hostedzone/${zone}"]
  changes      = ["arn:${local.partition}:route53:::change/*"]
  named_secrets = [
    "arn:${local.partition}:secretsmanager:${local.in_region}:secret:${var.name}/*",
    "arn:${local.partition}:secretsmanager:${local.in_region}:secret:rds!db-*",
  ]
  services_of   = ["arn:${local.partition}:ecs:${local.in_region}:service/${var.name}/*"]
  scaled        = "arn:${local.partition}:application-autoscaling:${local.in_region}:scalable-target/*"
  namespaces    = [for kind in ["namespace", "service"] : "arn:${local.partition}:servicediscovery:${local.in_region}:${kind}/*"]
  keys          = "arn:${local.partition}:kms:${local.in_region}:key/*"
  network       = [for kind in local.network_kinds : "arn:${local.partition}:ec2:${local.in_region}:${kind}/*"]
  network_kinds = ["vpc", "subnet", "route-table", "internet-gateway", "natgateway", "elastic-ip", "security-group", "security-group-rule", "vpc-endpoint", "vpc-flow-log", "network-interface", "network-acl"]
  own           = { StringEquals = { "aws:ResourceTag/environment" = var.environment } }
  made_own      = { StringEquals = { "aws:RequestTag/environment" = var.environment } }
}

locals {
  github_reads = {
    read-state = [
      {
        Sid       = "ReadState"
        Effect    = "Allow"
        Action    = ["s3:GetObject"]
        Resource  = ["${var.state_bucket_arn}/${local.state_key}"]
        Condition = null
      },
      {
        Sid       = "FindState"
        Effect    = "Allow"
        Action    = ["s3:ListBucket"]
        Resource  = [var.state_bucket_arn]
        Condition = { StringLike = { "s3:prefix" = "${local.state_key}*" } }
      },
    ]

    read-platform = [for sid, part in merge({
      Ecs          = [["ecs:DescribeClusters", "ecs:DescribeServices", "ecs:ListTagsForResource"], concat([local.cluster], local.services_of, ["arn:${local.partition}:ecs:${local.in_region}:task-definition/${var.name}-*"])]
      Ecr          = [["ecr:DescribeRepositories", "ecr:DescribeImages", "ecr:GetLifecyclePolicy", "ecr:GetRepositoryPolicy", "ecr:ListTagsForResource"], local.repositories]
      Balancer     = [["elasticloadbalancing:DescribeListenerAttributes"], local.balancers]
      Logs         = [["logs:DescribeMetricFilters", "logs:ListTagsForResource"], local.groups]
      Alarms       = [["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"], [local.alarms]]
      Dashboard    = [["cloudwatch:GetDashboard"], [local.dashboards]]
      Events       = [["events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule"], [local.rules]]
      Topics       = [["sns:GetTopicAttributes", "sns:ListTagsForResource"], [local.topics]]
      Scaling      = [["application-autoscaling:ListTagsForResource"], [local.scaled]]
      CloudMap     = [["servicediscovery:GetNamespace", "servicediscovery:GetService"], local.namespaces]
      Roles        = [["iam:GetRole", "iam:GetRolePolicy", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole"], [local.named_roles]]
      Policies     = [["iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicyVersions"], [local.named_polices]]
      Firewalls    = [["wafv2:GetWebACL", "wafv2:GetLoggingConfiguration", "wafv2:GetWebACLForResource", "wafv2:ListTagsForResource"], concat(local.firewalls, local.balancers)]
      Certificates = [["acm:DescribeCertificate", "acm:ListTagsForCertificate"], local.certificates]
      WithoutResource = [[
        "application-autoscaling:DescribeScalableTargets", "application-autoscaling:DescribeScalingPolicies", "ecs:DescribeTaskDefinition",
        "elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeLoadBalancerAttributes", "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeRules", "elasticloadbalancing:DescribeTags", "elasticloadbalancing:DescribeTargetGroupAttributes",
        "elasticloadbalancing:DescribeTargetGroups", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "servicediscovery:GetOperation",
        "servicediscovery:ListTagsForResource", "sns:GetSubscriptionAttributes",
      ], ["*"]]
      }, length(local.zones) == 0 ? {} : {
      Zone    = [["route53:GetHostedZone", "route53:ListResourceRecordSets"], local.zones]
      Changes = [["route53:GetChange"], local.changes]
    }) : { Sid = sid, Effect = "Allow", Action = part[0], Resource = part[1], Condition = null }]

    read-data = [for sid, part in {
      Buckets = [[
        "s3:GetAccelerateConfiguration", "s3:GetBucketAcl", "s3:GetBucketCORS", "s3:GetBucketLogging", "s3:GetBucketNotification",
        "s3:GetBucketObjectLockConfiguration", "s3:GetBucketOwnershipControls", "s3:GetBucketPolicy", "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketRequestPayment", "s3:GetBucketTagging", "s3:GetBucketVersioning", "s3:GetBucketWebsite", "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration", "s3:GetReplicationConfiguration", "s3:ListBucket",
      ], local.buckets]
      Keys      = [["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"], [local.keys]]
      Databases = [["rds:DescribeDBInstances", "rds:DescribeDBParameterGroups", "rds:DescribeDBParameters", "rds:DescribeDBSubnetGroups", "rds:ListTagsForResource"], local.databases]
      Secrets   = [["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"], local.named_secrets]
      Network   = [["ec2:DescribeVpcAttribute"], local.network]
      WithoutResource = [[
        "ec2:DescribeAddresses", "ec2:DescribeAddressesAttribute", "ec2:DescribeAvailabilityZones", "ec2:DescribeFlowLogs", "ec2:DescribeInternetGateways",
        "ec2:DescribeManagedPrefixLists", "ec2:DescribeNatGateways", "ec2:DescribeNetworkAcls", "ec2:DescribeNetworkInterfaces", "ec2:DescribePrefixLists",
        "ec2:DescribeRouteTables", "ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcEndpoints",
        "ec2:DescribeVpcs", "kms:ListAliases", "rds:DescribeDBEngineVersions", "rds:DescribeOrderableDBInstanceOptions",
      ], ["*"]]
    } : { Sid = sid, Effect = "Allow", Action = part[0], Resource = part[1], Condition = null }]
  }
}
