# The operators' role: `trending lake restore` and `trending lake prune` (docs/runbook.md). Nobody has it but who is named, no
# container and no workflow, and without a name there is none. It marks objects as deleted; it takes no version away, so what
# it does can be taken back. The boundary would forbid it all, so it has none; the role deploy cannot touch it.

locals {
  restorers = length(var.restore_principal_arns) == 0 ? toset([]) : toset(["restore"])
}

resource "aws_iam_role" "restore" {
  for_each             = local.restorers
  name                 = "${var.name}-${each.key}"
  description          = "${var.name}: operators who restore or prune the lake"
  max_session_duration = 14400
  tags                 = local.tags
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Operators"
      Effect    = "Allow"
      Principal = { AWS = var.restore_principal_arns }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "restore" {
  for_each = local.restorers
  name     = "own"
  role     = aws_iam_role.restore[each.key].id
  policy   = jsonencode({ Version = "2012-10-17", Statement = local.restore_statements })
}

locals {
  restore_statements = [
    {
      Sid      = "ChangeLake"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:DeleteObject"]
      Resource = "${local.lake}/*"
    },
    {
      Sid      = "KnowLake"
      Effect   = "Allow"
      Action   = ["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketVersioning", "s3:GetLifecycleConfiguration"]
      Resource = var.lake_bucket_arn
    },
    {
      Sid       = "KeyOfLake"
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = var.kms_key_arn
      Condition = local.through_s3.lake
    },
  ]
}
