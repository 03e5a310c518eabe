variable "environment" {
  description = "Environment: part of every name, and the dimension Environment of the exporter's metrics (its setting TRENDING_CLOUDWATCH_ENVIRONMENT)."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,15}$", var.environment))
    error_message = "environment takes 2 to 16 lower-case letters, digits and hyphens, a letter first (dev, staging, prod)."
  }
}

variable "bucket_name" {
  description = "S3 bucket of the lake. EventBridge notifications have to be on for it (aws_s3_bucket_notification, eventbridge = true)."
  type        = string
  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "bucket_name is the name of an S3 bucket, without s3:// and without a prefix."
  }
}

variable "lake_prefix" {
  description = "Prefix of the lake in the bucket, without slashes at its ends: lake for s3://bucket/lake. Empty: the bucket's root."
  type        = string
  default     = ""
  validation {
    condition     = can(regex("^$|^[A-Za-z0-9!_.=-]+(/[A-Za-z0-9!_.=-]+)*$", var.lake_prefix))
    error_message = "lake_prefix has no slash at its ends and no wildcard, quote, backslash or blank (lake, team/lake)."
  }
}

variable "page_topic_arns" {
  description = "SNS topics that wake somebody."
  type        = list(string)
  validation {
    condition     = length(var.page_topic_arns) > 0 && alltrue([for arn in var.page_topic_arns : can(regex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:.+$", arn))])
    error_message = "page_topic_arns takes one SNS topic ARN or more: an alarm that tells nobody is none."
  }
}

variable "ticket_topic_arns" {
  description = "SNS topics that can wait until the morning."
  type        = list(string)
  validation {
    condition     = length(var.ticket_topic_arns) > 0 && alltrue([for arn in var.ticket_topic_arns : can(regex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:.+$", arn))])
    error_message = "ticket_topic_arns takes one SNS topic ARN or more: an alarm that tells nobody is none."
  }
}

variable "landed_topic_arns" {
  description = "SNS topics that are told each time that a drift report lands (good news: no ticket). Their policy has to let events.amazonaws.com publish."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for arn in var.landed_topic_arns : can(regex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:.+$", arn))])
    error_message = "landed_topic_arns takes SNS topic ARNs."
  }
}

variable "namespace" {
  description = "CloudWatch namespace that the exporter publishes to (its setting TRENDING_CLOUDWATCH_NAMESPACE)."
  type        = string
  default     = "TrendingNow"
  validation {
    condition     = can(regex("^[A-Za-z0-9._#-]{1,100}$", var.namespace))
    error_message = "namespace takes letters, digits and . _ # -, at most 100."
  }
}

variable "deadline_utc" {
  description = "UTC time (HH:MM) by which yesterday's objects have to be there: DEADLINE of trending_assets/deadlines.py."
  type        = string
  default     = "06:00"
  validation {
    condition     = can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]$", var.deadline_utc))
    error_message = "deadline_utc is a time of day as HH:MM (06:00)."
  }
}

variable "landing_window_hours" {
  description = "Hours before the deadline within which an object has to land. 6 with a deadline of 06:00: since the day ended."
  type        = number
  default     = 6
  validation {
    # CloudWatch looks at one day at most with periods of 5 minutes; half an hour is added in landing.tf.
    condition     = var.landing_window_hours >= 1 && var.landing_window_hours <= 23 && floor(var.landing_window_hours) == var.landing_window_hours
    error_message = "landing_window_hours is a whole number from 1 to 23."
  }
}

variable "page_after_minutes" {
  description = "Minutes in a row that a paging alarm has to be breaching."
  type        = number
  default     = 3
  validation {
    # The promise is 10 minutes; one is the exporter's, one to two are CloudWatch's.
    condition     = var.page_after_minutes >= 2 && var.page_after_minutes <= 6 && floor(var.page_after_minutes) == var.page_after_minutes
    error_message = "page_after_minutes is a whole number from 2 to 6: one late minute is no failure, and a missing day pages within 10."
  }
}

variable "overdue_seconds" {
  description = "Seconds past its deadline after which a partition is an alarm."
  type        = number
  default     = 0
  validation {
    condition     = var.overdue_seconds >= 0 && var.overdue_seconds <= 120
    error_message = "overdue_seconds is 0 to 120: a missing day pages within 10 minutes of the deadline."
  }
}

variable "missing_partitions" {
  description = "Missing partitions of all tables from which on there is a ticket."
  type        = number
  default     = 1
  validation {
    condition     = var.missing_partitions >= 1
    error_message = "missing_partitions is 1 or more."
  }
}

variable "daemon_heartbeat_seconds" {
  description = "Age of the oldest heartbeat of Dagster's daemons after which they count as dead (they beat every 30 seconds)."
  type        = number
  default     = 300
  validation {
    condition     = var.daemon_heartbeat_seconds >= 60
    error_message = "daemon_heartbeat_seconds is 60 or more: the daemons beat every 30 seconds."
  }
}

variable "drifted_columns" {
  description = "Columns that drifted by a large or moderate effect from which on there is an alarm."
  type        = object({ large = number, moderate = number })
  default     = { large = 1, moderate = 1 }
  validation {
    condition     = var.drifted_columns.large >= 1 && var.drifted_columns.moderate >= 1
    error_message = "drifted_columns takes 1 or more of each severity."
  }
}

variable "drift_report_lag_hours" {
  description = "Hours since the end of the newest reported day after which the drift monitor counts as silent. 30: a day and the deadline."
  type        = number
  default     = 30
  validation {
    condition     = var.drift_report_lag_hours >= 24
    error_message = "drift_report_lag_hours is 24 or more: the report comes once a day."
  }
}

variable "log_retention_days" {
  description = "Days for which the log of landings is kept."
  type        = number
  default     = 365
  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731], var.log_retention_days)
    error_message = "log_retention_days is one of CloudWatch's: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731."
  }
}

variable "kms_key_arn" {
  description = "KMS key of the log of landings; its policy has to let CloudWatch Logs use it. null: CloudWatch's own key."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of everything that can carry them, besides project, environment and module."
  type        = map(string)
  default     = {}
}
