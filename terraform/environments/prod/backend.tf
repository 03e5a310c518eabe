# The account's own bucket (terraform/bootstrap). The lock is an object beside the state.
terraform {
  backend "s3" {
    bucket              = "trending-now-terraform-333333333333"
    key                 = "prod/terraform.tfstate"
    region              = "eu-central-1"
    allowed_account_ids = ["333333333333"]
    encrypt             = true
    use_lockfile        = true
  }
}
