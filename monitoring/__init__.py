"""Prometheus' rules and Grafana's dashboards, as code. Not part of the installed package."""
