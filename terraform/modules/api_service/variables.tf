variable "name" {
  description = "Project and environment (trending-now-prod): the beginning of every name."
  type        = string
  validation {
    # The names of load balancer and target group add "-api" and has 32 characters at most.
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

variable "cluster_name" {
  description = "ECS cluster."
  type        = string
}

variable "cluster_arn" {
  description = "ARN of the cluster."
  type        = string
}

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "public_subnet_ids" {
  description = "Subnets of the load balancer, in two zones or more."
  type        = list(string)
  validation {
    condition     = length(var.public_subnet_ids) >= 2
    error_message = "public_subnet_ids takes two subnets or more: a load balancer wants two zones."
  }
}

variable "private_subnet_ids" {
  description = "Subnets of the tasks."
  type        = list(string)
  validation {
    condition     = length(var.private_subnet_ids) >= 1
    error_message = "private_subnet_ids takes one subnet or more."
  }
}

variable "security_group_ids" {
  description = "Security groups by who wears them: api-balancer, api."
  type        = map(string)
  validation {
    condition     = contains(keys(var.security_group_ids), "api-balancer") && contains(keys(var.security_group_ids), "api")
    error_message = "security_group_ids takes api-balancer and api."
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

variable "task_role_arn" {
  description = "Role that the API acts as."
  type        = string
}

variable "execution_role_arn" {
  description = "Role by which ECS starts the API."
  type        = string
}

variable "size" {
  description = "CPU units and MiB of memory of a task: a pair that Fargate takes."
  type        = object({ cpu = number, memory = number })
}

variable "count_range" {
  description = "Tasks at least and at most; between them autoscaling decides."
  type        = object({ min = number, max = number })
  validation {
    condition     = var.count_range.min >= 1 && var.count_range.max >= var.count_range.min && var.count_range.max <= 50
    error_message = "count_range takes min of 1 or more, and max of min to 50."
  }
}

variable "cpu_percent" {
  description = "CPU in use, in percent, that autoscaling keeps to."
  type        = number
  default     = 50
  validation {
    condition     = var.cpu_percent >= 20 && var.cpu_percent <= 90
    error_message = "cpu_percent is 20 to 90."
  }
}

variable "requests_per_task" {
  description = "Requests a minute and task that autoscaling keeps to."
  type        = number
  default     = 30000
  validation {
    condition     = var.requests_per_task >= 100
    error_message = "requests_per_task is 100 or more."
  }
}

variable "cpu_architecture" {
  description = "Architecture that the image was built for: X86_64 or ARM64."
  type        = string
  default     = "X86_64"
  validation {
    condition     = contains(["X86_64", "ARM64"], var.cpu_architecture)
    error_message = "cpu_architecture is X86_64 or ARM64."
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
}

variable "api_keys_secret_arn" {
  description = "Secret with the file of hashed API keys (`trending keys` writes it). null: nobody needs a key."
  type        = string
  default     = null
}

variable "dagster_url" {
  description = "Dagster webserver that /v1/lineage asks for runs; null: none."
  type        = string
  default     = null
}

variable "drain_seconds" {
  description = "Seconds that a task which leaves goes on answering (TRENDING_API_DRAIN_SECONDS); the load balancer waits as long."
  type        = number
  default     = 5
  validation {
    condition     = var.drain_seconds >= 1 && var.drain_seconds <= 60 && floor(var.drain_seconds) == var.drain_seconds
    error_message = "drain_seconds is a whole number from 1 to 60."
  }
}

variable "errors_per_minute" {
  description = "Answers of 5xx a minute, in two of three minutes, by which a release is taken back."
  type        = number
  default     = 10
  validation {
    condition     = var.errors_per_minute >= 1
    error_message = "errors_per_minute is 1 or more."
  }
}

variable "alarm_topic_arns" {
  description = "SNS topics that are told of 5xx."
  type        = list(string)
  validation {
    condition     = length(var.alarm_topic_arns) > 0
    error_message = "alarm_topic_arns takes one topic or more: an alarm that tells nobody is none."
  }
}

variable "requests_per_5_minutes" {
  description = "Requests of one address in five minutes after which it is answered with 429."
  type        = number
  default     = 3000
  validation {
    condition     = var.requests_per_5_minutes >= 100 && var.requests_per_5_minutes <= 2000000000
    error_message = "requests_per_5_minutes is 100 to 2,000,000,000, which is what AWS WAF takes."
  }
}

variable "domain_name" {
  description = "Name of API and page (trends.example.org)."
  type        = string
  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain_name))
    error_message = "domain_name is one whole name in lower case (trends.example.org)."
  }
}

variable "certificate_arn" {
  description = "Certificate of the name. null: one is made, proved in zone_id."
  type        = string
  default     = null
  validation {
    condition     = var.certificate_arn != null ? can(regex("^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/.+$", var.certificate_arn)) : var.zone_id != null
    error_message = "Give certificate_arn, the ARN of a certificate, or zone_id, in which one can be proved: nothing is served without TLS."
  }
}

variable "zone_id" {
  description = "Route 53 zone that gets the name. null: whoever keeps the zone points it at balancer_dns_name."
  type        = string
  default     = null
}

variable "access_logs_bucket" {
  description = "Bucket that the load balancer may write its access logs to."
  type        = string
}

variable "deletion_protection" {
  description = "Refuse to delete the load balancer."
  type        = bool
}

variable "log_retention_days" {
  description = "Days for which the logs of API and firewall are kept."
  type        = number
  default     = 365
}

variable "kms_key_arn" {
  description = "KMS key of the logs; its policy has to let CloudWatch Logs use it."
  type        = string
}
