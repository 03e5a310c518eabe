variable "name" {
  description = "Project and environment (trending-now-prod): the cluster's name and the beginning of every other."
  type        = string
  validation {
    # The load balancer's name adds "-operators" and has 32 characters at most.
    condition     = can(regex("^[a-z][a-z0-9-]{1,20}[a-z0-9]$", var.name))
    error_message = "name takes 3 to 22 lower-case letters, digits and hyphens, a letter first (trending-now-prod)."
  }
}

variable "environment" {
  description = "Environment: dimension of the exporter's metrics in CloudWatch."
  type        = string
  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "environment is dev, staging or prod."
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

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "private_subnet_ids" {
  description = "Subnets of tasks and of the load balancer, in two zones or more."
  type        = list(string)
  validation {
    condition     = length(var.private_subnet_ids) >= 2
    error_message = "private_subnet_ids takes two subnets or more: a load balancer wants two zones."
  }
}

variable "security_group_ids" {
  description = "Security groups by who wears them: operators-balancer, webserver, viewer, code-server, daemon (and runs), exporter."
  type        = map(string)
  validation {
    condition     = alltrue([for group in ["operators-balancer", "webserver", "viewer", "code-server", "daemon", "exporter"] : contains(keys(var.security_group_ids), group)])
    error_message = "security_group_ids takes operators-balancer, webserver, viewer, code-server, daemon and exporter."
  }
}

variable "image" {
  description = "The image dagster by its digest."
  type        = string
  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image is <repository>@sha256:<64 hex digits>."
  }
}

variable "task_role_arns" {
  description = "Roles that the containers act as, by service; each service's is its own."
  type        = map(string)
  validation {
    condition = alltrue([
      for service in ["code-server", "webserver", "viewer", "daemon", "exporter", "run"] : contains(keys(var.task_role_arns), service)
    ]) && length(distinct(values(var.task_role_arns))) == length(var.task_role_arns)
    error_message = "task_role_arns takes a role of its own for code-server, webserver, viewer, daemon, exporter and run."
  }
}

variable "execution_role_arns" {
  description = "Roles by which ECS starts the containers, by service; each service's is its own."
  type        = map(string)
  validation {
    condition = alltrue([
      for service in ["code-server", "webserver", "viewer", "daemon", "exporter", "run"] : contains(keys(var.execution_role_arns), service)
    ]) && length(distinct(values(var.execution_role_arns))) == length(var.execution_role_arns)
    error_message = "execution_role_arns takes a role of its own for code-server, webserver, viewer, daemon, exporter and run."
  }
}

variable "sizes" {
  description = "CPU units and MiB of memory by service, run included: pairs that Fargate takes."
  type        = map(object({ cpu = number, memory = number }))
  validation {
    condition     = toset(keys(var.sizes)) == toset(["code-server", "webserver", "viewer", "daemon", "exporter", "run"])
    error_message = "sizes takes code-server, webserver, viewer, daemon, exporter and run, and nothing else."
  }
}

variable "run_disk_gib" {
  description = "Disk of a run in GiB: /tmp, in which DuckDB spills."
  type        = number
  default     = 50
  validation {
    condition     = var.run_disk_gib >= 21 && var.run_disk_gib <= 200
    error_message = "run_disk_gib is 21 to 200."
  }
}

variable "webserver_count" {
  description = "Tasks of the operators' webserver."
  type        = number
  default     = 1
  validation {
    condition     = var.webserver_count >= 1 && var.webserver_count <= 10
    error_message = "webserver_count is 1 to 10."
  }
}

variable "viewer_count" {
  description = "Tasks of the viewers' webserver."
  type        = number
  default     = 1
  validation {
    condition     = var.viewer_count >= 1 && var.viewer_count <= 10
    error_message = "viewer_count is 1 to 10."
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

variable "database" {
  description = "Postgres of Dagster's storage and the LLM ledger; secret_arn holds JSON of username and password."
  type        = object({ address = string, port = number, name = string, secret_arn = string })
}

variable "database_ca_file" {
  description = "File in the image with RDS's certificates, by which the database's name is checked as well (PGSSLMODE=verify-full). null: TLS without that (require)."
  type        = string
  default     = null
  validation {
    condition     = var.database_ca_file == null ? true : startswith(var.database_ca_file, "/")
    error_message = "database_ca_file is a path from the image's root, or null."
  }
}

variable "secret_arns" {
  description = "Secrets that runs get: tmdb, openai, wandb, or some of them. Each needs a value, or no run starts."
  type        = map(string)
  validation {
    condition     = length(setsubtract(keys(var.secret_arns), ["tmdb", "openai", "wandb"])) == 0
    error_message = "secret_arns takes tmdb, openai and wandb, or some of them."
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

variable "logs_bucket_name" {
  description = "Bucket of compute logs (DAGSTER_LOGS_BUCKET)."
  type        = string
}

variable "access_logs_bucket" {
  description = "Bucket that the load balancer may write its access logs to."
  type        = string
}

variable "cloudwatch_namespace" {
  description = "Namespace that the exporter publishes to."
  type        = string
  default     = "TrendingNow"
  validation {
    condition     = can(regex("^[A-Za-z0-9._#-]{1,100}$", var.cloudwatch_namespace))
    error_message = "cloudwatch_namespace takes letters, digits and . _ # -, at most 100."
  }
}

variable "settings" {
  description = "More of trending_assets/settings.py for all of Dagster's services and runs (TRENDING_…). Nothing secret."
  type        = map(string)
  default     = {}
  validation {
    condition     = alltrue([for name in keys(var.settings) : can(regex("^TRENDING_[A-Z0-9_]+$", name))])
    error_message = "settings takes variables that begin with TRENDING_."
  }
}

variable "domain_names" {
  description = "Names of the two webservers (dagster.example.org)."
  type        = object({ webserver = string, viewer = string })
  validation {
    condition = var.domain_names.webserver != var.domain_names.viewer && alltrue([
      for name in values(var.domain_names) : can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", name))
    ])
    error_message = "domain_names takes two names, which differ: the load balancer tells the webservers apart by them."
  }
}

variable "certificate_arn" {
  description = "Certificate of both names. null: one is made, proved in zone_id."
  type        = string
  default     = null
  validation {
    condition     = var.certificate_arn != null ? can(regex("^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/.+$", var.certificate_arn)) : var.zone_id != null
    error_message = "Give certificate_arn, the ARN of a certificate, or zone_id, in which one can be proved: nothing is served without TLS."
  }
}

variable "zone_id" {
  description = "Route 53 zone that gets the names. null: whoever keeps the zone points them at balancer_dns_name."
  type        = string
  default     = null
}

variable "cognito" {
  description = "Login by a Cognito user pool, which other identity providers (OIDC, SAML) can be joined to: a client for each webserver decides who may use it. null: whoever is in the network may."
  type        = object({ user_pool_arn = string, user_pool_domain = string, client_ids = object({ webserver = string, viewer = string }) })
  default     = null
  validation {
    condition     = var.cognito == null ? true : can(regex("^arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:[0-9]{12}:userpool/.+$", var.cognito.user_pool_arn)) && var.cognito.client_ids.webserver != var.cognito.client_ids.viewer
    error_message = "cognito takes the ARN of a user pool, and two clients: with one, every viewer would be an operator."
  }
}

variable "deletion_protection" {
  description = "Refuse to delete the load balancer."
  type        = bool
}

variable "log_retention_days" {
  description = "Days for which the services' logs are kept."
  type        = number
  default     = 365
}

variable "kms_key_arn" {
  description = "KMS key of the logs; its policy has to let CloudWatch Logs use it."
  type        = string
}
