output "api_address" {
  description = "API and page."
  value       = module.api_service.address
}

output "webserver_address" {
  description = "Dagster's webserver for operators, within the network."
  value       = module.orchestrator.webserver_address
}

output "viewer_address" {
  description = "Dagster's webserver that only shows, within the network."
  value       = module.orchestrator.viewer_address
}

output "cluster_name" {
  description = "ECS cluster of all services and runs."
  value       = module.orchestrator.cluster_name
}

output "repository_urls" {
  description = "Where images are pushed to: dagster, api."
  value       = module.registry.repository_urls
}

output "secret_arns" {
  description = "Secrets whose values are put in by hand: tmdb, openai, wandb, api_keys."
  value       = module.secrets.secret_arns
}

output "github_role_arns" {
  description = "Roles of GitHub's workflows: plan, deploy."
  value       = module.identity.github_role_arns
}

output "lake" {
  description = "Root of the lake."
  value       = local.lake
}

output "rollback_alarm_name" {
  description = "Alarm that takes a release of the API back."
  value       = module.api_service.rollback_alarm_name
}

output "balancer_dns_names" {
  description = "Load balancers that the names have to point at where no zone was given: api, operators."
  value       = { api = module.api_service.balancer_dns_name, operators = module.orchestrator.balancer_dns_name }
}
