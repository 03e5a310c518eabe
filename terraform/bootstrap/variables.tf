variable "project" {
  description = "Project: the beginning of the bucket's name."
  type        = string
  default     = "trending-now"
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.project))
    error_message = "project takes 3 to 32 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "noncurrent_days" {
  description = "Days for which earlier states are kept."
  type        = number
  default     = 90
  validation {
    condition     = var.noncurrent_days >= 30 && floor(var.noncurrent_days) == var.noncurrent_days
    error_message = "noncurrent_days is a whole number of 30 or more."
  }
}
