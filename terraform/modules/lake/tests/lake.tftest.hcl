mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name = "trending-now-prod"
}

run "names_carry_environment_and_account" {
  command = plan
  assert {
    condition     = output.bucket_name == "trending-now-prod-lake-111122223333" && output.logs_bucket_name == "trending-now-prod-logs-111122223333" && output.access_bucket_name == "trending-now-prod-access-111122223333"
    error_message = "A bucket's name is <name>-<kind>-<account>."
  }
}

run "every_bucket_keeps_versions_and_lets_nobody_in" {
  command = plan
  assert {
    condition     = alltrue([for one in aws_s3_bucket_versioning.this : one.versioning_configuration[0].status == "Enabled"]) && length(aws_s3_bucket_versioning.this) == 3
    error_message = "Every bucket keeps versions."
  }
  assert {
    condition     = alltrue([for one in aws_s3_bucket_public_access_block.this : one.block_public_acls && one.block_public_policy && one.ignore_public_acls && one.restrict_public_buckets]) && length(aws_s3_bucket_public_access_block.this) == 3
    error_message = "Every bucket is closed to the public, in all four ways."
  }
  assert {
    condition     = alltrue([for one in aws_s3_bucket_ownership_controls.this : one.rule[0].object_ownership == "BucketOwnerEnforced"]) && length(aws_s3_bucket_ownership_controls.this) == 3
    error_message = "There are no ACLs."
  }
}

run "lake_and_logs_have_a_key_of_their_own" {
  command = plan
  assert {
    condition     = aws_kms_key.lake.enable_key_rotation
    error_message = "The key rotates."
  }
  assert {
    condition = { for kind, one in aws_s3_bucket_server_side_encryption_configuration.this : kind => flatten([
      for rule in one.rule : [rule.apply_server_side_encryption_by_default[0].sse_algorithm, tostring(rule.bucket_key_enabled)]
    ]) } == { lake = ["aws:kms", "true"], logs = ["aws:kms", "true"], access = ["AES256", "false"] }
    error_message = "Lake and logs are under KMS with a bucket key; S3 delivers access logs to a bucket under SSE-S3 alone."
  }
}

run "objects_that_land_are_told" {
  command = plan
  assert {
    condition     = alltrue([for one in aws_s3_bucket_notification.this : one.eventbridge])
    error_message = "terraform/modules/monitoring sees objects by EventBridge."
  }
}

run "access_is_logged" {
  command = plan
  assert {
    condition     = { for kind, one in aws_s3_bucket_logging.this : kind => one.target_prefix } == { lake = "lake/", logs = "logs/" }
    error_message = "Who read lake and logs is written down."
  }
}

run "only_tls_on_every_bucket" {
  assert {
    condition = alltrue([for one in aws_s3_bucket_policy.this : anytrue([
      for statement in jsondecode(one.policy).Statement : statement.Effect == "Deny" && statement.Action == "s3:*" && statement.Condition == { Bool = { "aws:SecureTransport" = "false" } }
    ])])
    error_message = "Every bucket refuses what comes without TLS."
  }
}

run "versions_are_kept_as_long_as_the_variable_says" {
  command = plan
  variables {
    noncurrent_days = 45
  }
  assert {
    condition = alltrue([for one in aws_s3_bucket_lifecycle_configuration.this : [
      for rule in one.rule : rule.noncurrent_version_expiration[0].noncurrent_days if rule.id == "versions"
    ] == [45]])
    error_message = "Replaced objects are kept for noncurrent_days."
  }
}

run "what_is_seldom_read_gets_cold_below_the_lake_s_prefix" {
  command = plan
  variables {
    lake_prefix     = "team/lake"
    cold_after_days = 60
  }
  assert {
    condition = sort(flatten([
      for rule in aws_s3_bucket_lifecycle_configuration.this["lake"].rule : [for one in rule.transition : "${rule.filter[0].and[0].prefix} ${one.days} ${one.storage_class}"]
      ])) == tolist([
      "team/lake/drift/profiles/ 60 GLACIER_IR", "team/lake/drift/report/ 60 GLACIER_IR", "team/lake/raw/ 60 GLACIER_IR",
    ])
    error_message = "Raw tables and pages of drift move, and nothing else."
  }
}

run "quarantine_and_logs_end" {
  command = plan
  variables {
    quarantine_days = 100
    logs_days       = 50
  }
  assert {
    condition     = [for rule in aws_s3_bucket_lifecycle_configuration.this["lake"].rule : [rule.filter[0].prefix, rule.expiration[0].days] if startswith(rule.id, "expire-")] == [["lake/quarantine/", 100]]
    error_message = "Of the lake, quarantine alone expires."
  }
  assert {
    condition = alltrue([for kind in ["logs", "access"] : [
      for rule in aws_s3_bucket_lifecycle_configuration.this[kind].rule : rule.expiration[0].days if startswith(rule.id, "expire-")
    ] == [50]])
    error_message = "Logs expire."
  }
}

run "a_bucket_with_objects_is_not_deleted" {
  command = plan
  assert {
    condition     = alltrue([for one in aws_s3_bucket.this : !one.force_destroy])
    error_message = "force_destroy is asked for, never the default."
  }
}

run "wrong_values_are_refused" {
  command = plan
  variables {
    name            = "Trending_Now"
    lake_prefix     = "lake/*"
    noncurrent_days = 1
    cold_after_days = 10
    quarantine_days = 1
    logs_days       = 0
  }
  expect_failures = [var.name, var.lake_prefix, var.noncurrent_days, var.cold_after_days, var.quarantine_days, var.logs_days]
}
