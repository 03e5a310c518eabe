output "vpc_id" {
  description = "The network."
  value       = aws_vpc.this.id
}

output "public_subnet_ids" {
  description = "Subnets of load balancers and NAT."
  value       = [for zone in var.availability_zones : aws_subnet.public[zone].id]
}

output "private_subnet_ids" {
  description = "Subnets of the tasks."
  value       = [for zone in var.availability_zones : aws_subnet.private[zone].id]
}

output "database_subnet_ids" {
  description = "Subnets of the database, without a way out."
  value       = [for zone in var.availability_zones : aws_subnet.database[zone].id]
}

output "security_group_ids" {
  description = "Security groups by who wears them: api-balancer, api, operators-balancer, webserver, viewer, code-server, daemon (and runs), exporter, database, endpoints."
  value       = { for name, group in aws_security_group.this : name => group.id }
}
