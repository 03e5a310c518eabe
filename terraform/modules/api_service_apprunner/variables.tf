variable "name" {
  description = "Project and environment (trending-now-prod): the beginning of every name."
  type        = string
  validation {
    # Names of scaling configurations have 32 characters at most.
    condition     = can(regex("^[a-z][a-z0-9-]{1,26}[a-z0-9]$", var.name))
    error_message = "name takes 3 to 28 lower-case letters, digits and hyphens, a letter first (trending-now-prod)."
  }
}

variable "region" {
  description = "Region of everything here."
  type        = string
  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region is a region of AWS (eu-central-1)."
  }
}

variable "image" {
  description = "The image api by its digest."
  type        = string
  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image is <repository>@sha256:<64 hex digits>."
  }
}

variable "access_role_arn" {
  description = "Role by which App Runner pulls the image (trusted by build.apprunner.amazonaws.com)."
  type        = string
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$", var.access_role_arn))
    error_message = "access_role_arn is the ARN of a role."
  }
}

variable "instance_role_arn" {
  description = "Role that the API acts as (trusted by tasks.apprunner.amazonaws.com)."
  type        = string
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$", var.instance_role_arn)) && var.instance_role_arn != var.access_role_arn
    error_message = "instance_role_arn is the ARN of a role, and another than access_role_arn."
  }
}

variable "size" {
  description = "CPU units and MiB of memory of an instance: a pair that App Runner takes."
  type        = object({ cpu = number, memory = number })
  validation {
    condition = contains(
      ["256/512", "256/1024", "512/1024", "1024/2048", "1024/3072", "1024/4096", "2048/4096", "2048/6144", "4096/8192", "4096/10240", "4096/12288"],
      "${var.size.cpu}/${var.size.memory}",
    )
    error_message = "App Runner takes no instance of this CPU with this memory (1024 and 2048)."
  }
}

variable "count_range" {
  description = "Instances at least and at most; between them autoscaling decides."
  type        = object({ min = number, max = number })
  validation {
    condition     = var.count_range.min >= 1 && var.count_range.max >= var.count_range.min && var.count_range.max <= 25
    error_message = "count_range takes min of 1 or more, and max of min to 25."
  }
}

variable "requests_at_once" {
  description = "Requests at once that an instance answers before another is added."
  type        = number
  default     = 100
  validation {
    condition     = var.requests_at_once >= 1 && var.requests_at_once <= 200
    error_message = "requests_at_once is 1 to 200, which is the most that App Runner takes."
  }
}

variable "lake" {
  description = "Root of the lake (TRENDING_LAKE)."
  type        = string
  validation {
    condition     = can(regex("^s3://[a-z0-9.-]{3,63}/.+[^/]$", var.lake))
    error_message = "lake is s3://<bucket>/<prefix>, without a slash at its end."
  }
}

variable "settings" {
  description = "More of trending_assets/settings.py for the API (TRENDING_…). Nothing secret."
  type        = map(string)
  default     = {}
  validation {
    condition     = alltrue([for name in keys(var.settings) : can(regex("^TRENDING_[A-Z0-9_]+$", name))])
    error_message = "settings takes variables that begin with TRENDING_."
  }
}

variable "secrets" {
  description = "Secrets of the API's environment: name => ARN in Secrets Manager (OPENAI_API_KEY, with which /v1/classify asks the LLM)."
  type        = map(string)
  default     = {}
  validation {
    condition     = alltrue([for arn in values(var.secrets) : can(regex("^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:.+$", arn))])
    error_message = "secrets takes ARNs of entries in Secrets Manager, never values."
  }
}

variable "domain_name" {
  description = "Name of API and page; null: the one that App Runner makes up."
  type        = string
  default     = null
  validation {
    condition     = var.domain_name == null ? true : can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain_name))
    error_message = "domain_name is one whole name in lower case (trends.example.org), or null."
  }
}

variable "web_acl_arn" {
  description = "AWS WAF's rules in front of it."
  type        = string
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:wafv2:[a-z0-9-]+:[0-9]{12}:regional/webacl/.+$", var.web_acl_arn))
    error_message = "web_acl_arn is the ARN of a regional web ACL."
  }
}

variable "kms_key_arn" {
  description = "KMS key of App Runner's copy of the image and its logs."
  type        = string
}
