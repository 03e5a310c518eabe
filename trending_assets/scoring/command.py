"""`trending score`: the LLM scores of a Parquet file of documents."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from trending_assets.contracts import TABLES, TEXT
from trending_assets.failures import PermanentFailure, TrendingError
from trending_assets.files import read_file, write_file
from trending_assets.lake import open_lake
from trending_assets.scoring.asker import LlmAsker, Progress
from trending_assets.scoring.client import Answer, Request, Result, request_key
from trending_assets.scoring.documents import document_payload, scores_of
from trending_assets.scoring.evaluation.in_use import task_in_use
from trending_assets.scoring.prices import NANO
from trending_assets.scoring.schema import document_task
from trending_assets.scoring.tally import Tally
from trending_assets.scoring.waiting import MEANING
from trending_assets.settings import Settings

_SCORES = (
    "sentiment",
    "enthusiasm",
    "about_title",
    "spam",
    "spoiler",
    "genres",
    "vibe_tags",
    "model",
    "prompt_version",
    "tokens_in",
    "tokens_out",
)
COLUMNS: dict[str, Any] = (
    {"url": TEXT} | {n: TABLES["scoring/document_scores"].schema[n] for n in _SCORES} | {"cost_usd": pl.Float64}
)


@dataclass(frozen=True)
class ScoreSummary:
    """What `score_files` did: documents read and scored, and the calls, cost and failures of it."""

    documents: int
    scored: int
    tally: Tally

    def lines(self) -> list[str]:
        """What a person reads at the end."""
        tally = self.tally
        cost = "cost unknown (no price in prices.yaml)" if tally.unpriced else f"{tally.cost / NANO:.6f} US dollars"
        models = f" by {', '.join(sorted(tally.models))}" if tally.models else ""
        found = f", {tally.cache_hits:,} answers paid for before" if tally.cache_hits else ""
        lines = [
            f"{self.scored:,} of {self.documents:,} documents scored: {tally.calls:,} calls{models}{found}, {cost}."
        ]
        failed = sorted((tally.failures + tally.failed_before).items())
        lines += [f"{number:,} without a usable answer: {kind}." for kind, number in failed]
        lines += [f"{number:,} wait ({kind}): {MEANING[kind]}" for kind, number in sorted(tally.waiting.items())]
        return lines


def score_files(documents: Path, out: Path, settings: Settings, progress: Progress | None = None) -> ScoreSummary:
    """Score the documents of a Parquet file with the LLM of the settings and write the scores, in the input's order.

    The prompt is the one that is in use in the lake of the settings, the newest where that lake records none.

    Input: url and text; headline, rating and rating_max where there are any (other columns are ignored). Output: COLUMNS.
    Equal documents are asked once: `cost_usd` stands in the first of their rows and is 0 in the others, and is null where
    the price is unknown; it is what the answer cost when it was paid for, also when that was an earlier run. A document
    without a usable answer has no row; the summary counts it. Raises PermanentFailure on
    bad input or a dead endpoint; what was answered until then is written all the same.
    """
    rows = _read(documents)
    _check_out(out)
    tally, results = Tally(), dict[str, Result]()

    def take(request: Request, result: Result) -> None:
        results[request.key] = result
        tally.add(result)

    with LlmAsker(settings, progress) as asker:
        task = task_in_use(open_lake(settings.lake), document_task(), asker.model)
        asked = []
        for row in rows.iter_rows(named=True):
            payload = document_payload(row)
            asked.append((row["url"], Request(request_key(asker.model, task, payload), payload)))
        unique = {request.key: request for _, request in asked}
        try:
            asker.ask(task, list(unique.values()), take)
        except TrendingError as error:
            written = _write(out, asked, results, task.prompt.version)
            if written:
                raise type(error)(f"{error} The {written} documents that were scored before are in {out}.") from None
            raise
    written = _write(out, asked, results, task.prompt.version)
    return ScoreSummary(rows.height, written, tally)


def _read(path: Path) -> pl.DataFrame:
    """The file's documents as url, text, headline, title (null), rating, rating_max."""
    frame = read_file(path)
    missing = [name for name in ("url", "text") if name not in frame.columns]
    if missing:
        raise PermanentFailure(
            f"{path} lacks the column{'s' * (len(missing) > 1)} {' and '.join(missing)}. It takes url and text, and "
            "headline, rating and rating_max where there are any."
        )
    wanted: dict[str, Any] = {
        "url": TEXT,
        "text": TEXT,
        "headline": TEXT,
        "rating": pl.Float64,
        "rating_max": pl.Float64,
    }
    columns = [pl.col(n).cast(t) if n in frame.columns else pl.lit(None, t).alias(n) for n, t in wanted.items()]
    try:
        rows = frame.select(columns)
    except pl.exceptions.PolarsError as error:
        raise PermanentFailure(f"{path} has a column of the wrong type: {str(error).splitlines()[0]}") from None
    if rows["url"].null_count():
        raise PermanentFailure(f"{path} has {rows['url'].null_count()} rows without a url.")
    real = {n: pl.when(pl.col(n).is_finite()).then(pl.col(n)) for n in ("rating", "rating_max")}
    return rows.with_columns(title=pl.lit(None, TEXT), text=pl.coalesce("text", "headline", pl.lit("")), **real)


def _check_out(out: Path) -> None:
    if out.is_dir():
        raise PermanentFailure(f"{out} is a folder. Name a file for --out.")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PermanentFailure(f"The folder of {out} cannot be made: {error.strerror}.") from None


def _write(out: Path, asked: list[tuple[str, Request]], results: dict[str, Result], version: str) -> int:
    """Write the rows that have an answer; their number."""
    rows, paid = list[dict[str, Any]](), set[str]()
    for url, request in asked:
        answer = results.get(request.key)
        if not isinstance(answer, Answer):
            continue
        cost = None if answer.cost is None else 0.0 if request.key in paid else answer.cost / NANO
        paid.add(request.key)
        rows.append({"url": url, "prompt_version": version, "cost_usd": cost} | scores_of(answer))
    return write_file(pl.DataFrame(rows, schema=COLUMNS), out)
