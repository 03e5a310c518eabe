mock_provider "aws" {
  source = "../../mocks"
}

variables {
  dagster_image_digest = "sha256:1111111111111111111111111111111111111111111111111111111111111111"
  api_image_digest     = "sha256:2222222222222222222222222222222222222222222222222222222222222222"
}

# It has nothing to do with it, and takes its time.
override_module {
  target = module.platform
}

run "another_account_s_number_is_none" {
  command = plan
  variables {
    account_id  = "12345"
    owner       = ""
    cost_center = ""
  }
  expect_failures = [var.account_id, var.owner, var.cost_center]
}
