"""The service: what clients of the API notice."""

from monitoring.grafana.model import dashboard, panel

CLIENTS = 'route!~"/healthz|/readyz|/metrics"'

DASHBOARD = dashboard(
    "trending-service",
    "Trending Now: service",
    "What clients of the API notice, against the objective: 99.9% without a 5xx, p99 within 25 ms.",
    [
        (
            "Now",
            [
                panel(
                    "Processes that are ready",
                    "short",
                    "API processes that have a bundle and are not about to stop.",
                    ("sum(trending_ready)", "ready"),
                    kind="stat",
                ),
                panel(
                    "Age of the served day",
                    "s",
                    "Seconds since the end of the newest day; 30 hours are usual just before the deadline.",
                    ("max(trending_bundle_age_seconds)", "age"),
                    kind="stat",
                    red_from=30.25 * 3600,
                ),
                panel(
                    "Errors of the last hour",
                    "percentunit",
                    "Share of requests that ended in a 5xx; 0.1% is what the objective allows.",
                    ("job:trending_http_errors:ratio_rate1h", "1 h"),
                    kind="stat",
                    red_from=0.001,
                ),
                panel(
                    "Versions behind",
                    "short",
                    "How far the slowest API process is behind the published pointer.",
                    ("max(trending_published_version) - min(trending_bundle_version)", "versions"),
                    kind="stat",
                    red_from=1,
                ),
            ],
        ),
        (
            "Requests",
            [
                panel(
                    "Requests by status",
                    "reqps",
                    "Answered requests a second, without those of whoever watches the service.",
                    (
                        f"sum by (status) (rate(trending_http_requests_total{{{CLIENTS}}}[$__rate_interval]))",
                        "{{status}}",
                    ),
                ),
                panel(
                    "Requests by route",
                    "reqps",
                    "The ten busiest routes.",
                    (
                        f"topk(10, sum by (route) (rate(trending_http_requests_total{{{CLIENTS}}}[$__rate_interval])))",
                        "{{route}}",
                    ),
                ),
            ],
        ),
        (
            "Objectives",
            [
                panel(
                    "Error ratio by window",
                    "percentunit",
                    "Pages at 1.44% over 1 h and 5 m, and at 0.6% over 6 h and 30 m.",
                    ("job:trending_http_errors:ratio_rate5m", "5 m"),
                    ("job:trending_http_errors:ratio_rate30m", "30 m"),
                    ("job:trending_http_errors:ratio_rate1h", "1 h"),
                    ("job:trending_http_errors:ratio_rate6h", "6 h"),
                    red_from=0.0144,
                ),
                panel(
                    "p99 of answers from the bundle",
                    "s",
                    "99 of 100 GET requests below /v1 are answered within this time; exports, lineage and freshness aside.",
                    ("job:trending_http_request_duration_seconds:p99_rate15m", "p99"),
                    red_from=0.025,
                ),
            ],
        ),
        (
            "Processes",
            [
                panel(
                    "Under way and refused",
                    "short",
                    "Requests that wait for their answer, and requests a second that a rate limit refused.",
                    ("sum by (instance) (trending_http_requests_under_way)", "under way {{instance}}"),
                    (
                        "sum by (instance) (rate(trending_http_limited_requests_total[$__rate_interval]))",
                        "refused {{instance}}",
                    ),
                ),
                panel(
                    "Memory",
                    "bytes",
                    "Resident memory of each API process.",
                    ('process_resident_memory_bytes{job="trending-api"}', "{{instance}}"),
                ),
                panel(
                    "CPU",
                    "percentunit",
                    "Share of one core that each API process uses.",
                    ('rate(process_cpu_seconds_total{job="trending-api"}[$__rate_interval])', "{{instance}}"),
                ),
            ],
        ),
    ],
)
