# Alarms on what `trending exporter` publishes every minute. It reads the lake itself, so they hold with Dagster dead; and a
# dead exporter is an alarm too, because the metrics of absence treat missing data as breaching.

locals {
  alarms = {
    partition-overdue = {
      metric    = "PartitionOverdueSeconds"
      statistic = "Maximum"
      operator  = "GreaterThanThreshold"
      threshold = var.overdue_seconds
      periods   = var.page_after_minutes
      page      = true
      about     = "A day's partition is not in the lake although its deadline (${var.deadline_utc} UTC) is past, or nobody can tell."
      # Absence: the promise is a page within 10 minutes of the deadline, whatever has died.
      missing    = "breaching"
      dimensions = {}
    }
    partitions-missing = {
      metric    = "PartitionsMissing"
      statistic = "Maximum"
      operator  = "GreaterThanOrEqualToThreshold"
      threshold = var.missing_partitions
      periods   = 15
      page      = false
      about     = "Due days are missing in the lake, summed over tables: how wide the hole is. Its page is partition-overdue."
      # Absence: not to know how much is missing is no good news.
      missing    = "breaching"
      dimensions = {}
    }
    exporter-heartbeat = {
      metric    = "ExporterHeartbeat"
      statistic = "SampleCount"
      operator  = "LessThanThreshold"
      threshold = 1
      periods   = var.page_after_minutes
      page      = true
      about     = "The exporter has published nothing: it is dead or cannot reach CloudWatch."
      # Absence: a heartbeat fails by silence alone.
      missing    = "breaching"
      dimensions = {}
    }
    daemon-heartbeat = {
      metric    = "DaemonHeartbeatAgeSeconds"
      statistic = "Maximum"
      operator  = "GreaterThanThreshold"
      threshold = var.daemon_heartbeat_seconds
      periods   = 5
      page      = false
      about     = "A Dagster daemon is dead, or its storage cannot be read: nothing is scheduled, queued runs wait. partition-overdue pages once a day is late."
      # Absence: a daemon that never beat has no age, and storage that nobody can read shows none.
      missing    = "breaching"
      dimensions = {}
    }
    exporter-blind = {
      metric    = "ExporterPartsUp"
      statistic = "Minimum"
      operator  = "LessThanThreshold"
      threshold = 1
      periods   = 15
      page      = false
      about     = "The exporter lives, but cannot read the lake, its tables, the LLM ledger or Dagster's storage."
      # Absence: it is what the drift alarms, which stay silent without data, rest on.
      missing    = "breaching"
      dimensions = {}
    }
    drift-report-silent = {
      metric    = "DriftReportLagSeconds"
      statistic = "Maximum"
      operator  = "GreaterThanThreshold"
      threshold = var.drift_report_lag_hours * 3600
      periods   = 15
      page      = false
      about     = "No new drift report: that no drift is reported says nothing until there is one."
      # Absence: the heartbeat of the two alarms below, which cannot tell silence from quiet.
      missing    = "breaching"
      dimensions = {}
    }
    drift-large = {
      metric    = "DriftedColumns"
      statistic = "Maximum"
      operator  = "GreaterThanOrEqualToThreshold"
      threshold = var.drifted_columns.large
      periods   = 5
      page      = true
      about     = "Watched columns drifted by a large effect. Read the day's report before the models are trained again."
      # No absence: without data nothing is known to have drifted, and drift-report-silent and exporter-blind say so.
      missing    = "notBreaching"
      dimensions = { Severity = "large" }
    }
    drift-moderate = {
      metric    = "DriftedColumns"
      statistic = "Maximum"
      operator  = "GreaterThanOrEqualToThreshold"
      threshold = var.drifted_columns.moderate
      periods   = 5
      page      = false
      about     = "Watched columns drifted by a moderate effect."
      # No absence, as above.
      missing    = "notBreaching"
      dimensions = { Severity = "moderate" }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "exporter" {
  for_each            = local.alarms
  alarm_name          = "${local.name}-${each.key}"
  alarm_description   = "${each.value.about} See docs/cloudwatch.md."
  namespace           = var.namespace
  metric_name         = each.value.metric
  dimensions          = merge({ Environment = var.environment }, each.value.dimensions)
  statistic           = each.value.statistic
  comparison_operator = each.value.operator
  threshold           = each.value.threshold
  period              = 60
  evaluation_periods  = each.value.periods
  datapoints_to_alarm = each.value.periods
  treat_missing_data  = each.value.missing
  alarm_actions       = each.value.page ? var.page_topic_arns : var.ticket_topic_arns
  ok_actions          = each.value.page ? var.page_topic_arns : var.ticket_topic_arns
  tags                = local.tags
}
