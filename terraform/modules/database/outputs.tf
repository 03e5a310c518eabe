output "address" {
  description = "Host name of the database (PGHOST)."
  value       = aws_db_instance.this.address
}

output "port" {
  description = "Port of the database (PGPORT)."
  value       = aws_db_instance.this.port
}

output "name" {
  description = "Database in it (PGDATABASE)."
  value       = aws_db_instance.this.db_name
}

output "secret_arn" {
  description = "Secret that RDS keeps: JSON of username and password."
  value       = aws_db_instance.this.master_user_secret[0].secret_arn
}

output "security_group_id" {
  description = "Security group of the database."
  value       = var.security_group_id
}

output "identifier" {
  description = "Name of the instance in RDS."
  value       = aws_db_instance.this.identifier
}
