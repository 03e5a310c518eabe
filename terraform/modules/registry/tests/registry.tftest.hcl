mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name        = "trending-now-prod"
  kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/0a1b"
}

run "a_tag_is_given_once" {
  command = plan
  assert {
    condition = alltrue([
      for repository in aws_ecr_repository.this :
      repository.image_tag_mutability == "IMMUTABLE" && repository.image_scanning_configuration[0].scan_on_push && repository.encryption_configuration[0].encryption_type == "KMS"
    ])
    error_message = "Tags may move, images are not looked at, or lie under AWS's own key."
  }
  assert {
    condition     = sort([for repository in aws_ecr_repository.this : repository.name]) == tolist(["trending-now-prod-api", "trending-now-prod-dagster"])
    error_message = "There are two images."
  }
  assert {
    condition     = jsondecode(aws_ecr_lifecycle_policy.this["api"].policy).rules[1].selection.countNumber == 30
    error_message = "keep_images is not heard."
  }
  assert {
    condition     = alltrue([for repository in aws_ecr_repository.this : !repository.force_delete])
    error_message = "A destroy would take the images along."
  }
}

run "nobody_else_pulls" {
  command = plan
  assert {
    condition     = length(aws_ecr_repository_policy.this) == 0
    error_message = "Another account may pull."
  }
}

run "the_next_environment_pulls_and_does_no_more" {
  command = plan
  variables {
    readers = ["444455556666"]
  }
  assert {
    condition = alltrue([for image in ["dagster", "api"] : [for statement in jsondecode(aws_ecr_repository_policy.this[image].policy).Statement : [statement.Principal, statement.Action]] == [
      [{ AWS = ["arn:aws:iam::444455556666:root"] }, ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]]
    ]])
    error_message = "Promotion cannot read, or can do more."
  }
}

run "wrong_values_are_refused" {
  command = plan
  variables {
    name        = "Trending_Now"
    kms_key_arn = "alias/ours"
    keep_images = 1
    readers     = ["*"]
  }
  expect_failures = [var.name, var.kms_key_arn, var.keep_images, var.readers]
}
