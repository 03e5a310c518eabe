# The account's own bucket (terraform/bootstrap). The lock is an object beside the state.
terraform {
  backend "s3" {
    bucket              = "trending-now-terraform-222222222222"
    key                 = "staging/terraform.tfstate"
    region              = "eu-central-1"
    allowed_account_ids = ["222222222222"]
    encrypt             = true
    use_lockfile        = true
  }
}
