# The lake, the logs of its runs, and the log of who read either. Three buckets that differ in little:
#   lake    tables, served objects, models; every version of an object is kept for a while, so a day can be restored
#   logs    compute logs of Dagster's runs (compute-logs/)
#   access  S3's access logs of the other two, and those of load balancers (api/, operators/); both are delivered to a bucket
#           under SSE-S3 alone, so it is one of its own

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  tags    = merge(var.tags, { module = "lake" })
  buckets = { for kind in ["lake", "logs", "access"] : kind => "${var.name}-${kind}-${local.account}" }
  arns    = { for kind, bucket in local.buckets : kind => "arn:${data.aws_partition.current.partition}:s3:::${bucket}" }
}

resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_144: 2026-11-26: one region; versions and lifecycle bring a day back, a second region is not promised
  for_each      = local.buckets
  bucket        = each.value
  force_destroy = var.force_destroy
  tags          = local.tags
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

# terraform/modules/monitoring sees objects land by these events. Nobody pays for those that no rule asks for.
resource "aws_s3_bucket_notification" "this" {
  for_each    = aws_s3_bucket.this
  bucket      = each.value.id
  eventbridge = true
}

resource "aws_s3_bucket_logging" "this" {
  for_each      = { for kind, bucket in aws_s3_bucket.this : kind => bucket if kind != "access" }
  bucket        = each.value.id
  target_bucket = aws_s3_bucket.this["access"].id
  target_prefix = "${each.key}/"
  depends_on    = [aws_s3_bucket_policy.this]
}
