# An object that lands: S3 -> EventBridge -> log group -> metric filter.
#
# Why not AWS/Events MatchedEvents or TriggeredRules of the rule, which cost nothing: AWS delivers those at best effort and
# does not promise that a data point arrives. Here one point a day decides over a page. An event that is delivered to a log
# group is tried again for up to 24 hours, is counted by its content, and leaves the object's key for a person to read.
#
# A heartbeat goes the same way every minute. It makes the metrics a zero where nothing landed: an alarm over a metric of one
# point a day would go on seeing yesterday's point, because CloudWatch looks further back than the periods it is given before
# it fills in missing data. It also shows that the way works: without it there is no data at all.

locals {
  objects = {
    report = { table = "drift/report", metric = "DriftReportLanded", title = "drift report" }
    bundle = { table = "serving/bundle", metric = "ServingBundleLanded", title = "serving bundle" }
  }
  # Metric filters that fill in zeros cannot set a dimension, so the environment is part of the namespace.
  landing_namespace = "${var.namespace}/Landing/${var.environment}"
  clock             = split(":", var.deadline_utc)
}

resource "aws_cloudwatch_log_group" "landing" {
  # EventBridge writes to groups below /aws/events/.
  name              = "/aws/events/${local.name}-landing"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
  tags              = local.tags
}

# A log group as a target takes no role: the policy stands at CloudWatch Logs (10 such policies an account and region).
resource "aws_cloudwatch_log_resource_policy" "landing" {
  policy_name = "${local.name}-landing"
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "EventBridgeWritesLandings"
      Effect    = "Allow"
      Principal = { Service = ["events.amazonaws.com", "delivery.logs.amazonaws.com"] }
      Action    = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource  = "${aws_cloudwatch_log_group.landing.arn}:*"
    }]
  })
}

resource "aws_cloudwatch_event_rule" "landed" {
  for_each    = local.objects
  name        = "${local.name}-${each.key}-landed"
  description = "An object of ${each.value.table} was written to the lake."
  event_pattern = jsonencode({
    source      = ["aws.s3"]
    detail-type = ["Object Created"]
    detail = {
      bucket = { name = [var.bucket_name] }
      object = { key = [{ wildcard = "${local.prefix}${each.value.table}/date=*/data.parquet" }] }
    }
  })
  tags = local.tags
}

resource "aws_cloudwatch_event_rule" "heartbeat" {
  name                = "${local.name}-landing-heartbeat"
  description         = "Makes the metrics of landings zeros where nothing lands."
  schedule_expression = "rate(1 minute)"
  tags                = local.tags
}

resource "aws_cloudwatch_event_rule" "deadline" {
  name                = "${local.name}-deadline"
  description         = "Yesterday's objects have to be there by now."
  schedule_expression = "cron(${tonumber(local.clock[1])} ${tonumber(local.clock[0])} * * ? *)"
  tags                = local.tags
}

resource "aws_cloudwatch_event_target" "log" {
  for_each = merge(
    { for name, rule in aws_cloudwatch_event_rule.landed : name => rule.name },
    { heartbeat = aws_cloudwatch_event_rule.heartbeat.name, deadline = aws_cloudwatch_event_rule.deadline.name },
  )
  rule       = each.value
  target_id  = "log"
  arn        = aws_cloudwatch_log_group.landing.arn
  depends_on = [aws_cloudwatch_log_resource_policy.landing]
}

# Tells people that a drift report landed, by its key.
resource "aws_cloudwatch_event_target" "tell" {
  for_each  = toset(var.landed_topic_arns)
  rule      = aws_cloudwatch_event_rule.landed["report"].name
  target_id = "tell-${substr(sha256(each.value), 0, 8)}"
  arn       = each.value
  input_transformer {
    input_paths = {
      bucket = "$.detail.bucket.name"
      bytes  = "$.detail.object.size"
      key    = "$.detail.object.key"
      time   = "$.time"
    }
    input_template = "\"Trending Now (${var.environment}): a drift report landed at <time>: s3://<bucket>/<key> (<bytes> bytes).\""
  }
}

resource "aws_cloudwatch_log_metric_filter" "landed" {
  for_each       = local.objects
  name           = "${local.name}-${each.key}-landed"
  log_group_name = aws_cloudwatch_log_group.landing.name
  pattern        = "{ ($.source = \"aws.s3\") && ($.detail.object.key = \"${local.prefix}${each.value.table}/date=*\") }"
  metric_transformation {
    namespace     = local.landing_namespace
    name          = each.value.metric
    value         = "1"
    default_value = "0"
    unit          = "Count"
  }
}

resource "aws_cloudwatch_log_metric_filter" "deadline" {
  name           = "${local.name}-deadline"
  log_group_name = aws_cloudwatch_log_group.landing.name
  pattern        = "{ $.resources[0] = \"${aws_cloudwatch_event_rule.deadline.arn}\" }"
  metric_transformation {
    namespace     = local.landing_namespace
    name          = "DeadlinePassed"
    value         = "1"
    default_value = "0"
    unit          = "Count"
  }
}

# A state, no page: true whenever nothing landed for the length of the window, so also in the afternoon of a good day.
resource "aws_cloudwatch_metric_alarm" "absent" {
  for_each            = local.objects
  alarm_name          = "${local.name}-${each.key}-not-landed"
  alarm_description   = "No ${each.value.title} landed within the window. Pages only with ${local.name}-${each.key}-absent."
  namespace           = local.landing_namespace
  metric_name         = each.value.metric
  statistic           = "Sum"
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  period              = 300
  # The window, and 30 minutes: a landing at its very beginning still counts while the deadline passes.
  evaluation_periods  = var.landing_window_hours * 12 + 6
  datapoints_to_alarm = var.landing_window_hours * 12 + 6
  # Absence is the failure: without data nothing landed, or nobody would know that it did.
  treat_missing_data = "breaching"
  tags               = local.tags
}

# A state, no page: true for a quarter of an hour, in which CloudWatch can see that nothing landed.
resource "aws_cloudwatch_metric_alarm" "deadline" {
  alarm_name          = "${local.name}-deadline-passed"
  alarm_description   = "It is just past ${var.deadline_utc} UTC. Pages only with the alarms that end with -absent."
  namespace           = local.landing_namespace
  metric_name         = "DeadlinePassed"
  statistic           = "Sum"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  period              = 300
  evaluation_periods  = 3
  datapoints_to_alarm = 1
  # A clock: without data it has not struck. Who does not hear it is told by the alarm below.
  treat_missing_data = "notBreaching"
  tags               = local.tags
}

resource "aws_cloudwatch_metric_alarm" "unseen" {
  alarm_name          = "${local.name}-landings-unseen"
  alarm_description   = "EventBridge's heartbeat does not reach the log of landings: what lands is not seen. See docs/cloudwatch.md."
  namespace           = local.landing_namespace
  metric_name         = local.objects.report.metric
  statistic           = "SampleCount"
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  period              = 300
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  # There is no heartbeat of value zero: silence is the only way in which it fails.
  treat_missing_data = "breaching"
  alarm_actions      = var.page_topic_arns
  ok_actions         = var.page_topic_arns
  tags               = local.tags
}

# No ok_actions: it ends when the deadline is past, which does not say that the object came.
resource "aws_cloudwatch_composite_alarm" "absent" {
  for_each          = local.objects
  alarm_name        = "${local.name}-${each.key}-absent"
  alarm_description = "The deadline (${var.deadline_utc} UTC) passed and no ${each.value.title} landed in the lake. See docs/cloudwatch.md."
  alarm_rule        = "ALARM(\"${aws_cloudwatch_metric_alarm.absent[each.key].alarm_name}\") AND ALARM(\"${aws_cloudwatch_metric_alarm.deadline.alarm_name}\")"
  alarm_actions     = var.page_topic_arns
  tags              = local.tags
}
