# One environment, whole. dev, staging and prod are links to these files: what differs stands in their terraform.tfvars, and where
# the state lies in backend.tf.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  name                = "trending-now-${var.environment}"
  lake_prefix         = "lake"
  compute_logs_prefix = "compute-logs" # of deploy/dagster/production.yaml
  namespace           = "TrendingNow"
  lake                = "s3://${module.lake.bucket_name}/${local.lake_prefix}"
}

module "lake" {
  source        = "../../modules/lake"
  name          = local.name
  lake_prefix   = local.lake_prefix
  force_destroy = !var.deletion_protection
}

module "registry" {
  source       = "../../modules/registry"
  name         = local.name
  kms_key_arn  = aws_kms_key.operations.arn
  force_delete = !var.deletion_protection
  readers      = var.image_reader_accounts
}

module "secrets" {
  source        = "../../modules/secrets"
  name          = local.name
  kms_key_arn   = aws_kms_key.operations.arn
  recovery_days = var.deletion_protection ? 30 : 7
}

module "network" {
  source                   = "../../modules/network"
  name                     = local.name
  cidr                     = var.network.cidr
  availability_zones       = var.network.availability_zones
  nat_per_zone             = var.network.nat_per_zone
  interface_endpoints      = var.network.interface_endpoints
  api_cidrs                = var.network.api_cidrs
  operator_cidrs           = var.network.operator_cidrs
  log_retention_days       = var.log_retention_days
  kms_key_arn              = aws_kms_key.operations.arn
  permissions_boundary_arn = module.identity.boundary_arn
}

module "database" {
  source              = "../../modules/database"
  name                = local.name
  subnet_ids          = module.network.database_subnet_ids
  security_group_id   = module.network.security_group_ids["database"]
  instance_class      = var.database.instance_class
  storage_gib         = var.database.storage_gib
  max_storage_gib     = var.database.max_storage_gib
  multi_az            = var.database.multi_az
  backup_days         = var.database.backup_days
  deletion_protection = var.deletion_protection
  kms_key_arn         = aws_kms_key.operations.arn
  secrets_kms_key_arn = aws_kms_key.operations.arn

  permissions_boundary_arn = module.identity.boundary_arn
}

module "identity" {
  source               = "../../modules/identity"
  name                 = local.name
  environment          = var.environment
  lake_bucket_arn      = module.lake.bucket_arn
  lake_prefix          = local.lake_prefix
  logs_bucket_arn      = module.lake.logs_bucket_arn
  compute_logs_prefix  = local.compute_logs_prefix
  kms_key_arn          = module.lake.kms_key_arn
  secrets_kms_key_arn  = aws_kms_key.operations.arn
  secret_arns          = merge(module.secrets.secret_arns, { database = module.database.secret_arn })
  repository_arns      = module.registry.repository_arns
  github_repository    = var.github_repository
  cloudwatch_namespace = local.namespace
  zone_id              = var.zone_id
  state_bucket_arn     = "arn:${data.aws_partition.current.partition}:s3:::${var.state_bucket_name}"

  restore_principal_arns   = var.restore_principal_arns
  promoted_repository_arns = var.promoted_repository_arns
}

module "orchestrator" {
  source               = "../../modules/orchestrator"
  name                 = local.name
  environment          = var.environment
  region               = var.region
  vpc_id               = module.network.vpc_id
  private_subnet_ids   = module.network.private_subnet_ids
  security_group_ids   = module.network.security_group_ids
  image                = "${module.registry.repository_urls["dagster"]}@${var.dagster_image_digest}"
  task_role_arns       = { for service, arn in module.identity.task_role_arns : service => arn if service != "api" }
  execution_role_arns  = { for service, arn in module.identity.execution_role_arns : service => arn if service != "api" }
  sizes                = { for service, size in var.sizes : service => size if service != "api" }
  run_disk_gib         = var.run_disk_gib
  webserver_count      = var.webserver_count
  viewer_count         = var.viewer_count
  cpu_architecture     = var.cpu_architecture
  database             = { address = module.database.address, port = module.database.port, name = module.database.name, secret_arn = module.database.secret_arn }
  database_ca_file     = var.database_ca_file
  secret_arns          = { for key in var.keys : key => module.secrets.secret_arns[key] }
  lake                 = local.lake
  logs_bucket_name     = module.lake.logs_bucket_name
  access_logs_bucket   = module.lake.access_bucket_name
  cloudwatch_namespace = local.namespace
  settings             = merge(var.dagster_settings, { TRENDING_API_URL = "https://${var.domain_names.api}" })
  domain_names         = { webserver = var.domain_names.webserver, viewer = var.domain_names.viewer }
  certificate_arn      = var.certificate_arn
  zone_id              = var.zone_id
  cognito              = var.cognito
  deletion_protection  = var.deletion_protection
  log_retention_days   = var.log_retention_days
  kms_key_arn          = aws_kms_key.operations.arn
}

module "api_service" {
  source                 = "../../modules/api_service"
  name                   = local.name
  region                 = var.region
  cluster_name           = module.orchestrator.cluster_name
  cluster_arn            = module.orchestrator.cluster_arn
  vpc_id                 = module.network.vpc_id
  public_subnet_ids      = module.network.public_subnet_ids
  private_subnet_ids     = module.network.private_subnet_ids
  security_group_ids     = module.network.security_group_ids
  image                  = "${module.registry.repository_urls["api"]}@${var.api_image_digest}"
  task_role_arn          = module.identity.task_role_arns["api"]
  execution_role_arn     = module.identity.execution_role_arns["api"]
  size                   = var.sizes["api"]
  count_range            = var.api_count
  cpu_architecture       = var.cpu_architecture
  lake                   = local.lake
  settings               = var.api_settings
  api_keys_secret_arn    = module.secrets.secret_arns["api_keys"]
  dagster_url            = module.orchestrator.viewer_url
  requests_per_5_minutes = var.requests_per_5_minutes
  alarm_topic_arns       = [aws_sns_topic.this["page"].arn]
  domain_name            = var.domain_names.api
  certificate_arn        = var.certificate_arn
  zone_id                = var.zone_id
  access_logs_bucket     = module.lake.access_bucket_name
  deletion_protection    = var.deletion_protection
  log_retention_days     = var.log_retention_days
  kms_key_arn            = aws_kms_key.operations.arn
}

module "monitoring" {
  source             = "../../modules/monitoring"
  environment        = var.environment
  bucket_name        = module.lake.bucket_name
  lake_prefix        = local.lake_prefix
  namespace          = local.namespace
  page_topic_arns    = [aws_sns_topic.this["page"].arn]
  ticket_topic_arns  = [aws_sns_topic.this["ticket"].arn]
  log_retention_days = var.log_retention_days
  kms_key_arn        = aws_kms_key.operations.arn
}

# A warning and no refusal: a zone that fails is a matter of money.
check "a_zone_may_fail" {
  assert {
    condition     = var.environment != "prod" || var.network.nat_per_zone
    error_message = "prod has one NAT gateway: if its zone fails, no task reaches AWS or the web. Set nat_per_zone."
  }
}
