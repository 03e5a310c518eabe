output "page_alarm_names" {
  description = "Alarms that wake somebody."
  value = sort(concat(
    [for alarm in aws_cloudwatch_composite_alarm.absent : alarm.alarm_name],
    [aws_cloudwatch_metric_alarm.unseen.alarm_name],
    [for name, alarm in aws_cloudwatch_metric_alarm.exporter : alarm.alarm_name if local.alarms[name].page],
  ))
}

output "alarm_arns" {
  description = "Every alarm, states included, by its name."
  value = merge(
    { for alarm in aws_cloudwatch_composite_alarm.absent : alarm.alarm_name => alarm.arn },
    { for alarm in aws_cloudwatch_metric_alarm.absent : alarm.alarm_name => alarm.arn },
    { for alarm in aws_cloudwatch_metric_alarm.exporter : alarm.alarm_name => alarm.arn },
    { for alarm in [aws_cloudwatch_metric_alarm.deadline, aws_cloudwatch_metric_alarm.unseen] : alarm.alarm_name => alarm.arn },
  )
}

output "dashboard_name" {
  description = "CloudWatch dashboard of the environment."
  value       = aws_cloudwatch_dashboard.data.dashboard_name
}

output "landing_rule_arns" {
  description = "EventBridge rules that see objects land; the one named report is the source that the policy of landed_topic_arns may be bound to."
  value       = { for name, rule in aws_cloudwatch_event_rule.landed : name => rule.arn }
}

output "landing_log_group" {
  description = "Log group with an event for each object that landed."
  value       = aws_cloudwatch_log_group.landing.name
}

output "publish_policy" {
  description = "IAM policy (JSON) for the role that the exporter runs as: to publish to this namespace and nothing else."
  value = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid    = "PublishMetrics"
      Effect = "Allow"
      Action = "cloudwatch:PutMetricData"
      # PutMetricData knows no resources; the namespace is what AWS lets one bound it by.
      Resource  = "*"
      Condition = { StringEquals = { "cloudwatch:namespace" = var.namespace } }
    }]
  })
}
