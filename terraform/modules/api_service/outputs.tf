output "address" {
  description = "API and page."
  value       = local.url
}

output "balancer_dns_name" {
  description = "Load balancer that the name has to point at where no zone was given."
  value       = aws_lb.this.dns_name
}

output "rollback_alarm_name" {
  description = "Alarm that takes a release back."
  value       = aws_cloudwatch_metric_alarm.errors.alarm_name
}

output "log_group_name" {
  description = "Log group of the API."
  value       = module.task.log_group_name
}
