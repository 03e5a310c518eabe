output "api_address" {
  description = "API and page."
  value       = module.platform.api_address
}

output "webserver_address" {
  description = "Dagster's webserver for operators, within the network."
  value       = module.platform.webserver_address
}

output "viewer_address" {
  description = "Dagster's webserver that only shows, within the network."
  value       = module.platform.viewer_address
}

output "cluster_name" {
  description = "ECS cluster of all services and runs."
  value       = module.platform.cluster_name
}

output "repository_urls" {
  description = "Where images are pushed to: dagster, api."
  value       = module.platform.repository_urls
}

output "secret_arns" {
  description = "Secrets whose values are put in by hand: tmdb, openai, wandb, api_keys."
  value       = module.platform.secret_arns
}

output "github_role_arns" {
  description = "Roles of GitHub's workflows: plan, deploy."
  value       = module.platform.github_role_arns
}

output "lake" {
  description = "Root of the lake."
  value       = module.platform.lake
}

output "rollback_alarm_name" {
  description = "Alarm that takes a release of the API back."
  value       = module.platform.rollback_alarm_name
}

output "balancer_dns_names" {
  description = "Load balancers that the names have to point at where no zone was given: api, operators."
  value       = module.platform.balancer_dns_names
}
