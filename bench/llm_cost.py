"""What 1,000 documents cost at a named model's prices: realtime, by batch, and with cached prefixes, as the ledger tells it.

`python -m bench.llm_cost [--model gpt-5-mini]`. No call leaves this machine: the sandbox answers under the model's name and
counts one token for every four characters (sandbox/rehearsal.py), so the shares are the point, and the sums an estimate.
"""

import argparse
import tempfile
from datetime import date
from pathlib import Path

import polars as pl
from pydantic import SecretStr

from bench.__main__ import SHARED
from sandbox.process import running
from trending_assets.lake import Lake, open_lake
from trending_assets.scoring.asker import LlmAsker
from trending_assets.scoring.documents import score_documents
from trending_assets.scoring.record import record
from trending_assets.scoring.schema import document_task
from trending_assets.scoring.spend import by_task
from trending_assets.settings import Settings
from trending_assets_tests.injections.controls import controls
from trending_assets_tests.unit.scoring.frames import documents, mentions, titles

DAY = date(2026, 3, 10)
NUMBER = 1000


def texts() -> tuple[dict[str, str], str]:
    """The documents and what they are."""
    if (SHARED / "data" / "reviews_titled.parquet").is_file():
        found = pl.read_parquet(SHARED / "data" / "reviews_titled.parquet")["text"].unique(maintain_order=True)
        return {
            f"d{n}": text for n, text in enumerate(found.head(NUMBER))
        }, "critics' reviews of reviews_titled.parquet"
    own = [control.text for control in controls()]
    return {f"d{n}": f"{own[n % len(own)]} ({n})" for n in range(NUMBER)}, "texts of the project (no real data here)"


def cost(
    model: str, mode: str, cached: bool, lake: Lake, documents_of_day: dict[str, str], folder: Path
) -> pl.DataFrame:
    """The ledger's sums of scoring the documents once."""
    options = ["--rehearse", model, *([] if cached else ["--no-prompt-cache"])]
    with running(None, options=options) as sandbox:
        settings = Settings(
            llm_url=f"{sandbox.url}/v1",
            llm_api_key=SecretStr("k"),
            llm_model=model,
            llm_mode="batch" if mode == "batch" else "realtime",
            llm_daily_budget_usd=None,
            llm_ledger=SecretStr(f"sqlite:///{folder / 'llm.sqlite'}"),
        )
        docs, links = documents(documents_of_day, DAY), mentions(dict.fromkeys(documents_of_day, "movie-1"), DAY)
        with LlmAsker(settings, lake=lake) as asker:
            score_documents(lake, [DAY], docs, links, titles({"movie-1": "Dune"}, DAY), asker, document_task())
            return by_task(record(asker.ledger, lake, [DAY]))


def main(argv: list[str] | None = None) -> None:
    """Print the four sums."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="gpt-5-mini")
    args = parser.parse_args(argv)
    found, what = texts()
    print(f"{len(found):,} {what}, {sum(map(len, found.values())):,} characters, prices of {args.model} (prices.yaml):")
    for mode in ("realtime", "batch"):
        for cached in (False, True):
            with tempfile.TemporaryDirectory(prefix="llm-cost-") as folder:
                table = cost(args.model, mode, cached, open_lake(f"{folder}/lake"), found, Path(folder))
            for row in table.iter_rows(named=True):
                name = f"{row['mode']}{', cached prefixes' if cached else ''}"
                print(
                    f"  {name:<26} {row['outcome']:<9} {row['calls']:>6,} calls  {row['tokens_in']:>10,} in, of these "
                    f"{row['tokens_cached']:>10,} cached  {row['tokens_out']:>8,} out  {row['cost_usd']:.4f} US dollars"
                )


if __name__ == "__main__":
    main()
