"""Does the day's spend ever pass the budget? 64 workers, random costs, random budgets.

`python -m bench.llm_budget [--runs 1000]`. In each run eight threads with eight workers each, all with connections of their
own to one ledger, ask a paid endpoint on loopback until the budget ends. What was really spent is counted by the endpoint.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.llm_paid import Paid, paid_llm
from trending_assets.scoring.asking import Purpose, ask_realtime
from trending_assets.scoring.client import Failure, Request, Result, request_key
from trending_assets.scoring.documents import document_payload
from trending_assets.scoring.endpoint import Endpoint
from trending_assets.scoring.ledger import Ledger
from trending_assets.scoring.prices import NANO, price_of
from trending_assets.scoring.schema import document_task

MODEL = "gpt-5-mini"
THREADS, WORKERS, EACH = 8, 8, 12


@dataclass(frozen=True)
class Run:
    """One run: budget and spend in US dollars, requests answered and waiting, and whether all were told."""

    budget: float
    spent: float
    answered: int
    waiting: int
    told: bool


def run(number: int, chance: random.Random, paid: Paid, folder: Path, guarded: bool = True) -> Run:
    """One run on a fresh ledger. With the guard off no budget is given to the calls."""
    paid.reset()
    budget = round(chance.uniform(0.01, 0.25), 4)
    task, url = document_task(), f"sqlite:///{folder / f'{number}.sqlite'}"
    endpoint = Endpoint(f"{paid.url}/v1", "k", MODEL, WORKERS, 30.0, 0, budget_usd=budget if guarded else None)
    Ledger(url)

    def thread(name: int) -> list[Result]:
        results = list[Result]()
        rows = [{"text": f"{number}/{name}/{n}", "headline": None, "title": None} for n in range(EACH)]
        payloads = [document_payload(row | {"rating": None, "rating_max": None}) for row in rows]
        requests = [Request(request_key(MODEL, task, payload), payload) for payload in payloads]
        asking = ask_realtime(
            endpoint, task, requests, lambda _, result: results.append(result), Ledger(url), Purpose()
        )
        asyncio.run(asking)
        return results

    with ThreadPoolExecutor(THREADS) as pool:
        results = [result for part in pool.map(thread, range(THREADS)) for result in part]
    counts, price = paid.counts(), price_of(MODEL, date.today())
    assert price is not None
    spent = price.nano(counts.get("tokens_in", 0), 0, counts.get("tokens_out", 0)) / NANO
    waiting = sum(isinstance(result, Failure) and result.kind == "budget" for result in results)
    answered = sum(not isinstance(result, Failure) for result in results)
    return Run(budget, spent, answered, waiting, answered + waiting == len(results) == THREADS * EACH)


def main(argv: list[str] | None = None) -> None:
    """Print how often the budget was passed, how much of it was used, and what waited."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(argv)
    chance, runs = random.Random(args.seed), list[Run]()
    with paid_llm() as paid, tempfile.TemporaryDirectory(prefix="llm-budget-") as folder:
        for number in range(args.runs):
            runs.append(run(number, chance, paid, Path(folder)))
            if sys.stderr.isatty() and number % 20 == 19:
                print(f"  {number + 1} runs", file=sys.stderr)
        unguarded = [run(args.runs + n, chance, paid, Path(folder), guarded=False) for n in range(20)]
    ended = [r for r in runs if r.waiting]
    used = sum(r.spent for r in ended) / max(sum(r.budget for r in ended), 1e-9)
    print(
        f"{len(runs):,} runs of {THREADS * WORKERS} workers and {THREADS * EACH} requests: the budget was passed in "
        f"{sum(r.spent > r.budget for r in runs):,}; it ended {len(ended):,}, with {used:.1%} of it used (a call is only "
        f"sent where its dearest outcome fits); answered and waiting add up in {sum(r.told for r in runs):,}; "
        f"{sum(r.waiting for r in runs):,} requests were left waiting.\n"
        f"Without the guard: passed in {sum(r.spent > r.budget for r in unguarded)} of {len(unguarded)}."
    )


if __name__ == "__main__":
    main()
