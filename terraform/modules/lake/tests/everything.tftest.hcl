# One mocked apply, whose state the tests in Python read (terraform test -json -verbose).

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name = "trending-now-prod"
}

run "everything" {}
