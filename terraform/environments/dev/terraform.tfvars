# dev: thrown away and made again; the least of everything. Nothing secret stands here.
# Replace account_id (and the bucket's name here and in backend.tf), names, zone and addresses by your own.

environment       = "dev"
account_id        = "111111111111"
region            = "eu-central-1"
github_repository = "trending-now/trending-now"
state_bucket_name = "trending-now-terraform-111111111111"
owner             = "data"
cost_center       = "trending-now"

network = {
  cidr                = "10.10.0.0/16"
  availability_zones  = ["eu-central-1a", "eu-central-1b"]
  nat_per_zone        = false
  interface_endpoints = []
  api_cidrs           = ["0.0.0.0/0"]
  operator_cidrs      = ["10.0.0.0/16"]
}

database = {
  instance_class  = "db.t4g.micro"
  storage_gib     = 20
  max_storage_gib = 50
  multi_az        = false
  backup_days     = 7
}

sizes = {
  code-server = { cpu = 512, memory = 2048 }
  webserver   = { cpu = 256, memory = 1024 }
  viewer      = { cpu = 256, memory = 1024 }
  daemon      = { cpu = 256, memory = 1024 }
  exporter    = { cpu = 256, memory = 512 }
  run         = { cpu = 1024, memory = 4096 }
  api         = { cpu = 256, memory = 512 }
}
run_disk_gib           = 30
webserver_count        = 1
viewer_count           = 1
api_count              = { min = 1, max = 2 }
requests_per_5_minutes = 3000

keys             = ["tmdb", "openai", "wandb"]
dagster_settings = { TRENDING_LLM_DAILY_BUDGET_USD = "1" }
api_settings     = {}

domain_names = {
  api       = "dev.trends.example.org"
  webserver = "dagster.dev.trends.example.org"
  viewer    = "dagster-view.dev.trends.example.org"
}
zone_id = "Z01111111111111111111"

page_emails   = ["data@example.org"]
ticket_emails = ["data@example.org"]

deletion_protection = false
log_retention_days  = 365

# Images go from staging's account to prod's. Who restores: roles of your operators, by their whole ARNs.
image_reader_accounts    = []
promoted_repository_arns = []
restore_principal_arns   = []
