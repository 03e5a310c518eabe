"""The IAM policies of terraform/modules/identity: read from a mocked apply, evaluated, shown as a table."""
