variable "name" {
  description = "Project and environment (trending-now-prod): the beginning of the family's and the log group's name."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,38}[a-z0-9]$", var.name))
    error_message = "name takes 3 to 40 lower-case letters, digits and hyphens, a letter first (trending-now-prod)."
  }
}

variable "service" {
  description = "Service: code-server, webserver, viewer, daemon, run, exporter or api. Also the container's name."
  type        = string
  validation {
    condition     = contains(["code-server", "webserver", "viewer", "daemon", "run", "exporter", "api"], var.service)
    error_message = "service is code-server, webserver, viewer, daemon, run, exporter or api."
  }
}

variable "region" {
  description = "Region of the log group."
  type        = string
  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region is a region of AWS (eu-central-1)."
  }
}

variable "image" {
  description = "Image by its digest: <repository>@sha256:<64 hex digits>."
  type        = string
  validation {
    condition     = can(regex("^[^@:]+(:[0-9]+)?[^@:]*@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image is <repository>@sha256:<64 hex digits>: what a tag names can change, a digest cannot."
  }
}

variable "command" {
  description = "Command and arguments."
  type        = list(string)
  validation {
    condition     = length(var.command) > 0
    error_message = "command takes one word or more."
  }
}

variable "cpu" {
  description = "CPU units of the task (1024: one vCPU)."
  type        = number
  validation {
    condition     = contains([256, 512, 1024, 2048, 4096, 8192, 16384], var.cpu)
    error_message = "cpu is one of Fargate's: 256, 512, 1024, 2048, 4096, 8192, 16384."
  }
}

variable "memory" {
  description = "Memory of the task in MiB. Fargate takes certain pairs of CPU and memory only."
  type        = number
  validation {
    # AWS, "Task CPU and memory" of the developer guide for Fargate: lowest, highest and step, by CPU.
    condition = var.cpu == 256 ? contains([512, 1024, 2048], var.memory) : alltrue([
      for cpu, range in {
        "512"  = [1024, 4096, 1024], "1024" = [2048, 8192, 1024], "2048" = [4096, 16384, 1024],
        "4096" = [8192, 30720, 1024], "8192" = [16384, 61440, 4096], "16384" = [32768, 122880, 8192],
      } : var.memory >= range[0] && var.memory <= range[1] && var.memory % range[2] == 0 if tonumber(cpu) == var.cpu
    ])
    error_message = "Fargate takes no task of this CPU with this memory: 256 takes 512, 1024, 2048; 512 takes 1024 to 4096; 1024: 2048 to 8192; 2048: 4096 to 16384; 4096: 8192 to 30720, in steps of 1024."
  }
}

variable "disk_gib" {
  description = "Disk of the task in GiB, /tmp included; 21 is Fargate's least that can be named, one more than it gives."
  type        = number
  default     = 21
  validation {
    condition     = var.disk_gib >= 21 && var.disk_gib <= 200 && floor(var.disk_gib) == var.disk_gib
    error_message = "disk_gib is a whole number from 21 to 200."
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

variable "task_role_arn" {
  description = "Role that the container acts as."
  type        = string
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$", var.task_role_arn))
    error_message = "task_role_arn is the ARN of a role."
  }
}

variable "execution_role_arn" {
  description = "Role by which ECS pulls the image, writes the log and reads the secrets."
  type        = string
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$", var.execution_role_arn)) && var.execution_role_arn != var.task_role_arn
    error_message = "execution_role_arn is the ARN of a role, and another than the task's: a container must not read secrets by itself."
  }
}

variable "environment" {
  description = "Environment of the container. Nothing secret: it is readable by whoever may describe tasks."
  type        = map(string)
  default     = {}
  validation {
    condition     = alltrue([for name in keys(var.environment) : !can(regex("(?i)(password|secret|token|api_?key|credentials?)$", name))])
    error_message = "A name in environment sounds like a secret. Give it in secrets, by the ARN of an entry in Secrets Manager."
  }
}

variable "secrets" {
  description = "Secrets of the container's environment: name => ARN in Secrets Manager (with :<JSON key>:: for a part of one)."
  type        = map(string)
  default     = {}
  validation {
    condition     = alltrue([for arn in values(var.secrets) : can(regex("^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:.+$", arn))])
    error_message = "secrets takes ARNs of entries in Secrets Manager, never values."
  }
}

variable "prepare" {
  description = "Command that runs to its end before the service, with secrets of its own; null: none."
  type        = object({ command = list(string), secrets = map(string) })
  default     = null
  validation {
    condition = var.prepare == null ? true : length(var.prepare.command) > 0 && alltrue([
      for arn in values(var.prepare.secrets) : can(regex("^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:.+$", arn))
    ])
    error_message = "prepare takes a command, and secrets by ARNs of entries in Secrets Manager, never values."
  }
}

variable "health_command" {
  description = "Command that ECS runs in the container every 30 seconds; null: none (a run ends by itself)."
  type        = list(string)
  default     = null
  validation {
    condition     = var.health_command == null ? true : length(var.health_command) > 0
    error_message = "health_command takes one word or more, or null."
  }
}

variable "start_seconds" {
  description = "Seconds after the start in which a failed health check does not count."
  type        = number
  default     = 60
  validation {
    condition     = var.start_seconds >= 0 && var.start_seconds <= 300
    error_message = "start_seconds is 0 to 300."
  }
}

variable "stop_seconds" {
  description = "Seconds between SIGTERM and SIGKILL."
  type        = number
  default     = 30
  validation {
    condition     = var.stop_seconds >= 2 && var.stop_seconds <= 120
    error_message = "stop_seconds is 2 to 120, which is the most that Fargate grants."
  }
}

variable "ports" {
  description = "TCP ports that the container listens on."
  type        = list(number)
  default     = []
  validation {
    condition     = alltrue([for port in var.ports : port >= 1024 && port <= 65535])
    error_message = "ports are 1024 to 65535: the container is not root."
  }
}

variable "log_retention_days" {
  description = "Days for which the log is kept."
  type        = number
  default     = 365
  validation {
    condition     = contains([30, 60, 90, 120, 150, 180, 365, 400, 545, 731], var.log_retention_days)
    error_message = "log_retention_days is one of CloudWatch's: 30, 60, 90, 120, 150, 180, 365, 400, 545, 731."
  }
}

variable "kms_key_arn" {
  description = "KMS key of the log group; its policy has to let CloudWatch Logs use it."
  type        = string
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of one key."
  }
}

variable "http" {
  description = "Makes a load balancer's target group for the first port: network, path that answers 200 when ready, seconds that a task goes on being asked while it leaves. null: none."
  type        = object({ vpc_id = string, ready_path = string, deregistration_seconds = number })
  default     = null
  validation {
    # Names of target groups have 32 characters at most.
    condition     = var.http == null ? true : startswith(var.http.ready_path, "/") && length(var.ports) > 0 && length("${var.name}-${var.service}") <= 32
    error_message = "http takes a path that begins with a slash, and a task with a port; name and service have 31 characters together at most."
  }
}
