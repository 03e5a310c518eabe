# The same file in every environment; what differs stands in terraform.tfvars, and where the state lies in backend.tf.

module "platform" {
  source                 = "../../modules/platform"
  environment            = var.environment
  region                 = var.region
  github_repository      = var.github_repository
  state_bucket_name      = var.state_bucket_name
  dagster_image_digest   = var.dagster_image_digest
  api_image_digest       = var.api_image_digest
  cpu_architecture       = var.cpu_architecture
  network                = var.network
  database               = var.database
  database_ca_file       = var.database_ca_file
  sizes                  = var.sizes
  run_disk_gib           = var.run_disk_gib
  webserver_count        = var.webserver_count
  viewer_count           = var.viewer_count
  api_count              = var.api_count
  requests_per_5_minutes = var.requests_per_5_minutes
  keys                   = var.keys
  dagster_settings       = var.dagster_settings
  api_settings           = var.api_settings
  domain_names           = var.domain_names
  certificate_arn        = var.certificate_arn
  zone_id                = var.zone_id
  cognito                = var.cognito
  page_emails            = var.page_emails
  ticket_emails          = var.ticket_emails
  deletion_protection    = var.deletion_protection
  log_retention_days     = var.log_retention_days

  image_reader_accounts    = var.image_reader_accounts
  promoted_repository_arns = var.promoted_repository_arns
  restore_principal_arns   = var.restore_principal_arns
}
