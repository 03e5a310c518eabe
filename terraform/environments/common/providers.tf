provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]
  default_tags {
    tags = {
      project     = "trending-now"
      environment = var.environment
      owner       = var.owner
      cost-center = var.cost_center
      managed-by  = "terraform"
    }
  }
}
