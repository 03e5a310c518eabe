# GitHub's workflows. A job gets a role by its GitHub environment alone, so that environment's rules (reviewers, branches) are
# the gate; a branch or a pull request by itself gets none. The provider is terraform/bootstrap's.

locals {
  provider = "arn:${local.partition}:iam::${local.account}:oidc-provider/token.actions.githubusercontent.com"
  environments = {
    plan   = "${var.environment}-plan"
    deploy = var.environment
  }
  organization = split("/", var.github_repository)[0]
  repository   = split("/", var.github_repository)[1]
  reads        = ["read-state", "read-platform", "read-data"]
  github_policies = {
    plan   = local.reads
    deploy = concat(local.reads, ["write-state", "write-roles", "write-platform", "write-edge", "write-network", "write-data", "release"])
  }
  github_pairs = merge([
    for kind, policies in local.github_policies : { for policy in policies : "${kind}/${policy}" => { kind = kind, policy = policy } }
  ]...)
}

resource "aws_iam_role" "github" {
  for_each             = local.environments
  name                 = "${var.name}-github-${each.key}"
  description          = "${var.name}: GitHub's workflows, ${each.key}"
  max_session_duration = 3600
  tags                 = local.tags
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "GitHubEnvironment"
      Effect    = "Allow"
      Principal = { Federated = local.provider }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = "repo:${local.organization}/${local.repository}:environment:${each.value}"
        }
      }
    }]
  })
}

resource "aws_iam_policy" "github" {
  for_each    = local.github_statements
  name        = "${var.name}-github-${each.key}"
  description = "${var.name}: GitHub's workflows, ${each.key}"
  policy      = jsonencode({ Version = "2012-10-17", Statement = each.value })
  tags        = local.tags
}

resource "aws_iam_role_policy_attachment" "github" {
  for_each   = local.github_pairs
  role       = aws_iam_role.github[each.value.kind].name
  policy_arn = aws_iam_policy.github[each.value.policy].arn
}

locals {
  github_statements = {
    for name, statements in merge(local.github_reads, local.github_writes) : name => [
      for statement in statements : { for key, value in statement : key => value if value != null }
    ]
  }
}
