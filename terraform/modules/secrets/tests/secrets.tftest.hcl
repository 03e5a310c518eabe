mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name        = "trending-now-prod"
  kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/0a1b"
}

run "entries_without_values" {
  command = plan
  assert {
    condition     = keys(aws_secretsmanager_secret.this) == ["api_keys", "openai", "tmdb", "wandb"] && alltrue([for key, secret in aws_secretsmanager_secret.this : secret.name == "${var.name}/${replace(key, "_", "-")}"])
    error_message = "A secret is missing, or has another name."
  }
  assert {
    condition     = alltrue([for secret in aws_secretsmanager_secret.this : secret.recovery_window_in_days == 30 && secret.kms_key_id == var.kms_key_arn])
    error_message = "A secret that was deleted by mistake is gone, or lies under AWS's own key."
  }
}

run "wrong_values_are_refused" {
  command = plan
  variables {
    name          = "-"
    kms_key_arn   = "ours"
    recovery_days = 0
  }
  expect_failures = [var.name, var.kms_key_arn, var.recovery_days]
}
