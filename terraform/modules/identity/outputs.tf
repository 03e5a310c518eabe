output "task_role_arns" {
  description = "Roles that the services' containers act as, by service."
  value       = { for service in local.services : service => aws_iam_role.task[service].arn }
}

output "execution_role_arns" {
  description = "Roles by which ECS starts the services' containers, by service."
  value       = { for service in local.services : service => aws_iam_role.execution[service].arn }
}

output "github_role_arns" {
  description = "Roles of GitHub's workflows: plan reads, deploy changes."
  value       = { for kind in ["plan", "deploy"] : kind => aws_iam_role.github[kind].arn }
}

output "restore_role_arn" {
  description = "Role of the operators who restore or prune the lake; null where nobody is named."
  value       = one([for role in aws_iam_role.restore : role.arn])
}

output "boundary_arn" {
  description = "Permissions boundary of every role here, without which the role deploy can make none."
  value       = aws_iam_policy.boundary.arn
}
