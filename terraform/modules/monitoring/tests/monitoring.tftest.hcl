# Runs without credentials: the provider is mocked, its schema is real.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  environment       = "prod"
  bucket_name       = "trends-lake"
  lake_prefix       = "team/lake"
  page_topic_arns   = ["arn:aws:sns:eu-central-1:111122223333:page"]
  ticket_topic_arns = ["arn:aws:sns:eu-central-1:111122223333:ticket"]
  landed_topic_arns = ["arn:aws:sns:eu-central-1:111122223333:news"]
  tags              = { owner = "data", environment = "not-this" }
}

run "names_carry_the_environment" {
  command = plan
  variables {
    environment = "staging"
  }
  assert {
    condition = alltrue([
      for name in concat(
        [for alarm in aws_cloudwatch_metric_alarm.exporter : alarm.alarm_name],
        [for alarm in aws_cloudwatch_metric_alarm.absent : alarm.alarm_name],
        [for alarm in aws_cloudwatch_composite_alarm.absent : alarm.alarm_name],
        [for rule in aws_cloudwatch_event_rule.landed : rule.name],
        [for filter in aws_cloudwatch_log_metric_filter.landed : filter.name],
        [
          aws_cloudwatch_metric_alarm.deadline.alarm_name, aws_cloudwatch_metric_alarm.unseen.alarm_name,
          aws_cloudwatch_event_rule.heartbeat.name, aws_cloudwatch_event_rule.deadline.name,
          aws_cloudwatch_dashboard.data.dashboard_name, aws_cloudwatch_log_resource_policy.landing.policy_name,
        ],
      ) : startswith(name, "trending-now-staging-")
    ])
    error_message = "A name does not begin with project and environment."
  }
  assert {
    condition     = aws_cloudwatch_log_group.landing.name == "/aws/events/trending-now-staging-landing"
    error_message = "EventBridge writes to log groups below /aws/events/."
  }
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.exporter : alarm.dimensions.Environment == "staging"])
    error_message = "An alarm looks at another environment's metrics."
  }
}

run "absence_is_the_failure" {
  command = plan
  assert {
    condition = alltrue([
      for name in ["partition-overdue", "partitions-missing", "exporter-heartbeat", "daemon-heartbeat", "exporter-blind", "drift-report-silent"] :
      aws_cloudwatch_metric_alarm.exporter[name].treat_missing_data == "breaching"
    ])
    error_message = "A dead exporter has to look like a missing day."
  }
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.absent : alarm.treat_missing_data == "breaching"])
    error_message = "An object that did not land has no data."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.unseen.treat_missing_data == "breaching"
    error_message = "A heartbeat that stops has no data."
  }
}

run "what_stays_silent_without_data" {
  command = plan
  assert {
    condition = [
      for name, alarm in aws_cloudwatch_metric_alarm.exporter : name if alarm.treat_missing_data == "notBreaching"
    ] == ["drift-large", "drift-moderate"]
    error_message = "Only the alarms on drift itself may be silent without data; drift-report-silent watches over them."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.deadline.treat_missing_data == "notBreaching"
    error_message = "The deadline's clock has not struck without data."
  }
}

run "pages_within_ten_minutes" {
  command = plan
  assert {
    condition = alltrue([
      for name in ["partition-overdue", "exporter-heartbeat"] :
      aws_cloudwatch_metric_alarm.exporter[name].period * aws_cloudwatch_metric_alarm.exporter[name].evaluation_periods == 180
    ])
    error_message = "A page takes 3 minutes of breaching data."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.deadline.datapoints_to_alarm == 1 && aws_cloudwatch_metric_alarm.deadline.period == 300
    error_message = "The deadline counts from its first period on."
  }
}

run "windows_fit_cloudwatch" {
  command = plan
  variables {
    landing_window_hours = 23
  }
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.absent : alarm.period * alarm.evaluation_periods <= 86400])
    error_message = "With periods below an hour CloudWatch looks at one day at most."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.absent["report"].evaluation_periods == 23 * 12 + 6
    error_message = "The window is that of the variable and 30 minutes."
  }
}

run "the_window_outlasts_the_passing_deadline" {
  command = plan
  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.absent :
      alarm.period * alarm.evaluation_periods >= 6 * 3600 + aws_cloudwatch_metric_alarm.deadline.period * aws_cloudwatch_metric_alarm.deadline.evaluation_periods
    ])
    error_message = "A landing just after midnight would drop out of the window while the deadline passes."
  }
}

run "thresholds_come_from_variables" {
  command = plan
  variables {
    overdue_seconds          = 60
    missing_partitions       = 4
    daemon_heartbeat_seconds = 120
    drifted_columns          = { large = 2, moderate = 5 }
    drift_report_lag_hours   = 48
    page_after_minutes       = 5
  }
  assert {
    condition = { for name, alarm in aws_cloudwatch_metric_alarm.exporter : name => alarm.threshold } == {
      daemon-heartbeat    = 120
      drift-large         = 2
      drift-moderate      = 5
      drift-report-silent = 172800
      exporter-blind      = 1
      exporter-heartbeat  = 1
      partition-overdue   = 60
      partitions-missing  = 4
    }
    error_message = "A threshold is not that of its variable."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.exporter["partition-overdue"].evaluation_periods == 5
    error_message = "page_after_minutes is not heard."
  }
}

run "the_deadline_is_a_cron_rule" {
  command = plan
  variables {
    deadline_utc = "08:05"
  }
  assert {
    condition     = aws_cloudwatch_event_rule.deadline.schedule_expression == "cron(5 8 * * ? *)"
    error_message = "08:05 is not cron(5 8 * * ? *)."
  }
}

run "rules_look_at_the_lake_s_keys" {
  command = plan
  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.landed["report"].event_pattern).detail.object.key == [
      { wildcard = "team/lake/drift/report/date=*/data.parquet" }
    ]
    error_message = "The rule of the report looks elsewhere."
  }
  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.landed["bundle"].event_pattern).detail.bucket.name == ["trends-lake"]
    error_message = "The rule of the bundle looks at another bucket."
  }
}

run "a_lake_in_the_bucket_s_root" {
  command = plan
  variables {
    lake_prefix = ""
  }
  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.landed["report"].event_pattern).detail.object.key == [
      { wildcard = "drift/report/date=*/data.parquet" }
    ]
    error_message = "Keys begin with no slash."
  }
  assert {
    condition     = strcontains(aws_cloudwatch_log_metric_filter.landed["report"].pattern, "\"drift/report/date=*\"")
    error_message = "The filter looks for other keys than the rule."
  }
}

run "zeros_where_nothing_landed" {
  command = plan
  assert {
    condition = alltrue([
      for filter in aws_cloudwatch_log_metric_filter.landed :
      filter.metric_transformation[0].default_value == "0" && filter.metric_transformation[0].value == "1" && filter.metric_transformation[0].namespace == "TrendingNow/Landing/prod"
    ])
    error_message = "A landing counts 1, none counts 0, in a namespace of the environment's own."
  }
  assert {
    condition     = aws_cloudwatch_event_rule.heartbeat.schedule_expression == "rate(1 minute)"
    error_message = "A period of five minutes needs a heartbeat a minute."
  }
}

run "every_event_reaches_the_log" {
  command = apply
  assert {
    condition     = sort([for target in aws_cloudwatch_event_target.log : target.rule]) == sort(["trending-now-prod-bundle-landed", "trending-now-prod-deadline", "trending-now-prod-landing-heartbeat", "trending-now-prod-report-landed"])
    error_message = "A rule does not write to the log of landings."
  }
  assert {
    condition = jsondecode(aws_cloudwatch_log_resource_policy.landing.policy_document).Statement[0] == {
      Sid       = "EventBridgeWritesLandings"
      Effect    = "Allow"
      Principal = { Service = ["events.amazonaws.com", "delivery.logs.amazonaws.com"] }
      Action    = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource  = "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/events/landing:*"
    }
    error_message = "EventBridge may write to this log group and do nothing else."
  }
  assert {
    condition     = aws_cloudwatch_log_metric_filter.deadline.pattern == "{ $.resources[0] = \"arn:aws:events:eu-central-1:111122223333:rule/a-rule\" }"
    error_message = "The deadline is known by its rule."
  }
}

run "who_is_told" {
  command = plan
  assert {
    condition     = output.page_alarm_names == tolist(["trending-now-prod-bundle-absent", "trending-now-prod-drift-large", "trending-now-prod-exporter-heartbeat", "trending-now-prod-landings-unseen", "trending-now-prod-partition-overdue", "trending-now-prod-report-absent"])
    error_message = "Other alarms wake people than those agreed."
  }
  assert {
    condition = alltrue([
      for name in ["partitions-missing", "daemon-heartbeat", "exporter-blind", "drift-report-silent", "drift-moderate"] :
      aws_cloudwatch_metric_alarm.exporter[name].alarm_actions == toset(var.ticket_topic_arns)
    ])
    error_message = "What can wait until the morning is a ticket."
  }
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_composite_alarm.absent : alarm.alarm_actions == toset(var.page_topic_arns) && alarm.ok_actions == null])
    error_message = "An object that is absent at its deadline pages, and the passing of the deadline is no all-clear."
  }
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.absent : alarm.alarm_actions == null]) && aws_cloudwatch_metric_alarm.deadline.alarm_actions == null
    error_message = "States page nobody by themselves."
  }
}

run "absent_is_both_states_at_once" {
  command = plan
  assert {
    condition     = aws_cloudwatch_composite_alarm.absent["report"].alarm_rule == "ALARM(\"trending-now-prod-report-not-landed\") AND ALARM(\"trending-now-prod-deadline-passed\")"
    error_message = "The page is: not landed, and the deadline passed."
  }
}

run "the_landing_is_told_by_its_key" {
  command = plan
  assert {
    condition     = tolist([for target in aws_cloudwatch_event_target.tell : target.arn]) == var.landed_topic_arns
    error_message = "Good news goes to the topics for it, and makes no ticket."
  }
  assert {
    condition = alltrue([
      for target in aws_cloudwatch_event_target.tell :
      target.rule == "trending-now-prod-report-landed" && target.input_transformer[0].input_paths.key == "$.detail.object.key" && strcontains(target.input_transformer[0].input_template, "s3://<bucket>/<key>")
    ])
    error_message = "The message names the object."
  }
}

run "everything_is_tagged" {
  command = plan
  assert {
    condition = alltrue([
      for tags in concat(
        [for alarm in aws_cloudwatch_metric_alarm.exporter : alarm.tags],
        [for alarm in aws_cloudwatch_composite_alarm.absent : alarm.tags],
        [for rule in aws_cloudwatch_event_rule.landed : rule.tags],
        [aws_cloudwatch_log_group.landing.tags, aws_cloudwatch_metric_alarm.unseen.tags, aws_cloudwatch_event_rule.deadline.tags],
      ) : tags == tomap({ owner = "data", project = "trending-now", environment = "prod", module = "monitoring" })
    ])
    error_message = "Tags are the module's and the caller's, and the module's win."
  }
}

run "the_exporter_may_publish_and_nothing_else" {
  command = plan
  assert {
    condition = jsondecode(output.publish_policy).Statement == [{
      Sid       = "PublishMetrics"
      Effect    = "Allow"
      Action    = "cloudwatch:PutMetricData"
      Resource  = "*"
      Condition = { StringEquals = { "cloudwatch:namespace" = "TrendingNow" } }
    }]
    error_message = "The policy is wider than the namespace."
  }
}

run "wrong_values_are_refused" {
  command = plan
  variables {
    environment              = "Prod!"
    bucket_name              = "s3://lake"
    lake_prefix              = "/lake/*"
    page_topic_arns          = []
    ticket_topic_arns        = ["somebody@example.org"]
    landed_topic_arns        = ["news"]
    namespace                = "AWS/S3"
    deadline_utc             = "6 o'clock"
    landing_window_hours     = 24
    page_after_minutes       = 10
    overdue_seconds          = 900
    missing_partitions       = 0
    daemon_heartbeat_seconds = 10
    drifted_columns          = { large = 0, moderate = 1 }
    drift_report_lag_hours   = 2
    log_retention_days       = 8
  }
  expect_failures = [
    var.environment, var.bucket_name, var.lake_prefix, var.page_topic_arns, var.ticket_topic_arns, var.landed_topic_arns, var.namespace,
    var.deadline_utc, var.landing_window_hours, var.page_after_minutes, var.overdue_seconds, var.missing_partitions,
    var.daemon_heartbeat_seconds, var.drifted_columns, var.drift_report_lag_hours, var.log_retention_days,
  ]
}
