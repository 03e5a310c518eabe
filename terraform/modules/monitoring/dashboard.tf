# One page of what the alarms look at, with their thresholds, and the ways by which the figures come.

data "aws_region" "current" {}

locals {
  graphs = [
    {
      title     = "Partitions overdue (seconds past the deadline, the worst table)"
      metrics   = [[var.namespace, "PartitionOverdueSeconds", "Environment", var.environment]]
      stat      = "Maximum"
      threshold = var.overdue_seconds
    },
    {
      title     = "Due days missing (all tables)"
      metrics   = [[var.namespace, "PartitionsMissing", "Environment", var.environment]]
      stat      = "Maximum"
      threshold = var.missing_partitions
    },
    {
      title     = "Lag of the slowest table (seconds since its newest day ended)"
      metrics   = [[var.namespace, "PartitionLagSeconds", "Environment", var.environment]]
      stat      = "Maximum"
      threshold = null
    },
    {
      title     = "Lag of the drift report (seconds since its newest day ended)"
      metrics   = [[var.namespace, "DriftReportLagSeconds", "Environment", var.environment]]
      stat      = "Maximum"
      threshold = var.drift_report_lag_hours * 3600
    },
    {
      title = "Columns that drifted, by severity"
      metrics = [
        for severity in ["large", "moderate"] :
        [var.namespace, "DriftedColumns", "Environment", var.environment, "Severity", severity]
      ]
      stat      = "Maximum"
      threshold = null
    },
    {
      title     = "Age of the oldest heartbeat of Dagster's daemons (seconds)"
      metrics   = [[var.namespace, "DaemonHeartbeatAgeSeconds", "Environment", var.environment]]
      stat      = "Maximum"
      threshold = var.daemon_heartbeat_seconds
    },
    {
      title     = "The exporter: alive, and every part readable"
      metrics   = [for metric in ["ExporterHeartbeat", "ExporterPartsUp"] : [var.namespace, metric, "Environment", var.environment]]
      stat      = "Minimum"
      threshold = 1
    },
    {
      title = "Landed in the lake"
      metrics = concat(
        [for object in local.objects : [local.landing_namespace, object.metric]],
        [[local.landing_namespace, "DeadlinePassed"]],
      )
      stat      = "Sum"
      threshold = null
    },
    {
      title = "Events that EventBridge could not deliver to the log of landings"
      metrics = [
        for rule in concat([for rule in aws_cloudwatch_event_rule.landed : rule], [aws_cloudwatch_event_rule.heartbeat]) :
        ["AWS/Events", "FailedInvocations", "RuleName", rule.name]
      ]
      stat      = "Sum"
      threshold = null
    },
  ]
}

resource "aws_cloudwatch_dashboard" "data" {
  dashboard_name = "${local.name}-data"
  dashboard_body = jsonencode({
    widgets = concat(
      [{
        type   = "alarm"
        x      = 0
        y      = 0
        width  = 24
        height = 4
        properties = {
          title = "Alarms of ${var.environment}"
          alarms = concat(
            [for alarm in aws_cloudwatch_composite_alarm.absent : alarm.arn],
            [aws_cloudwatch_metric_alarm.unseen.arn],
            [for alarm in aws_cloudwatch_metric_alarm.exporter : alarm.arn],
          )
        }
      }],
      [for n, graph in local.graphs : {
        type   = "metric"
        x      = n % 3 * 8
        y      = 4 + floor(n / 3) * 6
        width  = 8
        height = 6
        properties = {
          title       = graph.title
          view        = "timeSeries"
          region      = data.aws_region.current.name
          metrics     = graph.metrics
          stat        = graph.stat
          period      = 60
          yAxis       = { left = { min = 0 } }
          annotations = graph.threshold == null ? {} : { horizontal = [{ label = "alarm", value = graph.threshold }] }
        }
      }],
    )
  })
}
