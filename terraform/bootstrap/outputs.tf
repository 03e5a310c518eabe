output "state_bucket_name" {
  description = "Bucket of Terraform's state: bucket of the environments' backend."
  value       = aws_s3_bucket.this["state"].bucket
}

output "state_bucket_arn" {
  description = "Its ARN: state_bucket_arn of terraform/modules/identity."
  value       = aws_s3_bucket.this["state"].arn
}

output "github_provider_arn" {
  description = "GitHub's OIDC provider, which the roles of terraform/modules/identity trust."
  value       = aws_iam_openid_connect_provider.github.arn
}
