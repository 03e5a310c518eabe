output "secret_arns" {
  description = "ARNs, by secret: tmdb, openai, wandb, api_keys."
  value       = { for key, secret in aws_secretsmanager_secret.this : key => secret.arn }
}
