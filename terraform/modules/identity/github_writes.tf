# What `terraform apply` and the push of an image change: things of this environment's name, or that carry its tag. (The
# environments' provider sets the tag environment on everything, by default_tags.) No content either: the pipeline can delete
# no object of the lake and read no secret.

locals {
  github_writes = {
    write-state = [for sid, part in {
      WriteState = [["s3:PutObject"], ["${var.state_bucket_arn}/${local.state_key}"]]
      LockState  = [["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], ["${var.state_bucket_arn}/${local.state_key}.tflock"]]
    } : { Sid = sid, Effect = "Allow", Action = part[0], Resource = part[1], Condition = null }]

    write-roles = concat(
      [for sid, part in {
        # A role is made, and gets its permissions, within the boundary alone.
        BoundedRoles = [
          ["iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary"], [local.named_roles],
          { StringEquals = { "iam:PermissionsBoundary" = local.boundary } }
        ]
        NamedRoles = [["iam:DeleteRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription"], [local.named_roles], null]
        # AWS's own policies for AWS's own services, on bounded roles.
        AwsPolicies = [
          ["iam:AttachRolePolicy", "iam:DetachRolePolicy"], [local.named_roles],
          {
            StringEquals = { "iam:PermissionsBoundary" = local.boundary }
            ArnEquals    = { "iam:PolicyARN" = "arn:${local.partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole" }
          }
        ]
        PassToEcs = [["iam:PassRole"], flatten([for service in local.services : ["${local.role_prefix}-${service}", "${local.role_prefix}-${service}-execution"]]), local.of_ecs]
        PassToOthers = [
          ["iam:PassRole"], ["${local.role_prefix}-database-monitoring", "${local.role_prefix}-flow-logs"],
          { StringEquals = { "iam:PassedToService" = ["monitoring.rds.amazonaws.com", "vpc-flow-logs.amazonaws.com"] } }
        ]
        ServiceLinked = [
          ["iam:CreateServiceLinkedRole"], ["arn:${local.partition}:iam::${local.account}:role/aws-service-role/*"],
          { StringEquals = { "iam:AWSServiceName" = [
            "ecs.amazonaws.com", "elasticloadbalancing.amazonaws.com", "rds.amazonaws.com", "ecs.application-autoscaling.amazonaws.com", "wafv2.amazonaws.com",
          ] } }
        ]
      } : { Sid = sid, Effect = "Allow", Action = part[0], Resource = part[1], Condition = part[2] }],
      [
        {
          # The pipeline's own roles and the operators' are an administrator's to change, and so is the boundary.
          Sid    = "NotItself"
          Effect = "Deny"
          Action = [
            "iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRole", "iam:DeleteRolePermissionsBoundary", "iam:DeleteRolePolicy", "iam:DetachRolePolicy",
            "iam:PassRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole",
          ]
          Resource  = ["${local.role_prefix}-github-*", "${local.role_prefix}-restore"]
          Condition = null
        },
        {
          Sid       = "NotTheBoundary"
          Effect    = "Deny"
          Action    = ["iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:DeleteRolePermissionsBoundary"]
          Resource  = ["*"]
          Condition = null
        },
      ],
    )

    write-platform = [for sid, part in {
      Push = [[
        "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload",
        "ecr:PutImage", "ecr:UploadLayerPart",
      ], local.repositories, null]
      Repositories = [[
        "ecr:CreateRepository", "ecr:DeleteLifecyclePolicy", "ecr:DeleteRepository", "ecr:PutImageScanningConfiguration", "ecr:PutImageTagMutability",
        "ecr:PutLifecyclePolicy", "ecr:DeleteRepositoryPolicy", "ecr:SetRepositoryPolicy", "ecr:TagResource", "ecr:UntagResource",
      ], local.repositories, null]
      Cluster = [[
        "ecs:CreateCluster", "ecs:DeleteCluster", "ecs:PutClusterCapacityProviders", "ecs:TagResource", "ecs:UntagResource", "ecs:UpdateCluster",
        "ecs:UpdateClusterSettings",
      ], [local.cluster], null]
      Services = [["ecs:CreateService", "ecs:DeleteService", "ecs:TagResource", "ecs:UntagResource", "ecs:UpdateService"], local.services_of, null]
      TaskTags = [["ecs:TagResource", "ecs:UntagResource"], ["arn:${local.partition}:ecs:${local.in_region}:task-definition/${var.name}-*"], null]
      # AWS knows no resource for these three; what a task may do is bounded by the roles that may be passed.
      TaskDefinitions = [["ecr:GetAuthorizationToken", "ecs:DeregisterTaskDefinition", "ecs:RegisterTaskDefinition"], ["*"], null]
      Scaling = [[
        "application-autoscaling:DeleteScalingPolicy", "application-autoscaling:DeregisterScalableTarget", "application-autoscaling:PutScalingPolicy",
        "application-autoscaling:RegisterScalableTarget", "application-autoscaling:TagResource", "application-autoscaling:UntagResource",
      ], [local.scaled], { StringEqualsIfExists = { "application-autoscaling:service-namespace" = "ecs" } }]
      LogGroups = [[
        "logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:DeleteMetricFilter", "logs:DisassociateKmsKey", "logs:PutMetricFilter", "logs:PutRetentionPolicy",
        "logs:TagResource", "logs:UntagResource",
      ], local.groups, null]
      LogPolicies = [["logs:DeleteResourcePolicy", "logs:PutResourcePolicy"], ["*"], null]
      Alarms      = [["cloudwatch:DeleteAlarms", "cloudwatch:PutCompositeAlarm", "cloudwatch:PutMetricAlarm", "cloudwatch:TagResource", "cloudwatch:UntagResource"], [local.alarms], null]
      Dashboards  = [["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"], [local.dashboards], null]
      Events      = [["events:DeleteRule", "events:PutRule", "events:PutTargets", "events:RemoveTargets", "events:TagResource", "events:UntagResource"], [local.rules], null]
      Topics      = [["sns:CreateTopic", "sns:DeleteTopic", "sns:SetTopicAttributes", "sns:Subscribe", "sns:TagResource", "sns:UntagResource"], [local.topics], null]
    } : { Sid = sid, Effect = "Allow", Action = part[0], Resource = part[1], Condition = part[2] }]

    # deploy/rollout.py and deploy/images/promote.sh: a job is queued by a task of the daemon's definition, whose roles PassToEcs
    # covers; an image comes from the repositories of the environment before.
    release = concat(
      [
        {
          Sid       = "LaunchJobs"
          Effect    = "Allow"
          Action    = ["ecs:RunTask"]
          Resource  = ["arn:${local.partition}:ecs:${local.in_region}:task-definition/${var.name}-daemon:*"]
          Condition = local.on_cluster
        },
        {
          Sid       = "SeeLaunched"
          Effect    = "Allow"
          Action    = ["ecs:DescribeTasks"]
          Resource  = [local.tasks]
          Condition = local.on_cluster
        },
      ],
      length(var.promoted_repository_arns) == 0 ? [] : [{
        Sid       = "ReadPromoted"
        Effect    = "Allow"
        Action    = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Resource  = var.promoted_repository_arns
        Condition = null
      }],
    )

    write-edge = [for sid, part in merge({
      Balancers = [[
        "elasticloadbalancing:AddTags", "elasticloadbalancing:CreateListener", "elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateRule",
        "elasticloadbalancing:CreateTargetGroup", "elasticloadbalancing:DeleteListener", "elasticloadbalancing:DeleteLoadBalancer",
        "elasticloadbalancing:DeleteRule", "elasticloadbalancing:DeleteTargetGroup", "elasticloadbalancing:ModifyListener",
        "elasticloadbalancing:ModifyListenerAttributes", "elasticloadbalancing:ModifyLoadBalancerAttributes", "elasticloadbalancing:ModifyRule",
        "elasticloadbalancing:ModifyTargetGroup", "elasticloadbalancing:ModifyTargetGroupAttributes", "elasticloadbalancing:RemoveTags",
        "elasticloadbalancing:SetSecurityGroups", "elasticloadbalancing:SetSubnets",
      ], local.balancers, null]
      CloudMap     = [["servicediscovery:CreateService", "servicediscovery:DeleteNamespace", "servicediscovery:DeleteService", "servicediscovery:UpdateService"], local.namespaces, null]
      NewNamespace = [["servicediscovery:CreatePrivateDnsNamespace"], ["*"], local.made_own]
      # Cloud Map keeps the names of a private namespace in a zone that Route 53 makes for it.
      ZoneOfNamespace = [
        ["route53:ChangeResourceRecordSets", "route53:CreateHostedZone", "route53:DeleteHostedZone", "route53:GetHostedZone", "route53:ListResourceRecordSets"],
        ["arn:${local.partition}:route53:::hostedzone/*"], { Bool = { "aws:ViaAWSService" = "true" } }
      ]
      NewZoneOfNamespace = [["route53:CreateHostedZone", "route53:ListHostedZonesByName"], ["*"], { Bool = { "aws:ViaAWSService" = "true" } }]
      Firewalls          = [["wafv2:CreateWebACL", "wafv2:UpdateWebACL"], concat(local.firewalls, local.rule_sets), null]
      FirewallsAlone = [[
        "wafv2:DeleteLoggingConfiguration", "wafv2:DeleteWebACL", "wafv2:PutLoggingConfiguration", "wafv2:TagResource", "wafv2:UntagResource",
      ], local.firewalls, null]
      FirewallsOfBalancers = [["wafv2:AssociateWebACL", "wafv2:DisassociateWebACL", "elasticloadbalancing:SetWebAcl"], concat(local.firewalls, local.balancers), null]
      # The log of a firewall is delivered by CloudWatch Logs, which knows no resource for a delivery.
      LogDelivery    = [["logs:CreateLogDelivery", "logs:DeleteLogDelivery"], ["*"], null]
      NewCertificate = [["acm:RequestCertificate"], ["*"], local.made_own]
      Certificates   = [["acm:AddTagsToCertificate", "acm:DeleteCertificate", "acm:RemoveTagsFromCertificate"], local.certificates, local.own]
      TagCertificate = [["acm:AddTagsToCertificate"], local.certificates, local.made_own]
      }, length(local.zones) == 0 ? {} : {
      Zone = [["route53:ChangeResourceRecordSets"], local.zones, null]
    }) : { Sid = sid, Effect = "Allow", Action = part[0], Resource = part[1], Condition = part[2] }]

    write-network = [for sid, part in {
      Make = [[
        "ec2:AllocateAddress", "ec2:AssociateRouteTable", "ec2:AttachInternetGateway", "ec2:AuthorizeSecurityGroupEgress", "ec2:AuthorizeSecurityGroupIngress",
        "ec2:CreateFlowLogs", "ec2:CreateInternetGateway", "ec2:CreateNatGateway", "ec2:CreateRoute", "ec2:CreateRouteTable", "ec2:CreateSecurityGroup",
        "ec2:CreateSubnet", "ec2:CreateVpc", "ec2:CreateVpcEndpoint",
        # A new network's default group comes with rules and without a tag.
        "ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress",
      ], local.network, null]
      # What is there already has to carry this environment's tag.
      Change = [[
        "ec2:DeleteFlowLogs", "ec2:DeleteInternetGateway", "ec2:DeleteNatGateway", "ec2:DeleteRoute", "ec2:DeleteRouteTable", "ec2:DeleteSecurityGroup",
        "ec2:DeleteSubnet", "ec2:DeleteVpc", "ec2:DeleteVpcEndpoints", "ec2:DetachInternetGateway", "ec2:DisassociateAddress", "ec2:DisassociateRouteTable",
        "ec2:ModifySubnetAttribute", "ec2:ModifyVpcAttribute", "ec2:ModifyVpcEndpoint", "ec2:ReleaseAddress", "ec2:ReplaceRoute",
        "ec2:ReplaceRouteTableAssociation", "ec2:CreateTags", "ec2:DeleteTags",
      ], local.network, local.own]
      TagWhatIsNew = [["ec2:CreateTags"], local.network, { Null = { "ec2:CreateAction" = "false" }, StringEquals = { "aws:RequestTag/environment" = var.environment } }]
    } : { Sid = sid, Effect = "Allow", Action = part[0], Resource = part[1], Condition = part[2] }]

    write-data = [for sid, part in {
      Buckets = [[
        "s3:CreateBucket", "s3:PutBucketLogging", "s3:PutBucketNotification", "s3:PutBucketOwnershipControls", "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock", "s3:PutBucketTagging", "s3:PutBucketVersioning", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration",
      ], local.buckets, null]
      NewKey = [["kms:CreateKey"], ["*"], local.made_own]
      TagKey = [["kms:TagResource"], [local.keys], local.made_own]
      Keys   = [["kms:EnableKeyRotation", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:UntagResource", "kms:UpdateKeyDescription"], [local.keys], local.own]
      # RDS, ECR and Secrets Manager make a grant on the key, or ask for a data key, in the name of who makes the thing.
      KeysOfOthers = [
        ["kms:CreateGrant", "kms:Decrypt", "kms:GenerateDataKey"], [local.keys],
        { StringEquals = { "aws:ResourceTag/environment" = var.environment, "kms:ViaService" = ["ecr.${local.region}.amazonaws.com", "rds.${local.region}.amazonaws.com", "secretsmanager.${local.region}.amazonaws.com"] } }
      ]
      AliasNames = [["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"], ["arn:${local.partition}:kms:${local.in_region}:alias/${var.name}-*"], null]
      AliasKeys  = [["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"], [local.keys], local.own]
      Databases = [[
        "rds:AddTagsToResource", "rds:CreateDBInstance", "rds:CreateDBParameterGroup", "rds:CreateDBSubnetGroup", "rds:DeleteDBInstance",
        "rds:DeleteDBParameterGroup", "rds:DeleteDBSubnetGroup", "rds:ModifyDBInstance", "rds:ModifyDBParameterGroup", "rds:ModifyDBSubnetGroup",
        "rds:RebootDBInstance", "rds:RemoveTagsFromResource", "rds:CreateDBSnapshot",
      ], local.databases, null]
      # RDS makes and rotates the database's secret itself, in the name of who makes the database.
      Secrets = [[
        "secretsmanager:CreateSecret", "secretsmanager:DeleteSecret", "secretsmanager:PutResourcePolicy", "secretsmanager:DeleteResourcePolicy",
        "secretsmanager:RotateSecret", "secretsmanager:TagResource", "secretsmanager:UntagResource", "secretsmanager:UpdateSecret",
      ], local.named_secrets, null]
    } : { Sid = sid, Effect = "Allow", Action = part[0], Resource = part[1], Condition = part[2] }]
  }
}
