output "address" {
  description = "API and page."
  value       = local.url
}

output "service_arn" {
  description = "The service."
  value       = aws_apprunner_service.this.arn
}

output "proofs" {
  description = "DNS records that prove the domain, to be made by whoever keeps its zone."
  value       = flatten([for association in aws_apprunner_custom_domain_association.this : association.certificate_validation_records])
}
