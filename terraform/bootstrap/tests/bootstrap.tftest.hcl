mock_provider "aws" {
  source = "./tests/mocks"
}

run "states_are_kept_encrypted_and_closed" {
  command = plan
  assert {
    condition     = output.state_bucket_name == "trending-now-terraform-111122223333" && aws_s3_bucket_versioning.this["state"].versioning_configuration[0].status == "Enabled"
    error_message = "The bucket of states keeps versions, and its name carries the account."
  }
  assert {
    condition     = alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.this["state"].rule : rule.apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms"])
    error_message = "States hold secrets: they are encrypted by KMS."
  }
  assert {
    condition     = alltrue([for block in aws_s3_bucket_public_access_block.this : block.block_public_acls && block.block_public_policy && block.ignore_public_acls && block.restrict_public_buckets])
    error_message = "States are nobody else's."
  }
}

run "who_reads_a_state_is_written_down" {
  command = plan
  assert {
    condition     = keys(aws_s3_bucket_logging.this) == ["state"] && aws_s3_bucket_logging.this["state"].target_prefix == "state/" && aws_s3_bucket.this["access"].bucket == "trending-now-terraform-access-111122223333"
    error_message = "Reads of states are not logged, or the log is logged."
  }
  assert {
    condition     = [for statement in jsondecode(aws_s3_bucket_policy.this["access"].policy).Statement : statement.Principal if statement.Effect == "Allow"] == [{ Service = "logging.s3.amazonaws.com" }]
    error_message = "Somebody else writes the log."
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
