# staging: prod in small. Releases come here first, and integration and load tests run against it. Nothing secret stands here.
# Replace account_id (and the bucket's name here and in backend.tf), names, zone and addresses by your own.

environment       = "staging"
account_id        = "222222222222"
region            = "eu-central-1"
github_repository = "trending-now/trending-now"
state_bucket_name = "trending-now-terraform-222222222222"
owner             = "data"
cost_center       = "trending-now"

network = {
  cidr                = "10.20.0.0/16"
  availability_zones  = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
  nat_per_zone        = false
  interface_endpoints = []
  api_cidrs           = ["0.0.0.0/0"]
  operator_cidrs      = ["10.0.0.0/16"]
}

database = {
  instance_class  = "db.t4g.small"
  storage_gib     = 20
  max_storage_gib = 100
  multi_az        = true
  backup_days     = 7
}

sizes = {
  code-server = { cpu = 512, memory = 2048 }
  webserver   = { cpu = 512, memory = 1024 }
  viewer      = { cpu = 256, memory = 1024 }
  daemon      = { cpu = 256, memory = 1024 }
  exporter    = { cpu = 256, memory = 1024 }
  run         = { cpu = 2048, memory = 8192 }
  api         = { cpu = 512, memory = 1024 }
}
run_disk_gib           = 50
webserver_count        = 1
viewer_count           = 1
api_count              = { min = 2, max = 4 }
requests_per_5_minutes = 100000

keys             = ["tmdb", "openai", "wandb"]
dagster_settings = { TRENDING_LLM_DAILY_BUDGET_USD = "2" }
api_settings     = {}

domain_names = {
  api       = "staging.trends.example.org"
  webserver = "dagster.staging.trends.example.org"
  viewer    = "dagster-view.staging.trends.example.org"
}
zone_id = "Z02222222222222222222"

page_emails   = ["data@example.org"]
ticket_emails = ["data@example.org"]

deletion_protection = false
log_retention_days  = 365

# Images go from staging's account to prod's. Who restores: roles of your operators, by their whole ARNs.
image_reader_accounts    = ["333333333333"]
promoted_repository_arns = []
restore_principal_arns   = []
