# What runs. Commands and health checks are those of deploy/compose.yaml.

locals {
  workspace = "/opt/dagster/workspace.yaml"
  get       = "import sys, urllib.request as u; u.urlopen(sys.argv[1], timeout=5)"
  # Nothing here is secret. libpq reads PG… by itself, so the ledger's address names no host.
  common = merge(
    var.settings,
    {
      AWS_REGION               = var.region
      DAGSTER_HOME             = "/opt/dagster"
      DAGSTER_LOGS_BUCKET      = var.logs_bucket_name
      DAGSTER_CODE_SERVER_HOST = "code-server.${aws_service_discovery_private_dns_namespace.this.name}"
      PGHOST                   = var.database.address
      PGPORT                   = tostring(var.database.port)
      PGDATABASE               = var.database.name
      PGSSLMODE                = var.database_ca_file == null ? "require" : "verify-full"
      TRENDING_LAKE            = var.lake
      TRENDING_LLM_LEDGER      = "postgresql+psycopg://"
      TRENDING_STATE_DIR       = "/tmp/trending"
    },
    var.database_ca_file == null ? {} : { PGSSLROOTCERT = var.database_ca_file },
  )
  database = {
    PGUSER     = "${var.database.secret_arn}:username::"
    PGPASSWORD = "${var.database.secret_arn}:password::"
  }
  # The daemon launches this revision and no other; whoever shows or stops runs names the same one.
  launcher = { DAGSTER_RUN_TASK_DEFINITION = module.run.arn }

  services = {
    code-server = {
      command     = ["dagster", "code-server", "start", "--host", "0.0.0.0", "--port", "4000", "--module-name", "trending_assets.definitions"]
      health      = ["dagster", "api", "grpc-health-check", "--port", "4000"]
      ports       = [4000]
      environment = {}
      http        = null
      count       = 1
      # Two versions of the graph at once would answer in turns.
      alone = true
    }
    webserver = {
      command     = ["dagster-webserver", "--host", "0.0.0.0", "--port", "3000", "--workspace", local.workspace]
      health      = ["python", "-c", local.get, "http://127.0.0.1:3000/server_info"]
      ports       = [3000]
      environment = local.launcher
      http        = local.webserver
      count       = var.webserver_count
      alone       = false
    }
    viewer = {
      command     = ["dagster-webserver", "--host", "0.0.0.0", "--port", "3001", "--workspace", local.workspace, "--read-only"]
      health      = ["python", "-c", local.get, "http://127.0.0.1:3001/server_info"]
      ports       = [3001]
      environment = local.launcher
      http        = local.webserver
      count       = var.viewer_count
      alone       = false
    }
    daemon = {
      command     = ["dagster-daemon", "run", "--workspace", local.workspace]
      health      = ["dagster-daemon", "liveness-check"]
      ports       = []
      environment = local.launcher
      http        = null
      count       = 1
      # Two daemons would launch everything twice: the old one ends before the new one begins.
      alone = true
    }
    exporter = {
      command = ["trending", "exporter", "--host", "0.0.0.0", "--port", "9108"]
      health  = ["python", "-c", local.get, "http://127.0.0.1:9108/metrics"]
      ports   = [9108]
      environment = {
        TRENDING_CLOUDWATCH_NAMESPACE   = var.cloudwatch_namespace
        TRENDING_CLOUDWATCH_ENVIRONMENT = var.environment
      }
      http  = null
      count = 1
      # Of two the worse value would count, and a dead one would go unnoticed.
      alone = true
    }
  }
  webserver = { vpc_id = var.vpc_id, ready_path = "/server_info", deregistration_seconds = 30 }
}

module "service" {
  source             = "../task"
  for_each           = local.services
  name               = var.name
  service            = each.key
  region             = var.region
  image              = var.image
  command            = each.value.command
  health_command     = each.value.health
  start_seconds      = 120
  ports              = each.value.ports
  http               = each.value.http
  environment        = merge(local.common, each.value.environment)
  secrets            = local.database
  cpu                = var.sizes[each.key].cpu
  memory             = var.sizes[each.key].memory
  cpu_architecture   = var.cpu_architecture
  task_role_arn      = var.task_role_arns[each.key]
  execution_role_arn = var.execution_role_arns[each.key]
  log_retention_days = var.log_retention_days
  kms_key_arn        = var.kms_key_arn
}

# EcsRunLauncher gives the command, and CPU and memory where a job's tags ask for more. The keys of other companies' services
# are here alone: whoever breaks into a webserver or the daemon finds none.
module "run" {
  source  = "../task"
  name    = var.name
  service = "run"
  region  = var.region
  image   = var.image
  command = ["dagster", "--version"]
  environment = merge(local.common, {
    # By its family: a definition cannot know its own revision. A run launches nothing, but reads the same dagster.yaml.
    DAGSTER_RUN_TASK_DEFINITION = "${var.name}-run"
    # Where a heavy step's own task goes, if TRENDING_HEAVY_STEPS = "ecs" among the settings asks for one: where runs go.
    TRENDING_HEAVY_CLUSTER         = aws_ecs_cluster.this.name
    TRENDING_HEAVY_TASK_DEFINITION = "${var.name}-run"
    TRENDING_HEAVY_SUBNETS         = join(",", var.private_subnet_ids)
    TRENDING_HEAVY_SECURITY_GROUPS = var.security_group_ids["daemon"]
  })
  secrets            = merge(local.database, { for key, arn in var.secret_arns : "${upper(key)}_API_KEY" => arn })
  cpu                = var.sizes["run"].cpu
  memory             = var.sizes["run"].memory
  disk_gib           = var.run_disk_gib
  cpu_architecture   = var.cpu_architecture
  stop_seconds       = 120
  task_role_arn      = var.task_role_arns["run"]
  execution_role_arn = var.execution_role_arns["run"]
  log_retention_days = var.log_retention_days
  kms_key_arn        = var.kms_key_arn
}
