# trending_assets_tests/unit/terraform reads the whole state of this run (terraform test -json -verbose), which is why it
# stands by itself: each run that is so shown shows the provider's schema too.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  environment       = "prod"
  bucket_name       = "trends-lake"
  lake_prefix       = "team/lake"
  page_topic_arns   = ["arn:aws:sns:eu-central-1:111122223333:page"]
  ticket_topic_arns = ["arn:aws:sns:eu-central-1:111122223333:ticket"]
  landed_topic_arns = ["arn:aws:sns:eu-central-1:111122223333:news"]
  tags              = { owner = "data", environment = "not-this" }
}

run "everything" {
  command = apply
  assert {
    condition     = can(jsondecode(aws_cloudwatch_dashboard.data.dashboard_body).widgets)
    error_message = "The dashboard's body is no JSON."
  }
  assert {
    condition     = length(output.alarm_arns) == 14
    error_message = "An alarm is missing in the output, or two share a name."
  }
}
