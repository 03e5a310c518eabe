# Values: terraform.tfvars of each environment; the digests come with each release.

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
  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "environment is dev, staging or prod."
  }
}

variable "region" {
  description = "Region of everything."
  type        = string
  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region is a region of AWS (eu-central-1)."
  }
}

variable "github_repository" {
  description = "Repository on GitHub whose workflows deploy, as org/repository."
  type        = string
  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}$", var.github_repository))
    error_message = "github_repository is org/repository, without a wildcard."
  }
}

variable "state_bucket_name" {
  description = "Bucket in which this environment's state lies (backend.tf)."
  type        = string
  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.state_bucket_name))
    error_message = "state_bucket_name is the name of an S3 bucket."
  }
}

variable "dagster_image_digest" {
  description = "Digest of the image dagster in its repository: sha256:<64 hex digits>."
  type        = string
  validation {
    condition     = can(regex("^sha256:[0-9a-f]{64}$", var.dagster_image_digest))
    error_message = "dagster_image_digest is sha256:<64 hex digits>, as the push of the image prints it."
  }
}

variable "api_image_digest" {
  description = "Digest of the image api in its repository: sha256:<64 hex digits>."
  type        = string
  validation {
    condition     = can(regex("^sha256:[0-9a-f]{64}$", var.api_image_digest))
    error_message = "api_image_digest is sha256:<64 hex digits>, as the push of the image prints it."
  }
}

variable "cpu_architecture" {
  description = "Architecture that both images were built for: X86_64 or ARM64."
  type        = string
  default     = "X86_64"
  validation {
    condition     = contains(["X86_64", "ARM64"], var.cpu_architecture)
    error_message = "cpu_architecture is X86_64 or ARM64."
  }
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
  validation {
    condition     = alltrue([for zone in var.network.availability_zones : startswith(zone, var.region)])
    error_message = "network.availability_zones lie in region."
  }
}

variable "database" {
  description = "Class, disk in GiB and its bound, standby in another zone, days of backups."
  type        = object({ instance_class = string, storage_gib = number, max_storage_gib = number, multi_az = bool, backup_days = number })
  validation {
    condition     = var.environment != "prod" || var.database.multi_az
    error_message = "prod needs database.multi_az: without a standby a machine that fails takes Dagster and the budget of the LLM with it."
  }
  validation {
    condition     = var.environment != "prod" || var.database.backup_days >= 14
    error_message = "prod needs database.backup_days of 14 or more."
  }
}

variable "database_ca_file" {
  description = "File in the image dagster with RDS's certificates (PGSSLMODE=verify-full). null: TLS without the check of the name (require)."
  type        = string
  default     = null
}

variable "sizes" {
  description = "CPU units and MiB of memory by service: code-server, webserver, viewer, daemon, exporter, run, api. Pairs that Fargate takes."
  type        = map(object({ cpu = number, memory = number }))
  validation {
    condition     = toset(keys(var.sizes)) == toset(["code-server", "webserver", "viewer", "daemon", "exporter", "run", "api"])
    error_message = "sizes takes code-server, webserver, viewer, daemon, exporter, run and api, and nothing else."
  }
  validation {
    # AWS, "Task CPU and memory" of the developer guide for Fargate: lowest, highest and step, by CPU.
    condition = alltrue([
      for size in values(var.sizes) : size.cpu == 256 ? contains([512, 1024, 2048], size.memory) : anytrue([
        for cpu, range in {
          "512"  = [1024, 4096, 1024], "1024" = [2048, 8192, 1024], "2048" = [4096, 16384, 1024],
          "4096" = [8192, 30720, 1024], "8192" = [16384, 61440, 4096], "16384" = [32768, 122880, 8192],
        } : tonumber(cpu) == size.cpu && size.memory >= range[0] && size.memory <= range[1] && size.memory % range[2] == 0
      ])
    ])
    error_message = "sizes holds a pair of CPU and memory that Fargate does not take: 256 takes 512, 1024, 2048; 512 takes 1024 to 4096; 1024: 2048 to 8192; 2048: 4096 to 16384; 4096: 8192 to 30720."
  }
}

variable "run_disk_gib" {
  description = "Disk of a run in GiB."
  type        = number
  validation {
    condition     = var.run_disk_gib >= 21 && var.run_disk_gib <= 200
    error_message = "run_disk_gib is 21 to 200."
  }
}

variable "webserver_count" {
  description = "Tasks of the operators' webserver."
  type        = number
  validation {
    condition     = var.webserver_count >= 1 && var.webserver_count <= 10
    error_message = "webserver_count is 1 to 10."
  }
}

variable "viewer_count" {
  description = "Tasks of the viewers' webserver."
  type        = number
  validation {
    condition     = var.viewer_count >= 1 && var.viewer_count <= 10
    error_message = "viewer_count is 1 to 10."
  }
}

variable "api_count" {
  description = "Tasks of the API at least and at most."
  type        = object({ min = number, max = number })
  validation {
    condition     = var.api_count.max >= var.api_count.min && (var.environment != "prod" || var.api_count.min >= 2)
    error_message = "api_count takes max of min or more, and min of 2 or more in prod: one task is none while its host fails."
  }
}

variable "requests_per_5_minutes" {
  description = "Requests of one address in five minutes after which AWS WAF answers with 429."
  type        = number
  validation {
    condition     = var.requests_per_5_minutes >= 100
    error_message = "requests_per_5_minutes is 100 or more."
  }
}

variable "keys" {
  description = "Keys of other companies' services that runs get: tmdb, openai, wandb, or some of them. Each needs a value in Secrets Manager."
  type        = set(string)
  default     = ["tmdb", "openai", "wandb"]
  validation {
    condition     = length(setsubtract(var.keys, ["tmdb", "openai", "wandb"])) == 0
    error_message = "keys takes tmdb, openai and wandb, or some of them."
  }
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
  validation {
    condition     = length(distinct(values(var.domain_names))) == 3
    error_message = "domain_names takes three names, which differ."
  }
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
  validation {
    condition     = var.zone_id != null || var.certificate_arn != null
    error_message = "Give zone_id, in which certificates can be proved, or certificate_arn: nothing is served without TLS."
  }
}

variable "cognito" {
  description = "Login for Dagster's webservers by a Cognito user pool; null: whoever is in operator_cidrs may."
  type        = object({ user_pool_arn = string, user_pool_domain = string, client_ids = object({ webserver = string, viewer = string }) })
  default     = null
}

variable "page_emails" {
  description = "Addresses that alarms wake."
  type        = list(string)
  validation {
    condition     = length(var.page_emails) > 0 && alltrue([for address in var.page_emails : can(regex("^[^@ ]+@[^@ ]+$", address))])
    error_message = "page_emails takes one address or more: an alarm that tells nobody is none."
  }
}

variable "ticket_emails" {
  description = "Addresses for what can wait until the morning."
  type        = list(string)
  validation {
    condition     = length(var.ticket_emails) > 0 && alltrue([for address in var.ticket_emails : can(regex("^[^@ ]+@[^@ ]+$", address))])
    error_message = "ticket_emails takes one address or more: an alarm that tells nobody is none."
  }
}

variable "deletion_protection" {
  description = "Refuse to delete database and load balancers, buckets and repositories that hold something, and keep deleted secrets for 30 days."
  type        = bool
  validation {
    condition     = var.environment != "prod" || var.deletion_protection
    error_message = "prod needs deletion_protection: a wrong destroy would take a year of trends along."
  }
}

variable "log_retention_days" {
  description = "Days for which logs are kept."
  type        = number
  default     = 365
  validation {
    condition     = contains([30, 60, 90, 120, 150, 180, 365, 400, 545, 731], var.log_retention_days)
    error_message = "log_retention_days is one of CloudWatch's: 30, 60, 90, 120, 150, 180, 365, 400, 545, 731."
  }
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
