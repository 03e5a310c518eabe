# Entries without values: those are put in by hand (docs/aws.md), so that no value is in Terraform's state or in a file.

locals {
  secrets = {
    tmdb     = { name = "tmdb", about = "TMDb v3 key or v4 token, as it is." }
    openai   = { name = "openai", about = "Key of the LLM's endpoint, as it is." }
    wandb    = { name = "wandb", about = "Key of Weights & Biases, as it is." }
    api_keys = { name = "api-keys", about = "The file of hashed API keys that `trending keys` writes ({\"keys\": []} for none)." }
  }
}

resource "aws_secretsmanager_secret" "this" {
  #checkov:skip=CKV2_AWS_57:2026-11-26 Keys of other companies: Secrets Manager cannot renew them, people do (docs/aws.md).
  for_each                = local.secrets
  name                    = "${var.name}/${each.value.name}"
  description             = each.value.about
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = var.recovery_days
}
