output "arn" {
  description = "Task definition, with its revision."
  value       = aws_ecs_task_definition.this.arn
}

output "family" {
  description = "Task definition without its revision."
  value       = aws_ecs_task_definition.this.family
}

output "log_group_name" {
  description = "Log group of the container."
  value       = aws_cloudwatch_log_group.this.name
}

output "target_group_arn" {
  description = "Target group of the container; null without http."
  value       = one(aws_lb_target_group.this[*].arn)
}

output "target_group_arn_suffix" {
  description = "The same as CloudWatch names it."
  value       = one(aws_lb_target_group.this[*].arn_suffix)
}
