variable "name" {
  description = "Project and environment (trending-now-prod): the beginning of the repositories' names."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,38}[a-z0-9]$", var.name))
    error_message = "name takes 3 to 40 lower-case letters, digits and hyphens, a letter first (trending-now-prod)."
  }
}

variable "kms_key_arn" {
  description = "KMS key of the images. A repository's key cannot be changed later."
  type        = string
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of one key."
  }
}

variable "keep_images" {
  description = "Images that a repository keeps: as many releases can be rolled back to."
  type        = number
  default     = 30
  validation {
    condition     = var.keep_images >= 5 && var.keep_images <= 500 && floor(var.keep_images) == var.keep_images
    error_message = "keep_images is a whole number from 5 to 500."
  }
}

variable "force_delete" {
  description = "Let terraform destroy delete repositories that hold images: for environments that are thrown away."
  type        = bool
  default     = false
}

variable "readers" {
  description = "Accounts whose roles may pull, where their own policies let them: that of the environment to which images are promoted."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for account in var.readers : can(regex("^[0-9]{12}$", account))])
    error_message = "readers takes accounts of AWS, 12 digits each."
  }
}
