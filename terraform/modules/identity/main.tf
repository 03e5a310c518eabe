# Who may do what. A role a service, written by hand from what its code calls; docs/iam.md shows the outcome as a table.
#
# Rules, all tested (trending_assets_tests/unit/terraform/test_iam*.py):
#   an action is named in full; Resource "*" stands only where AWS knows no resource for the action
#   KMS is used through S3 (or Secrets Manager) alone and for this environment's buckets alone
#   a role is passed to ECS tasks alone
#   nothing here can widen itself: every role stays within the boundary, and the role deploy cannot touch it
# Documents are jsonencode, not aws_iam_policy_document: so a mocked plan shows the very JSON that AWS gets.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  services  = ["code-server", "webserver", "viewer", "daemon", "run", "api", "exporter"]
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.id
  tags      = merge(var.tags, { module = "identity" })

  in_region    = "${local.region}:${local.account}"
  lake         = "${var.lake_bucket_arn}/${var.lake_prefix}"
  compute_logs = "${var.logs_bucket_arn}/${var.compute_logs_prefix}"
  cluster      = "arn:${local.partition}:ecs:${local.in_region}:cluster/${var.name}"
  tasks        = "arn:${local.partition}:ecs:${local.in_region}:task/${var.name}/*"
  run_family   = "arn:${local.partition}:ecs:${local.in_region}:task-definition/${var.name}-run:*"
  log_groups   = "arn:${local.partition}:logs:${local.in_region}:log-group:/${var.name}"
  role_prefix  = "arn:${local.partition}:iam::${local.account}:role/${var.name}"
  boundary     = "arn:${local.partition}:iam::${local.account}:policy/${var.name}-boundary"
  run_roles    = ["${local.role_prefix}-run", "${local.role_prefix}-run-execution"]
  of_ecs       = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
  on_cluster   = { ArnEquals = { "ecs:cluster" = local.cluster } }
  through_s3 = {
    for name, bucket in { lake = var.lake_bucket_arn, logs = var.logs_bucket_arn } : name => {
      StringEquals             = { "kms:ViaService" = "s3.${local.region}.amazonaws.com" }
      # The bucket's ARN with a bucket key; an object's, where an upload went without one.
      ArnLike = { "kms:EncryptionContext:aws:s3:arn" = [bucket, "${bucket}/*"] }
    }
  }
}

resource "aws_iam_role" "task" {
  for_each             = toset(local.services)
  name                 = "${var.name}-${each.key}"
  description          = "${var.name}: what the container of ${each.key} acts as"
  permissions_boundary = aws_iam_policy.boundary.arn
  assume_role_policy   = local.trust_ecs
  tags                 = merge(local.tags, { service = each.key })
}

resource "aws_iam_role_policy" "task" {
  for_each = toset(local.services)
  name     = "own"
  role     = aws_iam_role.task[each.key].id
  policy   = jsonencode({ Version = "2012-10-17", Statement = local.task_statements[each.key] })
}

resource "aws_iam_role" "execution" {
  for_each             = toset(local.services)
  name                 = "${var.name}-${each.key}-execution"
  description          = "${var.name}: by which ECS starts ${each.key}"
  permissions_boundary = aws_iam_policy.boundary.arn
  assume_role_policy   = local.trust_ecs
  tags                 = merge(local.tags, { service = each.key })
}

resource "aws_iam_role_policy" "execution" {
  for_each = toset(local.services)
  name     = "own"
  role     = aws_iam_role.execution[each.key].id
  policy   = jsonencode({ Version = "2012-10-17", Statement = local.execution_statements[each.key] })
}

locals {
  # SourceAccount: ECS of another account cannot be talked into acting for us.
  trust_ecs = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "EcsTasks"
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnLike      = { "aws:SourceArn" = "arn:${local.partition}:ecs:${local.in_region}:*" }
      }
    }]
  })
}
