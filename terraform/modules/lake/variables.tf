variable "name" {
  description = "Project and environment (trending-now-prod): the beginning of every name."
  type        = string
  validation {
    # The bucket's name adds "-lake-" and the account's 12 digits, and has 63 characters at most.
    condition     = can(regex("^[a-z][a-z0-9-]{1,38}[a-z0-9]$", var.name))
    error_message = "name takes 3 to 40 lower-case letters, digits and hyphens, a letter first (trending-now-prod)."
  }
}

variable "lake_prefix" {
  description = "Prefix of the lake in the bucket, without slashes at its ends: lake for s3://bucket/lake."
  type        = string
  default     = "lake"
  validation {
    condition     = can(regex("^[A-Za-z0-9!_.=-]+(/[A-Za-z0-9!_.=-]+)*$", var.lake_prefix))
    error_message = "lake_prefix has no slash at its ends and no wildcard, quote, backslash or blank (lake, team/lake)."
  }
}

variable "noncurrent_days" {
  description = "Days for which replaced and deleted objects are kept: within them the lake can be restored as it was."
  type        = number
  default     = 30
  validation {
    condition     = var.noncurrent_days >= 7 && floor(var.noncurrent_days) == var.noncurrent_days
    error_message = "noncurrent_days is a whole number of 7 or more: a wrong deletion is not always noticed at once."
  }
}

variable "cold_after_days" {
  description = "Days after which what is seldom read again (raw tables, pages of drift) moves to Glacier Instant Retrieval."
  type        = number
  default     = 90
  validation {
    condition     = var.cold_after_days >= 30 && floor(var.cold_after_days) == var.cold_after_days
    error_message = "cold_after_days is a whole number of 30 or more: what is re-read within a month is dearer in the cold."
  }
}

variable "quarantine_days" {
  description = "Days for which rows in quarantine are kept: as trending_assets/retention.py says."
  type        = number
  default     = 90
  validation {
    condition     = var.quarantine_days >= 30 && floor(var.quarantine_days) == var.quarantine_days
    error_message = "quarantine_days is a whole number of 30 or more."
  }
}

variable "logs_days" {
  description = "Days for which compute logs of runs and access logs are kept."
  type        = number
  default     = 90
  validation {
    condition     = var.logs_days >= 7 && floor(var.logs_days) == var.logs_days
    error_message = "logs_days is a whole number of 7 or more."
  }
}

variable "force_destroy" {
  description = "Let terraform destroy delete buckets that still hold objects: true for environments that are thrown away, never for prod."
  type        = bool
  default     = false
}

variable "tags" {
  description = "Tags of everything that can carry them, besides the provider's default_tags."
  type        = map(string)
  default     = {}
}
