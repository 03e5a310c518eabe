mock_provider "aws" {
  source = "./tests/mocks"
}

run "states_are_kept_encrypted_and_closed" {
  command = plan
  assert {
    condition     = output.state_bucket_name == "trending-now-terraform-111122223333" && aws_s3_bucket_versioning.state.versioning_configuration[0].status == "Enabled"
    error_message = "The bucket of states keeps versions, and its name carries the account."
  }
  assert {
    condition     = alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.state.rule : rule.apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms"])
    error_message = "States hold secrets: they are encrypted by KMS."
  }
  assert {
    condition     = aws_s3_bucket_public_access_block.state.block_public_acls && aws_s3_bucket_public_access_block.state.block_public_policy && aws_s3_bucket_public_access_block.state.ignore_public_acls && aws_s3_bucket_public_access_block.state.restrict_public_buckets
    error_message = "States are nobody else's."
  }
}

run "github_s_tokens_are_for_sts_alone" {
  command = plan
  assert {
    condition     = aws_iam_openid_connect_provider.github.url == "https://token.actions.githubusercontent.com" && aws_iam_openid_connect_provider.github.client_id_list == toset(["sts.amazonaws.com"])
    error_message = "The provider is GitHub's, its audience is STS."
  }
}

run "wrong_values_are_refused" {
  command = plan
  variables {
    project         = "Trending Now"
    noncurrent_days = 1
  }
  expect_failures = [var.project, var.noncurrent_days]
}
