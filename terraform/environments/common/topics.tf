# page wakes somebody, ticket can wait until the morning. Who subscribes has to confirm it by the letter that AWS sends.

locals {
  subscribers = { page = var.page_emails, ticket = var.ticket_emails }
}

resource "aws_sns_topic" "this" {
  for_each          = local.subscribers
  name              = "${local.name}-${each.key}"
  kms_master_key_id = aws_kms_key.operations.arn
}

resource "aws_sns_topic_subscription" "email" {
  for_each = merge([
    for topic, addresses in local.subscribers : { for address in addresses : "${topic} ${address}" => { topic = topic, address = address } }
  ]...)
  topic_arn = aws_sns_topic.this[each.value.topic].arn
  protocol  = "email"
  endpoint  = each.value.address
}
