"""Model and data: drift, and how good past predictions turned out."""

from monitoring.grafana.model import dashboard, panel

DASHBOARD = dashboard(
    "trending-model-and-data",
    "Trending Now: model and data",
    "Drift of the newest day by size of its effect, and the quality of past predictions.",
    [
        (
            "Now",
            [
                panel(
                    "Columns with a large drift",
                    "short",
                    "Watched columns with an alarm of a large effect, against either baseline.",
                    ('count(count by (column) (trending_drift_alarm{severity="large"})) or vector(0)', "columns"),
                    kind="stat",
                    red_from=1,
                ),
                panel(
                    "Columns with a moderate drift",
                    "short",
                    "Watched columns with an alarm of a moderate effect, against either baseline.",
                    ('count(count by (column) (trending_drift_alarm{severity="moderate"})) or vector(0)', "columns"),
                    kind="stat",
                    red_from=1,
                ),
                panel(
                    "Newest report on drift",
                    "dateTimeAsIso",
                    "Start of the newest day that drift is reported for.",
                    ("trending_drift_report_day_timestamp_seconds * 1000", "day"),
                    kind="stat",
                ),
            ],
        ),
        (
            "Drift",
            [
                panel(
                    "Columns by verdict",
                    "short",
                    "Each watched column by its worst finding, against the days before and against the training set.",
                    ("sum by (verdict, against) (trending_drift_columns)", "{{verdict}}, {{against}}"),
                ),
                panel(
                    "Alarms by column",
                    "short",
                    "Findings that are alarms; schema and quality among them.",
                    ("sum by (column, severity) (trending_drift_alarm)", "{{column}} {{severity}}"),
                ),
            ],
        ),
        (
            "Effects",
            [
                panel(
                    "PSI",
                    "short",
                    "Population stability index against the days before.",
                    ('trending_drift_effect{test="psi",against="trailing"}', "{{column}}"),
                ),
                panel(
                    "KS distance",
                    "short",
                    "Largest distance of the distributions from those of the days before.",
                    ('trending_drift_effect{test="ks",against="trailing"}', "{{column}}"),
                ),
                panel(
                    "Cramér's V",
                    "short",
                    "Effect of the two-sample chi-squared test against the days before.",
                    ('trending_drift_effect{test="chi_squared",against="trailing"}', "{{column}}"),
                ),
                panel(
                    "Missing values",
                    "percentunit",
                    "Change of the share of nulls against the days before.",
                    ('trending_drift_effect{test="missing",against="trailing"}', "{{column}}"),
                ),
            ],
        ),
        (
            "Quality",
            [
                panel(
                    "Quality of past predictions",
                    "short",
                    "Newest value of each metric, measured when the labels were there.",
                    ("trending_quality", "{{subject}} {{metric}}"),
                ),
                panel(
                    "Labels",
                    "short",
                    "Labels that each value rests on.",
                    ("trending_quality_labels", "{{subject}} {{metric}}"),
                ),
            ],
        ),
    ],
)
