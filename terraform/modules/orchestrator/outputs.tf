output "cluster_name" {
  description = "ECS cluster of all services and runs."
  value       = aws_ecs_cluster.this.name
}

output "cluster_arn" {
  description = "ARN of the cluster."
  value       = aws_ecs_cluster.this.arn
}

output "webserver_address" {
  description = "Dagster's webserver for operators, within the network."
  value       = "https://${var.domain_names.webserver}"
}

output "viewer_address" {
  description = "Dagster's webserver that only shows, within the network."
  value       = "https://${var.domain_names.viewer}"
}

output "viewer_url" {
  description = "The same for the API (TRENDING_DAGSTER_URL), past the load balancer."
  value       = "http://viewer.${aws_service_discovery_private_dns_namespace.this.name}:3001"
}

output "balancer_dns_name" {
  description = "Load balancer that the names of the webservers have to point at where no zone was given."
  value       = aws_lb.operators.dns_name
}

output "run_task_definition" {
  description = "Task definition of runs: DAGSTER_RUN_TASK_DEFINITION of the daemon."
  value       = module.run.arn
}

output "log_group_names" {
  description = "Log groups by service, runs included."
  value       = merge({ for service, task in module.service : service => task.log_group_name }, { run = module.run.log_group_name })
}
