mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  domain_names = ["trends.example.org", "dagster.trends.example.org"]
  zone_id      = "Z01111111111111111111"
}

run "every_name_is_proved" {
  command = plan
  assert {
    condition     = { for name, record in aws_route53_record.proof : name => record.name } == { "trends.example.org" = "_a.trends.example.org", "dagster.trends.example.org" = "_a.dagster.trends.example.org" }
    error_message = "A name has no record, or another's."
  }
  assert {
    condition     = aws_acm_certificate.this.domain_name == "trends.example.org" && aws_acm_certificate.this.subject_alternative_names == toset(["dagster.trends.example.org"])
    error_message = "The first name is the subject, the others stand beside it."
  }
}

run "wrong_values_are_refused" {
  command = plan
  variables {
    domain_names = ["*.example.org"]
    zone_id      = "example.org"
  }
  expect_failures = [var.domain_names, var.zone_id]
}
