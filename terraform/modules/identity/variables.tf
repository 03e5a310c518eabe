variable "name" {
  description = "Project and environment (trending-now-prod): the beginning of every role's name, the name of the cluster, and what log groups and families begin with."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,38}[a-z0-9]$", var.name))
    error_message = "name takes 3 to 40 lower-case letters, digits and hyphens, a letter first (trending-now-prod)."
  }
}

variable "environment" {
  description = "Environment: GitHub's environment of this name may deploy, and that with -plan after it may read."
  type        = string
  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "environment is dev, staging or prod."
  }
}

variable "lake_bucket_arn" {
  description = "ARN of the lake's bucket."
  type        = string
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.lake_bucket_arn))
    error_message = "lake_bucket_arn is the ARN of one bucket, without a key and without a wildcard."
  }
}

variable "lake_prefix" {
  description = "Prefix of the lake in its bucket, without slashes at its ends."
  type        = string
  default     = "lake"
  validation {
    condition     = can(regex("^[A-Za-z0-9!_.=-]+(/[A-Za-z0-9!_.=-]+)*$", var.lake_prefix))
    error_message = "lake_prefix has no slash at its ends and no wildcard, quote, backslash or blank (lake, team/lake)."
  }
}

variable "logs_bucket_arn" {
  description = "ARN of the bucket of compute logs."
  type        = string
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.logs_bucket_arn))
    error_message = "logs_bucket_arn is the ARN of one bucket, without a key and without a wildcard."
  }
}

variable "compute_logs_prefix" {
  description = "Prefix of Dagster's compute logs in their bucket: prefix of S3ComputeLogManager in deploy/dagster/production.yaml."
  type        = string
  default     = "compute-logs"
  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]+$", var.compute_logs_prefix))
    error_message = "compute_logs_prefix is one part of a key, without a slash and without a wildcard."
  }
}

variable "kms_key_arn" {
  description = "KMS key of both buckets."
  type        = string
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of one key."
  }
}

variable "secret_arns" {
  description = "Secrets in Secrets Manager that containers get as environment variables: database, tmdb, openai, wandb, api_keys; and ledger, where the API gets a database user of its own for the LLM ledger."
  type        = object({ database = string, tmdb = string, openai = string, wandb = string, api_keys = string, ledger = optional(string) })
  validation {
    condition = alltrue([
      for arn in values(var.secret_arns) : arn == null || can(regex("^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@!-]+$", arn))
    ])
    error_message = "secret_arns takes whole ARNs of secrets, without a wildcard."
  }
}

variable "secrets_kms_key_arn" {
  description = "KMS key of the secrets where they have one of their own; null: Secrets Manager's (aws/secretsmanager), which needs no permission."
  type        = string
  default     = null
  validation {
    condition     = var.secrets_kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.secrets_kms_key_arn))
    error_message = "secrets_kms_key_arn is the ARN of one key, or null."
  }
}

variable "repository_arns" {
  description = "ECR repositories of the two images: dagster, api."
  type        = object({ dagster = string, api = string })
  validation {
    condition = alltrue([
      for arn in values(var.repository_arns) : can(regex("^arn:aws[a-z-]*:ecr:[a-z0-9-]+:[0-9]{12}:repository/[a-z0-9][a-z0-9._/-]+$", arn))
    ])
    error_message = "repository_arns takes whole ARNs of ECR repositories, without a wildcard."
  }
}

variable "github_repository" {
  description = "Repository on GitHub whose workflows deploy, as org/repository."
  type        = string
  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}$", var.github_repository))
    error_message = "github_repository is org/repository, without a wildcard: whoever it names may deploy."
  }
}

variable "cloudwatch_namespace" {
  description = "CloudWatch namespace that the exporter publishes to."
  type        = string
  default     = "TrendingNow"
  validation {
    condition     = can(regex("^[A-Za-z0-9._#-]{1,100}$", var.cloudwatch_namespace))
    error_message = "cloudwatch_namespace takes letters, digits and . _ # -, at most 100."
  }
}

variable "state_bucket_arn" {
  description = "ARN of the bucket in which Terraform's state lies (terraform/bootstrap)."
  type        = string
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.state_bucket_arn))
    error_message = "state_bucket_arn is the ARN of one bucket, without a key and without a wildcard."
  }
}

variable "state_key" {
  description = "Key of this environment's state in that bucket; null: <environment>/terraform.tfstate. The lock lies beside it (.tflock)."
  type        = string
  default     = null
  validation {
    condition     = var.state_key == null || can(regex("^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$", var.state_key))
    error_message = "state_key is one key, without a wildcard."
  }
}

variable "tags" {
  description = "Tags of everything that can carry them, besides the provider's default_tags."
  type        = map(string)
  default     = {}
}

variable "zone_id" {
  description = "Route 53 zone in which the pipeline writes the environment's names; null: in none."
  type        = string
  default     = null
  validation {
    condition     = var.zone_id == null || can(regex("^Z[A-Z0-9]{1,31}$", var.zone_id))
    error_message = "zone_id is the id of one hosted zone (Z…), without a wildcard."
  }
}

variable "restore_principal_arns" {
  description = "IAM roles or users who may take the role <name>-restore, to restore or prune the lake; none: there is no such role."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for arn in var.restore_principal_arns : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[A-Za-z0-9/_+=,.@-]+$", arn))])
    error_message = "restore_principal_arns takes whole ARNs of IAM roles or users, without a wildcard and not a whole account."
  }
}

variable "promoted_repository_arns" {
  description = "ECR repositories of the environment whose images are promoted to this one: the role deploy may read them."
  type        = list(string)
  default     = []
  validation {
    condition = alltrue([
      for arn in var.promoted_repository_arns : can(regex("^arn:aws[a-z-]*:ecr:[a-z0-9-]+:[0-9]{12}:repository/[a-z0-9][a-z0-9._/-]+$", arn))
    ])
    error_message = "promoted_repository_arns takes whole ARNs of ECR repositories, without a wildcard."
  }
}
