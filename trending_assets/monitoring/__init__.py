"""What Prometheus and CloudWatch are told about pipeline, data, models and money, read from the lake and Dagster's storage."""
