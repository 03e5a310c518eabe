output "repository_urls" {
  description = "Addresses to push to and to pull from, by image: dagster, api."
  value       = { for image, repository in aws_ecr_repository.this : image => repository.repository_url }
}

output "repository_arns" {
  description = "ARNs, by image: dagster, api."
  value       = { for image, repository in aws_ecr_repository.this : image => repository.arn }
}
