# What has to be there before the first environment, made once an account by an administrator: the bucket of Terraform's
# state, and the trust in GitHub's tokens. Its own state is local; `terraform import` brings it back.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  buckets = { for kind in ["state", "access"] : kind => "${var.project}-terraform${kind == "access" ? "-access" : ""}-${local.account}" }
  arns    = { for kind, bucket in local.buckets : kind => "arn:${data.aws_partition.current.partition}:s3:::${bucket}" }
  tags    = { project = var.project, module = "bootstrap" }
}

# States hold secrets in the clear. The lock is an object beside the state (use_lockfile), so there is no table. Who read or wrote
# one stands in the bucket access.
resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_144: 2026-11-26: one region; an earlier state comes back by its version
  for_each = local.buckets
  bucket   = each.value
  tags     = local.tags
  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = aws_s3_bucket.this
  bucket   = each.value.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = aws_s3_bucket.this
  bucket   = each.value.id
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each                = aws_s3_bucket.this
  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# aws/s3 is AWS's key of the account: it lets in whoever may read the object, so roles need no permission for it. Access logs are
# delivered to a bucket under SSE-S3 alone.
resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = aws_s3_bucket.this
  bucket   = each.value.id
  rule {
    bucket_key_enabled = each.key != "access"
    apply_server_side_encryption_by_default {
      sse_algorithm = each.key == "access" ? "AES256" : "aws:kms"
    }
  }
}

resource "aws_s3_bucket_notification" "this" {
  for_each    = aws_s3_bucket.this
  bucket      = each.value.id
  eventbridge = true
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = aws_s3_bucket.this
  bucket   = each.value.id
  rule {
    id     = "versions"
    status = "Enabled"
    filter {}
    noncurrent_version_expiration {
      noncurrent_days = var.noncurrent_days
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
  # An old log is of no use; a state that is not replaced stays.
  dynamic "rule" {
    for_each = each.key == "access" ? [1] : []
    content {
      id     = "expire-everything"
      status = "Enabled"
      filter {}
      expiration {
        days = var.noncurrent_days
      }
    }
  }
  depends_on = [aws_s3_bucket_versioning.this]
}

resource "aws_s3_bucket_policy" "this" {
  for_each = aws_s3_bucket.this
  bucket   = each.value.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid       = "OnlyTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [local.arns[each.key], "${local.arns[each.key]}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }],
      each.key != "access" ? [] : [{
        Sid       = "S3DeliversAccessLogs"
        Effect    = "Allow"
        Principal = { Service = "logging.s3.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = ["${local.arns.access}/*"]
        Condition = {
          ArnLike      = { "aws:SourceArn" = local.arns.state }
          StringEquals = { "aws:SourceAccount" = local.account }
        }
      }],
    )
  })
  depends_on = [aws_s3_bucket_public_access_block.this]
}

resource "aws_s3_bucket_logging" "this" {
  for_each      = { for kind, bucket in aws_s3_bucket.this : kind => bucket if kind != "access" }
  bucket        = each.value.id
  target_bucket = aws_s3_bucket.this["access"].id
  target_prefix = "${each.key}/"
  depends_on    = [aws_s3_bucket_policy.this]
}

# AWS checks GitHub's certificate by its own list of authorities: a thumbprint is not needed.
resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
  tags           = local.tags
}
