"""trends/backtest: weekly or by hand, over what the lake knows."""

from collections.abc import Sequence
from datetime import date

import dagster as dg
import polars as pl

from trending_assets.io_manager import LakeResource
from trending_assets.lake import Lake
from trending_assets.table_asset import table_asset
from trending_assets.trends.backtest.days import NEEDED, split
from trending_assets.trends.backtest.scores import JUDGED, SCORES, SIGNALS, VOICES

NEWEST = 120
"""Days of the lake that are looked at, the newest ones."""
PAGE = "trends/backtest/report.html"
"""Key of the report page in the lake."""


@table_asset(
    "trends/backtest",
    kinds={"scipy"},
    code_version="1",
    deps=[SIGNALS, SCORES, VOICES, "trends/alerts", "staging/titles"],
    root=True,
)
def backtest(context: dg.AssetExecutionContext, lake: LakeResource) -> pl.DataFrame:
    """Judge the newest 120 days of the lake; too few days give an empty table and a sentence that says so."""
    from trending_assets.failures import PermanentFailure
    from trending_assets.trends.backtest import report, run, tables

    opened = lake.open()
    days = [day for day in opened.days(SIGNALS) if day in set(opened.days(SCORES))][-NEWEST:]
    ranges = split(days)
    if ranges is None:
        return _nothing(
            context, f"The lake knows {len(days)} days of signals and rankings; a backtest needs at least {NEEDED}."
        )
    counts, scores, alerts, releases, voices = _read(opened, days)
    try:
        result = run.backtest(counts, scores, *ranges, alerts=alerts, releases=releases, voices=voices)
    except PermanentFailure as error:
        return _nothing(context, str(error))
    what = f"Rankings in {opened.uri}"
    opened.store.put(PAGE, report.page(result, what).encode())
    figures = {f"ndcg_{v['target']}": v["ours"]["value"] for v in tables.verdicts(result)}
    where = f"{opened.uri}/{PAGE}"
    context.add_output_metadata(
        {
            "methods": dg.MetadataValue.md(tables.markdown(result)),
            "days": tables.days_in_words(result),
            "report": where if "://" in where else dg.MetadataValue.path(where),
            **figures,
        }
    )
    return tables.tidy(result)


def _nothing(context: dg.AssetExecutionContext, why: str) -> pl.DataFrame:
    from trending_assets.trends.backtest import tables

    context.add_output_metadata({"nothing_to_judge": why})
    return tables.nothing()


def _read(
    lake: Lake, days: Sequence[date]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Counts, scores, alerts, release dates and voices of the days; of two dates of one title the newest day's."""
    counts = lake.read(SIGNALS, days, ["title_id", "authors"]).filter(pl.col("authors") > 0)
    scores = lake.read(SCORES, days, JUDGED)
    alerts = lake.read("trends/alerts", days, ["title_id", "p_value"], missing="skip")
    titles = lake.read("staging/titles", days[-1:], ["title_id", "release_date"], missing="skip")
    voices = lake.read(VOICES, days, ["title_id", "voice_id"])
    return counts, scores, alerts, titles.select("title_id", "release_date").drop_nulls(), voices


ASSETS: list[dg.AssetsDefinition] = [backtest]
