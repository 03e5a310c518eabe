variable "domain_names" {
  description = "Names of the certificate, the first of which is its subject."
  type        = list(string)
  validation {
    condition     = length(var.domain_names) > 0 && alltrue([for name in var.domain_names : can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", name))])
    error_message = "domain_names takes one whole name or more, in lower case, without a wildcard (trends.example.org)."
  }
}

variable "zone_id" {
  description = "Route 53 zone that the names lie in."
  type        = string
  validation {
    condition     = can(regex("^Z[A-Z0-9]{6,31}$", var.zone_id))
    error_message = "zone_id is the id of a Route 53 zone (Z0123456789ABC)."
  }
}
