# What becomes of objects with time. A table's partition is replaced, never changed: a replaced one is a noncurrent version.

locals {
  # Small objects stay where they are: the cold bills 128 KB at least.
  cold_bytes = 131072
  cold = {
    raw            = "${var.lake_prefix}/raw/"
    drift-report   = "${var.lake_prefix}/drift/report/"
    drift-profiles = "${var.lake_prefix}/drift/profiles/"
  }
  expiring = {
    lake   = { quarantine = { prefix = "${var.lake_prefix}/quarantine/", days = var.quarantine_days } }
    logs   = { everything = { prefix = "", days = var.logs_days } }
    access = { everything = { prefix = "", days = var.logs_days } }
  }
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

  rule {
    id     = "delete-markers"
    status = "Enabled"
    filter {}
    expiration {
      expired_object_delete_marker = true
    }
  }

  dynamic "rule" {
    for_each = each.key == "lake" ? local.cold : {}
    content {
      id     = "cold-${rule.key}"
      status = "Enabled"
      filter {
        and {
          prefix                   = rule.value
          object_size_greater_than = local.cold_bytes
        }
      }
      transition {
        days          = var.cold_after_days
        storage_class = "GLACIER_IR"
      }
    }
  }

  dynamic "rule" {
    for_each = local.expiring[each.key]
    content {
      id     = "expire-${rule.key}"
      status = "Enabled"
      filter {
        prefix = rule.value.prefix
      }
      expiration {
        days = rule.value.days
      }
    }
  }

  # A rule over noncurrent versions means something on a versioned bucket only.
  depends_on = [aws_s3_bucket_versioning.this]
}
