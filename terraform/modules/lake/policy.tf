# What no IAM policy can allow. Who may do what is the roles' affair (terraform/modules/identity).

locals {
  only_tls = {
    for kind, arn in local.arns : kind => {
      Sid       = "OnlyTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [arn, "${arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }
  }
  # An upload that names no encryption gets the bucket's. One that names another one, or another key, is refused: the key of
  # the bucket is what the roles' permissions hang on. (Null first: a negated operator is also true of what is not there.)
  only_encrypted = {
    for kind, arn in local.arns : kind => [
      {
        Sid       = "OnlyKms"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${arn}/*"
        Condition = {
          Null            = { "s3:x-amz-server-side-encryption" = "false" }
          StringNotEquals = { "s3:x-amz-server-side-encryption" = "aws:kms" }
        }
      },
      {
        Sid       = "OnlyThisKey"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${arn}/*"
        Condition = {
          Null            = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "false" }
          StringNotEquals = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = aws_kms_key.lake.arn }
        }
      },
    ] if kind != "access"
  }
  delivery = {
    access = [
      {
        Sid       = "S3DeliversAccessLogs"
        Effect    = "Allow"
        Principal = { Service = "logging.s3.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${local.arns.access}/*"
        Condition = {
          ArnLike      = { "aws:SourceArn" = [local.arns.lake, local.arns.logs] }
          StringEquals = { "aws:SourceAccount" = local.account }
        }
      },
      {
        # Load balancers of this account: api/ and operators/.
        Sid       = "LoadBalancersDeliverAccessLogs"
        Effect    = "Allow"
        Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${local.arns.access}/*/AWSLogs/${local.account}/*"
        Condition = {
          ArnLike = { "aws:SourceArn" = "arn:${data.aws_partition.current.partition}:elasticloadbalancing:*:${local.account}:loadbalancer/*" }
        }
      },
    ]
  }
}

resource "aws_s3_bucket_policy" "this" {
  for_each = aws_s3_bucket.this
  bucket   = each.value.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat([local.only_tls[each.key]], lookup(local.only_encrypted, each.key, []), lookup(local.delivery, each.key, []))
  })
  depends_on = [aws_s3_bucket_public_access_block.this]
}
