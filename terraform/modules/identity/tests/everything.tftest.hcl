# One mocked apply, whose state `python -m deploy.iam` and the tests in Python read (terraform test -json -verbose).

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                = "trending-now-prod"
  environment         = "prod"
  lake_bucket_arn     = "arn:aws:s3:::trending-now-prod-lake-111122223333"
  logs_bucket_arn     = "arn:aws:s3:::trending-now-prod-logs-111122223333"
  kms_key_arn         = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  secrets_kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/22222222-2222-2222-2222-222222222222"
  state_bucket_arn    = "arn:aws:s3:::trending-now-terraform-111122223333"
  github_repository   = "trending-now/trending-now"
  secret_arns = {
    database = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-0a1b2c3d-AbCdEf"
    tmdb     = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:trending-now-prod/tmdb-AbCdEf"
    openai   = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:trending-now-prod/openai-AbCdEf"
    wandb    = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:trending-now-prod/wandb-AbCdEf"
    api_keys = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:trending-now-prod/api-keys-AbCdEf"
  }
  repository_arns = {
    dagster = "arn:aws:ecr:eu-central-1:111122223333:repository/trending-now-prod-dagster"
    api     = "arn:aws:ecr:eu-central-1:111122223333:repository/trending-now-prod-api"
  }
  restore_principal_arns = ["arn:aws:iam::111122223333:role/operators"]
  promoted_repository_arns = [
    "arn:aws:ecr:eu-central-1:444455556666:repository/trending-now-staging-dagster",
    "arn:aws:ecr:eu-central-1:444455556666:repository/trending-now-staging-api",
  ]
}

run "everything" {}
