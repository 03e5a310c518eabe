# Alarms on Trending Now's data. landing.tf sees objects land by S3's own events and needs no part of the pipeline;
# alarms.tf looks at what `trending exporter` publishes.

locals {
  name   = "trending-now-${var.environment}"
  prefix = var.lake_prefix == "" ? "" : "${var.lake_prefix}/"
  tags   = merge(var.tags, { project = "trending-now", environment = var.environment, module = "monitoring" })
}
