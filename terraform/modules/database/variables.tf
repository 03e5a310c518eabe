variable "name" {
  description = "Project and environment (trending-now-prod): the instance's name."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,38}[a-z0-9]$", var.name))
    error_message = "name takes 3 to 40 lower-case letters, digits and hyphens, a letter first (trending-now-prod)."
  }
}

variable "subnet_ids" {
  description = "Subnets of the database, in two zones or more."
  type        = list(string)
  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids takes two subnets or more: RDS wants two zones."
  }
}

variable "security_group_id" {
  description = "Security group of the database."
  type        = string
}

variable "engine_version" {
  description = "Major version of Postgres; RDS takes the newest minor one."
  type        = string
  default     = "17"
  validation {
    condition     = contains(["15", "16", "17"], var.engine_version)
    error_message = "engine_version is 15, 16 or 17, without a minor version."
  }
}

variable "instance_class" {
  description = "Size of the machine (db.t4g.small)."
  type        = string
  validation {
    condition     = can(regex("^db\\.[a-z0-9]+\\.[a-z0-9]+$", var.instance_class))
    error_message = "instance_class is a class of RDS (db.t4g.small)."
  }
}

variable "storage_gib" {
  description = "Disk in GiB at the beginning."
  type        = number
  default     = 20
  validation {
    condition     = var.storage_gib >= 20 && floor(var.storage_gib) == var.storage_gib
    error_message = "storage_gib is a whole number of 20 or more."
  }
}

variable "max_storage_gib" {
  description = "Disk in GiB that it may grow to by itself."
  type        = number
  default     = 200
  validation {
    condition     = var.max_storage_gib >= ceil(var.storage_gib * 1.1)
    error_message = "max_storage_gib is at least a tenth more than storage_gib, or the disk cannot grow."
  }
}

variable "multi_az" {
  description = "A standby in another zone, which takes over by itself."
  type        = bool
}

variable "deletion_protection" {
  description = "Refuse to delete the database."
  type        = bool
}

variable "backup_days" {
  description = "Days back to which the database can be restored, to the second."
  type        = number
  default     = 14
  validation {
    condition     = var.backup_days >= 7 && var.backup_days <= 35 && floor(var.backup_days) == var.backup_days
    error_message = "backup_days is a whole number from 7 to 35."
  }
}

variable "password_days" {
  description = "Days after which RDS renews the master's password. Tasks take it up when they start: redeploy them that day (docs/aws.md)."
  type        = number
  default     = 90
  validation {
    condition     = var.password_days >= 7 && var.password_days <= 365 && floor(var.password_days) == var.password_days
    error_message = "password_days is a whole number from 7 to 365."
  }
}

variable "kms_key_arn" {
  description = "KMS key of the disk, the backups and Performance Insights."
  type        = string
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of one key."
  }
}

variable "secrets_kms_key_arn" {
  description = "KMS key of the master's secret: whoever reads it needs kms:Decrypt on this key as well."
  type        = string
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.secrets_kms_key_arn))
    error_message = "secrets_kms_key_arn is the ARN of one key."
  }
}

variable "permissions_boundary_arn" {
  description = "Permissions boundary of the role that writes metrics; null: none."
  type        = string
  default     = null
  validation {
    condition     = var.permissions_boundary_arn == null || can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:policy/.+$", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn is the ARN of a policy, or null."
  }
}
