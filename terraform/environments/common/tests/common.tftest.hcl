mock_provider "aws" {
  source = "../../mocks"
}

variables {
  dagster_image_digest = "sha256:1111111111111111111111111111111111111111111111111111111111111111"
  api_image_digest     = "sha256:2222222222222222222222222222222222222222222222222222222222222222"

  account_id  = "333333333333"
  owner       = "data"
  cost_center = "media"

  environment       = "prod"
  region            = "eu-central-1"
  github_repository = "trending-now/trending-now"
  state_bucket_name = "trending-now-terraform-333333333333"

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
}

# Nothing here looks at it, and it takes its time.
override_module {
  target = module.api_service
}

run "prod_outlives_a_machine_and_a_mistake" {
  command = plan
  variables {
    deletion_protection = false
    database            = { instance_class = "db.t4g.medium", storage_gib = 50, max_storage_gib = 500, multi_az = false, backup_days = 7 }
    api_count           = { min = 1, max = 10 }
  }
  expect_failures = [var.deletion_protection, var.database, var.api_count]
}

run "sizes_that_fargate_does_not_take_and_zones_elsewhere" {
  command = plan
  variables {
    region = "us-east-1"
    sizes = {
      code-server = { cpu = 1024, memory = 1024 }
      webserver   = { cpu = 512, memory = 2048 }
      viewer      = { cpu = 512, memory = 2048 }
      daemon      = { cpu = 512, memory = 2048 }
      exporter    = { cpu = 256, memory = 1024 }
      run         = { cpu = 4096, memory = 16384 }
      api         = { cpu = 1024, memory = 2048 }
    }
  }
  expect_failures = [var.sizes, var.network]
}

run "wrong_values_are_refused" {
  command = plan
  variables {
    environment          = "production"
    region               = "Frankfurt"
    github_repository    = "trending-now/*"
    dagster_image_digest = "latest"
    api_image_digest     = "sha256:1"
    page_emails          = []
    ticket_emails        = ["nobody"]
    zone_id              = null
    keys                 = ["github"]
    domain_names         = { api = "trends.example.org", webserver = "trends.example.org", viewer = "trends.example.org" }
    log_retention_days   = 7
  }
  expect_failures = [
    var.environment, var.region, var.github_repository, var.dagster_image_digest, var.api_image_digest, var.page_emails, var.ticket_emails, var.zone_id,
    var.domain_names, var.log_retention_days, var.keys,
  ]
}

run "another_account_s_number_is_none" {
  command = plan
  variables {
    account_id  = "12345"
    owner       = ""
    cost_center = ""
  }
  expect_failures = [var.account_id, var.owner, var.cost_center]
}
