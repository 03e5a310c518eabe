"""The pipeline: days, runs, daemons, quarantine and money."""

from monitoring.grafana.model import dashboard, panel

DASHBOARD = dashboard(
    "trending-pipeline",
    "Trending Now: pipeline",
    "Which days are there, whether Dagster runs, what could not be read, and what the LLM costs.",
    [
        (
            "Now",
            [
                panel(
                    "Missing days",
                    "short",
                    "Due days of the last week that are not in the lake, over all tables.",
                    ("sum(trending_partitions_missing)", "days"),
                    kind="stat",
                    red_from=1,
                ),
                panel(
                    "Overdue",
                    "s",
                    "Seconds since the deadline of the oldest missing day.",
                    ("max(trending_partition_overdue_seconds)", "overdue"),
                    kind="stat",
                    red_from=1,
                ),
                panel(
                    "Newest published day",
                    "dateTimeAsIso",
                    "Start of the newest day that the API is given.",
                    ("trending_published_day_timestamp_seconds * 1000", "day"),
                    kind="stat",
                ),
                panel(
                    "Parts that cannot be read",
                    "short",
                    "Of lake, tables, ledger and dagster. What such a part would show is not known.",
                    ("count(trending_exporter_up == 0) or vector(0)", "parts"),
                    kind="stat",
                    red_from=1,
                ),
            ],
        ),
        (
            "Days",
            [
                panel(
                    "Lag of each table",
                    "s",
                    "Seconds since the end of the table's newest day. A saw: it falls by a day when a day lands.",
                    ("trending_partition_lag_seconds", "{{table}}"),
                    red_from=30 * 3600,
                ),
                panel(
                    "Missing days by table",
                    "short",
                    "Due days of the last week that are not there; tables without a missing day are left out.",
                    ("trending_partitions_missing > 0", "{{table}}"),
                    red_from=1,
                ),
                panel(
                    "Newest day of each table",
                    "dateTimeAsIso",
                    "Start of the newest day in the lake. Tables of one pipeline move together.",
                    ("trending_partition_newest_day_timestamp_seconds * 1000", "{{table}}"),
                ),
            ],
        ),
        (
            "Dagster",
            [
                panel(
                    "Runs that ended",
                    "short",
                    "Ended runs of the last hour, by job and outcome.",
                    (
                        'trending_runs{status=~"success|failure|canceled"} '
                        '- trending_runs{status=~"success|failure|canceled"} offset 1h != 0',
                        "{{job}} {{status}}",
                    ),
                ),
                panel(
                    "Runs under way",
                    "short",
                    "Runs that wait or run.",
                    ('sum by (status) (trending_runs{status=~"queued|running"})', "{{status}}"),
                ),
                panel(
                    "How long runs take",
                    "s",
                    "The newest successful run of each job, and the age of the oldest run under way.",
                    ("trending_run_duration_seconds", "{{job}}"),
                    ("trending_run_oldest_running_seconds", "oldest under way"),
                ),
                panel(
                    "Daemons",
                    "s",
                    "Seconds since each daemon was last alive; one that never was is not drawn.",
                    ("trending_daemon_heartbeat_age_seconds", "{{daemon}}"),
                    red_from=300,
                ),
            ],
        ),
        (
            "Quarantine and money",
            [
                panel(
                    "Share in quarantine",
                    "percentunit",
                    "Inputs of each table's newest day that became no row.",
                    ("trending_quarantine_ratio > 0", "{{table}}"),
                    red_from=0.2,
                ),
                panel(
                    "Rows in quarantine",
                    "short",
                    "Inputs of each table's newest day that became no row.",
                    ("trending_quarantine_rows > 0", "{{table}}"),
                ),
                panel(
                    "LLM money of today",
                    "currencyUSD",
                    "Spent and reserved since midnight (UTC), and the budget.",
                    ("trending_llm_spent_today_usd", "spent"),
                    ("trending_llm_reserved_today_usd", "reserved"),
                    ("trending_llm_budget_daily_usd", "budget"),
                ),
                panel(
                    "Open LLM calls",
                    "short",
                    "Calls that wait for their answer, and calls of which nobody knows whether they were paid.",
                    ("trending_llm_calls_under_way", "under way"),
                    ("trending_llm_calls_in_doubt", "in doubt"),
                ),
            ],
        ),
        (
            "The exporter",
            [
                panel(
                    "Age of what is shown",
                    "s",
                    "Seconds since each part was last read.",
                    ("time() - trending_exporter_collected_timestamp_seconds", "{{part}}"),
                    red_from=900,
                ),
                panel(
                    "How long reading takes",
                    "s",
                    "The last reading of each part. No scrape waits for it.",
                    ("trending_exporter_collect_seconds", "{{part}}"),
                ),
            ],
        ),
    ],
)
