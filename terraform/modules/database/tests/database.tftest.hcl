mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name                = "trending-now-prod"
  subnet_ids          = ["subnet-1", "subnet-2"]
  security_group_id   = "sg-database"
  instance_class      = "db.t4g.medium"
  multi_az            = true
  deletion_protection = true
  kms_key_arn         = "arn:aws:kms:eu-central-1:111122223333:key/0a1b"
  secrets_kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/0a1b"
}

run "kept_and_locked" {
  command = plan
  assert {
    condition     = aws_db_instance.this.storage_encrypted && !aws_db_instance.this.publicly_accessible && aws_db_instance.this.deletion_protection && aws_db_instance.this.multi_az
    error_message = "The database is open, in the clear, or can be deleted."
  }
  assert {
    condition     = aws_db_instance.this.manage_master_user_password && aws_db_instance.this.password == null
    error_message = "The master's password is RDS's to make."
  }
  assert {
    condition     = contains([for parameter in aws_db_parameter_group.this.parameter : "${parameter.name}=${parameter.value}"], "rds.force_ssl=1")
    error_message = "The database answers without TLS."
  }
  assert {
    condition     = aws_db_instance.this.backup_retention_period == 14 && !aws_db_instance.this.skip_final_snapshot && aws_db_instance.this.max_allocated_storage == 200
    error_message = "Backups, the last snapshot or the growing disk are off."
  }
  assert {
    condition     = aws_db_instance.this.performance_insights_enabled && aws_db_instance.this.monitoring_interval == 60
    error_message = "Nobody can see what the database does."
  }
  assert {
    condition     = aws_secretsmanager_secret_rotation.master.rotation_rules[0].automatically_after_days == 90
    error_message = "The password is renewed when nobody expects it."
  }
}

run "a_disk_that_cannot_grow" {
  command = plan
  variables {
    storage_gib     = 200
    max_storage_gib = 200
  }
  expect_failures = [var.max_storage_gib]
}

run "wrong_values_are_refused" {
  command = plan
  variables {
    subnet_ids     = ["subnet-1"]
    engine_version = "17.2"
    instance_class = "t4g.small"
    backup_days    = 0
    password_days  = 1
  }
  expect_failures = [var.subnet_ids, var.engine_version, var.instance_class, var.backup_days, var.password_days]
}
