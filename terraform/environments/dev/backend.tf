# The account's own bucket (terraform/bootstrap). The lock is an object beside the state.
terraform {
  backend "s3" {
    bucket              = "trending-now-terraform-111111111111"
    key                 = "dev/terraform.tfstate"
    region              = "eu-central-1"
    allowed_account_ids = ["111111111111"]
    encrypt             = true
    use_lockfile        = true
  }
}
