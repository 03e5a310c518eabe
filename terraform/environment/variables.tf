# Checked in modules/platform, but for the first three. Values: terraform.tfvars; the digests come with each release.

variable "account_id" {
  description = "Account of this environment, and of no other: the provider refuses to work in another one."
  type        = string
  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id is the 12 digits of an AWS account."
  }
}

variable "owner" {
  description = "Tag owner of everything."
  type        = string
  validation {
    condition     = can(regex("^[A-Za-z0-9 _.:/=+@-]{1,128}$", var.owner))
    error_message = "owner takes 1 to 128 letters, digits, blanks and _.:/=+@-."
  }
}

variable "cost_center" {
  description = "Tag cost-center of everything."
  type        = string
  validation {
    condition     = can(regex("^[A-Za-z0-9 _.:/=+@-]{1,128}$", var.cost_center))
    error_message = "cost_center takes 1 to 128 letters, digits, blanks and _.:/=+@-."
  }
}

variable "environment" {
  description = "Environment: dev, staging or prod. Every name begins with trending-now-<environment>."
  type        = string
}

variable "region" {
  description = "Region of everything."
  type        = string
}

variable "github_repository" {
  description = "Repository on GitHub whose workflows deploy, as org/repository."
  type        = string
}

variable "state_bucket_name" {
  description = "Bucket in which this environment's state lies (backend.tf)."
  type        = string
}

variable "dagster_image_digest" {
  description = "Digest of the image dagster in its repository: sha256:<64 hex digits>."
  type        = string
}

variable "api_image_digest" {
  description = "Digest of the image api in its repository: sha256:<64 hex digits>."
  type        = string
}

variable "cpu_architecture" {
  description = "Architecture that both images were built for: X86_64 or ARM64."
  type        = string
  default     = "X86_64"
}

variable "network" {
  description = "Addresses, two or three zones, a NAT gateway in each or one for all, services with an interface endpoint, who may reach the API and the operators' load balancer."
  type = object({
    cidr                = string
    availability_zones  = list(string)
    nat_per_zone        = bool
    interface_endpoints = set(string)
    api_cidrs           = list(string)
    operator_cidrs      = list(string)
  })
}

variable "database" {
  description = "Class, disk in GiB and its bound, standby in another zone, days of backups."
  type        = object({ instance_class = string, storage_gib = number, max_storage_gib = number, multi_az = bool, backup_days = number })
}

variable "database_ca_file" {
  description = "File in the image dagster with RDS's certificates (PGSSLMODE=verify-full). null: TLS without the check of the name (require)."
  type        = string
  default     = null
}

variable "sizes" {
  description = "CPU units and MiB of memory by service: code-server, webserver, viewer, daemon, exporter, run, api. Pairs that Fargate takes."
  type        = map(object({ cpu = number, memory = number }))
}

variable "run_disk_gib" {
  description = "Disk of a run in GiB."
  type        = number
}

variable "webserver_count" {
  description = "Tasks of the operators' webserver."
  type        = number
}

variable "viewer_count" {
  description = "Tasks of the viewers' webserver."
  type        = number
}

variable "api_count" {
  description = "Tasks of the API at least and at most."
  type        = object({ min = number, max = number })
}

variable "requests_per_5_minutes" {
  description = "Requests of one address in five minutes after which AWS WAF answers with 429."
  type        = number
}

variable "keys" {
  description = "Keys of other companies' services that runs get: tmdb, openai, wandb, or some of them. Each needs a value in Secrets Manager."
  type        = set(string)
  default     = ["tmdb", "openai", "wandb"]
}

variable "dagster_settings" {
  description = "More of trending_assets/settings.py for Dagster's services and runs (TRENDING_…). Nothing secret."
  type        = map(string)
  default     = {}
}

variable "api_settings" {
  description = "More of trending_assets/settings.py for the API (TRENDING_API_…). Nothing secret."
  type        = map(string)
  default     = {}
}

variable "domain_names" {
  description = "Names of API and page, and of Dagster's two webservers."
  type        = object({ api = string, webserver = string, viewer = string })
}

variable "certificate_arn" {
  description = "Certificate of all three names. null: two are made, proved in zone_id."
  type        = string
  default     = null
}

variable "zone_id" {
  description = "Route 53 zone that gets the names. null: whoever keeps the zone points them at balancer_dns_names."
  type        = string
  default     = null
}

variable "cognito" {
  description = "Login for Dagster's webservers by a Cognito user pool; null: whoever is in operator_cidrs may."
  type        = object({ user_pool_arn = string, user_pool_domain = string, client_ids = object({ webserver = string, viewer = string }) })
  default     = null
}

variable "page_emails" {
  description = "Addresses that alarms wake."
  type        = list(string)
}

variable "ticket_emails" {
  description = "Addresses for what can wait until the morning."
  type        = list(string)
}

variable "deletion_protection" {
  description = "Refuse to delete database and load balancers, buckets and repositories that hold something, and keep deleted secrets for 30 days."
  type        = bool
}

variable "log_retention_days" {
  description = "Days for which logs are kept."
  type        = number
  default     = 365
}

variable "image_reader_accounts" {
  description = "Accounts that may pull this environment's images: that of the environment to which they are promoted."
  type        = list(string)
  default     = []
}

variable "promoted_repository_arns" {
  description = "Repositories of the environment whose images are promoted to this one: the role deploy may read them."
  type        = list(string)
  default     = []
}

variable "restore_principal_arns" {
  description = "IAM roles or users who may restore and prune the lake by the role <name>-restore; none: there is no such role."
  type        = list(string)
  default     = []
}
