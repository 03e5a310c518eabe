variable "name" {
  description = "Project and environment (trending-now-prod): the beginning of the secrets' names."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,38}[a-z0-9]$", var.name))
    error_message = "name takes 3 to 40 lower-case letters, digits and hyphens, a letter first (trending-now-prod)."
  }
}

variable "kms_key_arn" {
  description = "KMS key of the secrets: whoever reads one needs kms:Decrypt on it as well."
  type        = string
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of one key."
  }
}

variable "recovery_days" {
  description = "Days in which a deleted secret can be restored."
  type        = number
  default     = 30
  validation {
    condition     = var.recovery_days >= 7 && var.recovery_days <= 30 && floor(var.recovery_days) == var.recovery_days
    error_message = "recovery_days is a whole number from 7 to 30."
  }
}
