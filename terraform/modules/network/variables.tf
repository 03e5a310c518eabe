variable "name" {
  description = "Project and environment (trending-now-prod): the beginning of every name."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,38}[a-z0-9]$", var.name))
    error_message = "name takes 3 to 40 lower-case letters, digits and hyphens, a letter first (trending-now-prod)."
  }
}

variable "cidr" {
  description = "Addresses of the network, from /16 to /20; a subnet gets a sixteenth."
  type        = string
  validation {
    condition     = can(cidrhost(var.cidr, 1)) && can(regex("^(10|172\\.(1[6-9]|2[0-9]|3[01])|192\\.168)\\..+/(1[6-9]|20)$", var.cidr))
    error_message = "cidr is a private network from /16 to /20 (10.20.0.0/16)."
  }
}

variable "availability_zones" {
  description = "Two or three zones of the region."
  type        = list(string)
  validation {
    condition = (
      length(var.availability_zones) >= 2 && length(var.availability_zones) <= 3 && length(distinct(var.availability_zones)) == length(var.availability_zones)
      && alltrue([for zone in var.availability_zones : can(regex("^[a-z]{2}(-[a-z]+)+-[0-9][a-z]$", zone))])
    )
    error_message = "availability_zones takes two or three zones (eu-central-1a), each once."
  }
}

variable "nat_per_zone" {
  description = "A NAT gateway in each zone: a zone that fails takes no other's way out along. false: one for all, at a third of the price."
  type        = bool
}

variable "interface_endpoints" {
  description = "AWS services that get an interface endpoint, past the NAT (ecr.api, ecr.dkr, logs, secretsmanager, monitoring, ecs, kms). Each costs by the hour and zone."
  type        = set(string)
  default     = []
  validation {
    condition     = alltrue([for service in var.interface_endpoints : can(regex("^[a-z][a-z0-9.-]+$", service)) && service != "s3"])
    error_message = "interface_endpoints takes names of services as in com.amazonaws.<region>.<name>; S3 has its gateway already."
  }
}

variable "api_cidrs" {
  description = "Networks that may reach the API's load balancer. 0.0.0.0/0: everybody."
  type        = list(string)
  validation {
    condition     = length(var.api_cidrs) > 0 && alltrue([for cidr in var.api_cidrs : can(cidrhost(cidr, 0))])
    error_message = "api_cidrs takes one network or more (0.0.0.0/0)."
  }
}

variable "operator_cidrs" {
  description = "Networks that may reach the load balancer of Dagster's webservers: a VPN's, an office's."
  type        = list(string)
  validation {
    condition     = alltrue([for cidr in var.operator_cidrs : can(cidrhost(cidr, 0)) && !endswith(cidr, "/0")])
    error_message = "operator_cidrs takes networks, and never the whole world."
  }
}

variable "metrics_cidrs" {
  description = "Networks from which a Prometheus may scrape the exporter. Empty: nobody; CloudWatch is told either way."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for cidr in var.metrics_cidrs : can(cidrhost(cidr, 0)) && !endswith(cidr, "/0")])
    error_message = "metrics_cidrs takes networks, and never the whole world."
  }
}

variable "flow_log_traffic" {
  description = "What the flow logs hold: ALL, or REJECT alone, which is a fraction of it."
  type        = string
  default     = "ALL"
  validation {
    condition     = contains(["ALL", "REJECT"], var.flow_log_traffic)
    error_message = "flow_log_traffic is ALL or REJECT."
  }
}

variable "log_retention_days" {
  description = "Days for which flow logs are kept."
  type        = number
  default     = 365
  validation {
    condition     = contains([30, 60, 90, 120, 150, 180, 365, 400, 545, 731], var.log_retention_days)
    error_message = "log_retention_days is one of CloudWatch's: 30, 60, 90, 120, 150, 180, 365, 400, 545, 731."
  }
}

variable "kms_key_arn" {
  description = "KMS key of the flow logs; its policy has to let CloudWatch Logs use it."
  type        = string
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of one key."
  }
}

variable "permissions_boundary_arn" {
  description = "Permissions boundary of the role that writes flow logs; null: none."
  type        = string
  default     = null
  validation {
    condition     = var.permissions_boundary_arn == null || can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:policy/.+$", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn is the ARN of a policy, or null."
  }
}
