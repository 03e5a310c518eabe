"""Twelve ways for the LLM to fail, each of them a hundred times: is each counted as itself, and is a row lost?

`python -m bench.llm_failures [--each 100]`: 12 x N documents that fail and as many that do not, in random order, through the
scoring step against a paid endpoint on loopback.
"""

import argparse
import random
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

from pydantic import SecretStr

from bench.llm_endpoint import FAILURES
from bench.llm_paid import Paid, paid_llm
from trending_assets import quarantine
from trending_assets.lake import open_lake
from trending_assets.scoring.asker import LlmAsker
from trending_assets.scoring.documents import TABLE, score_documents
from trending_assets.scoring.schema import document_task
from trending_assets.settings import Settings
from trending_assets_tests.unit.scoring.frames import documents, mentions, titles

DAY = date(2026, 3, 10)


def run(each: int, seed: int, paid: Paid, folder: Path) -> tuple[Counter[str], Counter[str], int, int]:
    """Failures as the step counted them, as the quarantine names them, rows scored and rows in all."""
    chance = random.Random(seed)
    marks = [kind for kind in FAILURES for _ in range(each)] + [""] * (each * len(FAILURES))
    chance.shuffle(marks)
    texts = {f"d{n:05}": f"Text {n}. [[{mark}]]" if mark else f"Text {n}." for n, mark in enumerate(marks)}
    settings = Settings(
        llm_url=f"{paid.url}/v1",
        llm_api_key=SecretStr("k"),
        llm_model="gpt-5-mini",
        llm_concurrency=32,
        llm_timeout=3.0,
        llm_grace=0.5,
        llm_ledger=SecretStr(f"sqlite:///{folder / 'llm.sqlite'}"),
        llm_daily_budget_usd=None,
    )
    lake = open_lake(str(folder / "lake"))
    links = mentions(dict.fromkeys(texts, "movie-1"), DAY)
    with LlmAsker(settings, lake=lake) as asker:
        frame, tally = score_documents(
            lake, [DAY], documents(texts, DAY), links, titles({"movie-1": "Dune"}, DAY), asker, document_task()
        )
    kept = quarantine.read(lake, TABLE, [DAY])
    named = Counter(kept["detail"].str.extract("^([a-z_]+):").to_list())
    by_url = {row["url"].rpartition("/")[2]: row["detail"].partition(":")[0] for row in kept.to_dicts()}
    wrong = sum(f"[[{kind}]]" not in texts[doc_id] for doc_id, kind in by_url.items())
    assert not wrong, f"{wrong} rows stand in quarantine under another failure than theirs"
    return tally.failures, named, frame.height, len(texts)


def main(argv: list[str] | None = None) -> None:
    """Print the counts by kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(argv)
    with paid_llm() as paid, tempfile.TemporaryDirectory(prefix="llm-failures-") as folder:
        counted, named, scored, rows = run(args.each, args.seed, paid, Path(folder))
    for kind in FAILURES:
        print(f"{kind:<15} injected {args.each}, counted {counted[kind]}, in quarantine {named[kind]}")
    print(f"{rows:,} documents = {scored:,} scored + {named.total():,} in quarantine.")


if __name__ == "__main__":
    main()
