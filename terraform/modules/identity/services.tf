# What each service's code calls. Keys are relative to the lake.

locals {
  lake_reads = {
    # The sensors: what waits for the LLM, whether models are to be trained again.
    code-server = ["quarantine/document_scores/*", "quarantine/title_digests/*", "genre/registry.json", "drift/report/*", "staging/titles/*"]
    run         = ["*"]
    # What is published, the champions that /v1/classify asks, and the two pages of drift that the operator's page links to.
    api = ["serving/current.json", "serving/versions/*", "serving/objects/*", "genre/registry.json", "genre/models/*",
    "drift/report/*/report.html", "drift/profiles/*/profiles.html"]
    # The newest day of what it counts (monitoring/table_metrics.py); days are counted by the listing alone.
    exporter = ["quarantine/*", "raw/*", "scoring/document_scores/*", "scoring/title_digests/*", "drift/report/*", "drift/quality/*", "serving/current.json"]
  }

  read_lake = {
    for service, keys in local.lake_reads : service => [
      {
        Sid      = "ReadLake"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = [for key in keys : "${local.lake}/${key}"]
      },
      {
        # HeadBucket, and a 404 rather than a 403 for what is not there, need it and know no prefix. It shows names, no content.
        Sid      = "ListLake"
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = var.lake_bucket_arn
      },
      {
        Sid       = "DecryptLake"
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = var.kms_key_arn
        Condition = local.through_s3.lake
      },
    ]
  }

  write_lake = [
    {
      # AbortMultipartUpload ends what DuckDB and DVC began in parts and could not finish.
      Sid      = "WriteLake"
      Effect   = "Allow"
      Action   = ["s3:PutObject", "s3:AbortMultipartUpload"]
      Resource = "${local.lake}/*"
    },
    {
      Sid       = "EncryptLake"
      Effect    = "Allow"
      Action    = "kms:GenerateDataKey"
      Resource  = var.kms_key_arn
      Condition = local.through_s3.lake
    },
  ]

  # Dagster's S3ComputeLogManager: stdout and stderr of runs, and what sensors, schedules and backfills say at a tick.
  write_compute_logs = [
    {
      Sid      = "WriteComputeLogs"
      Effect   = "Allow"
      Action   = ["s3:PutObject", "s3:AbortMultipartUpload"]
      Resource = "${local.compute_logs}/storage/*"
    },
    {
      # Decrypt: a log in several parts is put together again.
      Sid       = "EncryptComputeLogs"
      Effect    = "Allow"
      Action    = ["kms:GenerateDataKey", "kms:Decrypt"]
      Resource  = var.kms_key_arn
      Condition = local.through_s3.logs
    },
  ]

  read_compute_logs = [
    {
      Sid      = "ReadComputeLogs"
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = "${local.compute_logs}/storage/*"
    },
    {
      Sid       = "ListComputeLogs"
      Effect    = "Allow"
      Action    = "s3:ListBucket"
      Resource  = var.logs_bucket_arn
      Condition = { StringLike = { "s3:prefix" = "${var.compute_logs_prefix}/storage/*" } }
    },
    {
      Sid       = "DecryptComputeLogs"
      Effect    = "Allow"
      Action    = "kms:Decrypt"
      Resource  = var.kms_key_arn
      Condition = local.through_s3.logs
    },
  ]

  # Dagster's EcsRunLauncher (dagster_aws/ecs/launcher.py) with a task definition that Terraform made: it registers none, so
  # nobody who gets hold of the daemon can run another image.
  know_definition = {
    Sid      = "KnowTaskDefinition"
    Effect   = "Allow"
    Action   = "ecs:DescribeTaskDefinition"
    Resource = "*"
  }
  stop_runs = {
    Sid       = "SeeAndStopRuns"
    Effect    = "Allow"
    Action    = ["ecs:DescribeTasks", "ecs:StopTask"]
    Resource  = local.tasks
    Condition = local.on_cluster
  }
  start_runs = [
    {
      Sid       = "LaunchRuns"
      Effect    = "Allow"
      Action    = "ecs:RunTask"
      Resource  = local.run_family
      Condition = local.on_cluster
    },
    {
      Sid       = "TagRuns"
      Effect    = "Allow"
      Action    = "ecs:TagResource"
      Resource  = local.tasks
      Condition = { StringEquals = { "ecs:CreateAction" = "RunTask" } }
    },
    {
      Sid       = "PassRunRoles"
      Effect    = "Allow"
      Action    = "iam:PassRole"
      Resource  = local.run_roles
      Condition = local.of_ecs
    },
    {
      # The last lines of a run that died are put into its event log; a heavy step's task reports by its log.
      Sid      = "ReadLogsOfRuns"
      Effect   = "Allow"
      Action   = "logs:GetLogEvents"
      Resource = "${local.log_groups}/run:log-stream:*"
    },
  ]
  # A run gets the subnets and security groups of the daemon's own network interface.
  know_own_network = {
    Sid       = "KnowOwnNetwork"
    Effect    = "Allow"
    Action    = "ec2:DescribeNetworkInterfaces"
    Resource  = "*"
    Condition = { StringEquals = { "ec2:Region" = local.region } }
  }
  # Dagster's PipesECSClient waits until the stream of a heavy step's task is there (trending_assets/heavy.py).
  find_logs_of_runs = {
    Sid      = "FindLogsOfRuns"
    Effect   = "Allow"
    Action   = "logs:DescribeLogStreams"
    Resource = "${local.log_groups}/run:*"
  }

  publish_metrics = {
    Sid       = "PublishMetrics"
    Effect    = "Allow"
    Action    = "cloudwatch:PutMetricData"
    Resource  = "*"
    Condition = { StringEquals = { "cloudwatch:namespace" = var.cloudwatch_namespace } }
  }

  task_statements = {
    code-server = concat(local.read_lake.code-server, local.write_compute_logs)
    webserver   = concat(local.read_compute_logs, [local.know_definition, local.stop_runs])
    # Its page of the instance names the run launcher, which asks for its task definition when it is made.
    viewer = concat(local.read_compute_logs, [local.know_definition])
    daemon = concat(local.write_compute_logs, [local.know_definition, local.stop_runs], local.start_runs, [local.know_own_network])
    run = concat(
      local.read_lake.run, local.write_lake, local.write_compute_logs,
      [local.know_definition, local.stop_runs], local.start_runs, [local.find_logs_of_runs],
    )
    api      = local.read_lake.api
    exporter = concat(local.read_lake.exporter, [local.publish_metrics])
  }
}
