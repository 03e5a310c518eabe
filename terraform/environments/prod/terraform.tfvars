# prod. Nothing secret stands here.
# Replace account_id (and the bucket's name here and in backend.tf), names, zone and addresses by your own.

environment       = "prod"
account_id        = "333333333333"
region            = "eu-central-1"
github_repository = "trending-now/trending-now"
state_bucket_name = "trending-now-terraform-333333333333"
owner             = "data"
cost_center       = "trending-now"

network = {
  cidr                = "10.30.0.0/16"
  availability_zones  = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
  nat_per_zone        = true
  interface_endpoints = ["ecr.api", "ecr.dkr", "logs", "secretsmanager"]
  api_cidrs           = ["0.0.0.0/0"]
  operator_cidrs      = ["10.0.0.0/16"]
}

database = {
  instance_class  = "db.t4g.medium"
  storage_gib     = 50
  max_storage_gib = 500
  multi_az        = true
  backup_days     = 30
}

sizes = {
  code-server = { cpu = 1024, memory = 4096 }
  webserver   = { cpu = 512, memory = 2048 }
  viewer      = { cpu = 512, memory = 2048 }
  daemon      = { cpu = 512, memory = 2048 }
  exporter    = { cpu = 256, memory = 1024 }
  run         = { cpu = 4096, memory = 16384 }
  api         = { cpu = 1024, memory = 2048 }
}
run_disk_gib           = 100
webserver_count        = 2
viewer_count           = 2
api_count              = { min = 2, max = 10 }
requests_per_5_minutes = 3000

keys             = ["tmdb", "openai", "wandb"]
dagster_settings = { TRENDING_LLM_DAILY_BUDGET_USD = "10" }
api_settings     = {}

domain_names = {
  api       = "trends.example.org"
  webserver = "dagster.trends.example.org"
  viewer    = "dagster-view.trends.example.org"
}
zone_id = "Z03333333333333333333"

page_emails   = ["data-on-call@example.org"]
ticket_emails = ["data@example.org"]

deletion_protection = true
log_retention_days  = 365

# Images go from staging's account to prod's. Who restores: roles of your operators, by their whole ARNs.
image_reader_accounts = []
promoted_repository_arns = [
  "arn:aws:ecr:eu-central-1:222222222222:repository/trending-now-staging-dagster",
  "arn:aws:ecr:eu-central-1:222222222222:repository/trending-now-staging-api",
]
restore_principal_arns = []
