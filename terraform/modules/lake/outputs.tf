output "bucket_name" {
  description = "Bucket of the lake; the lake is s3://<bucket_name>/<lake_prefix>."
  value       = aws_s3_bucket.this["lake"].bucket
}

output "bucket_arn" {
  description = "ARN of the lake's bucket."
  value       = aws_s3_bucket.this["lake"].arn
}

output "logs_bucket_name" {
  description = "Bucket of compute logs (compute-logs/)."
  value       = aws_s3_bucket.this["logs"].bucket
}

output "logs_bucket_arn" {
  description = "ARN of the logs' bucket."
  value       = aws_s3_bucket.this["logs"].arn
}

output "kms_key_arn" {
  description = "KMS key of both buckets."
  value       = aws_kms_key.lake.arn
}

output "access_bucket_name" {
  description = "Bucket of access logs: S3's (lake/, logs/) and load balancers' (api/, operators/)."
  value       = aws_s3_bucket.this["access"].bucket
}
