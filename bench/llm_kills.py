"""Kills the scoring step at every moment and starts it again: is a call ever paid for twice, or a score ever lost?

`python -m bench.llm_kills [--kills 10000]`. Each trial scores a few documents of its own through the step's real code (ledger,
client, lake) against a counting endpoint on loopback. The process is killed (SIGKILL) at a random time, or by the endpoint
right before a call is paid for, right after, or once it is answered; then it is started again, until it comes through. All
trials share one ledger and many run side by side. `--without-ledger` switches the write-ahead record off: what the same
trials catch then.
"""

import argparse
import asyncio
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from pydantic import SecretStr

from bench.llm_paid import Paid, paid_llm
from trending_assets import quarantine
from trending_assets.lake import open_lake
from trending_assets.scoring.asker import LlmAsker, ledger_url
from trending_assets.scoring.asking import Purpose, ask_realtime
from trending_assets.scoring.client import Request, request_key
from trending_assets.scoring.documents import document_payload, score_documents
from trending_assets.scoring.endpoint import endpoint
from trending_assets.scoring.ledger import Call, Done, Go, Ledger, Operation, Outcome, Reserve, Taken
from trending_assets.scoring.schema import document_task
from trending_assets.settings import Settings
from trending_assets_tests.unit.scoring.frames import documents, mentions, titles

DAY = date(2026, 3, 10)
DOCUMENTS = 5
SIDE_BY_SIDE = 14
MOMENTS = ("before", "paid", "answered")


class WithoutWriteAhead(Ledger):
    """The ledger with its guard off: a call is written down only once it is answered."""

    def apply(self, operations: Sequence[Operation]) -> list[Outcome]:
        """Nothing is kept of a reservation but in this process's memory."""
        outcomes = list[Outcome]()
        for operation in operations:
            if isinstance(operation, Reserve):
                stands = self.live([operation.call.request_key]).get(operation.call.request_key)
                number = f"{os.getpid()}-{len(_MEMORY)}"
                _MEMORY[number] = operation.call
                outcomes.append(Taken(stands) if stands else Go(number))
            elif operation.call_id not in _MEMORY:  # a call that was left open between the two writes below
                outcomes += super().apply([operation])
            else:
                (written,) = super().apply([Reserve(_MEMORY[operation.call_id], None)])
                if isinstance(written, Go):
                    super().apply([replace(operation, call_id=written.call_id)])
                outcomes.append(Done(True))
        return outcomes


_MEMORY: dict[str, Call] = {}


@dataclass
class Trial:
    """Documents of one trial, its kills so far and when the running process is to be killed (None: it is not)."""

    number: int
    texts: dict[str, str]
    kills_left: int
    kills: int = 0
    pid: int = 0
    kill_at: float | None = None
    timed: list[float] = field(default_factory=list)


def _trial(number: int, chance: random.Random) -> Trial:
    texts = {f"d{n}": f"Trial {number}, document {n}." for n in range(DOCUMENTS)}
    kills = chance.choice((1, 1, 2, 3))
    timed = [chance.uniform(0.0, 0.15) for _ in range(kills) if chance.random() < 0.5]
    for _ in range(kills - len(timed)):  # the other kills are the endpoint's
        victim = chance.choice(sorted(texts))
        texts[victim] += f" [[kill {chance.choice(MOMENTS)}]]"
    return Trial(number, texts, len(timed), timed=timed)


def _step(trial: Trial, settings: Settings, folder: Path, guarded: bool) -> int:
    """The scoring step, in a process of its own; 0 where every document has its score."""
    lake = open_lake(str(folder / f"lake-{trial.number}"))
    asker = LlmAsker(settings.model_copy(update={"llm_api_key": SecretStr(f"pid-{os.getpid()}")}), lake=lake)
    if not guarded:
        asker.__dict__["ledger"] = WithoutWriteAhead(asker.ledger.url)
    docs, links = documents(trial.texts, DAY), mentions(dict.fromkeys(trial.texts, "movie-1"), DAY)
    with asker:
        frame, _ = score_documents(lake, [DAY], docs, links, titles({"movie-1": "Dune"}, DAY), asker, document_task())
    lake.write("scoring/document_scores", frame, DAY)
    if frame.height == len(trial.texts):
        return 0
    for row in quarantine.read(lake, "scoring/document_scores", [DAY]).iter_rows(named=True):
        print(f"trial {trial.number}: {row['url']}: {row['detail']}", file=sys.stderr)
    return 3


def _start(trial: Trial, settings: Settings, folder: Path, guarded: bool) -> None:
    trial.kill_at = time.monotonic() + trial.timed.pop() if trial.timed else None
    trial.pid = os.fork()
    if not trial.pid:
        code = 4
        try:
            code = _step(trial, settings, folder, guarded)
        except BaseException as error:  # a forked child must never return into its parent's code
            print(f"trial {trial.number}: {type(error).__name__}: {error}", file=sys.stderr)
        os._exit(code)


def _warm_up(settings: Settings, paid: Paid) -> None:
    """One call before the forks, or each child spends a second on imports. No frames: Polars' threads would not survive."""
    payload = document_payload(
        dict.fromkeys(("text", "headline", "title", "rating", "rating_max"), None) | {"text": ""}
    )
    request, task = Request(request_key("warm-up", document_task(), payload), payload), document_task()
    with endpoint(settings) as asked:
        ledger = Ledger(ledger_url(settings))
        asyncio.run(ask_realtime(asked, task, [request], lambda *_: None, ledger, Purpose()))
    paid.reset()


@dataclass(frozen=True)
class Outcomes:
    """What the trials showed."""

    trials: int
    kills: int
    lost: int
    paid: int
    paid_again: int
    left_asked: int
    ledger_usd: float


def run(kills: int, seed: int, guarded: bool, paid: Paid, progress: bool = False) -> Outcomes:
    """Trials until so many kills have happened."""
    chance, folder = random.Random(seed), Path(tempfile.mkdtemp(prefix="llm-kills-"))
    settings = Settings(
        llm_url=f"{paid.url}/v1",
        llm_model="gpt-5-mini",
        llm_concurrency=3,
        llm_timeout=4.0,
        llm_grace=2.0,
        llm_daily_budget_usd=None,
        llm_ledger=SecretStr(f"sqlite:///{folder / 'llm.sqlite'}"),
    )

    running, number, done, killed, lost = dict[int, Trial](), 0, 0, 0, 0
    shown = time.monotonic()
    try:
        _warm_up(settings, paid)
        while running or killed < kills:
            while len(running) < SIDE_BY_SIDE and killed + len(running) < kills:
                trial = _trial(number, chance)
                number += 1
                _start(trial, settings, folder, guarded)
                running[trial.pid] = trial
            now = time.monotonic()
            for trial in running.values():
                if trial.kill_at is not None and now >= trial.kill_at:
                    os.kill(trial.pid, signal.SIGKILL)
                    trial.kill_at = None
            pid, status = os.waitpid(-1, os.WNOHANG) if running else (0, 0)
            if not pid:
                time.sleep(0.001)
                continue
            trial = running.pop(pid)
            if os.WIFSIGNALED(status):
                killed += 1
                _start(trial, settings, folder, guarded)
                running[trial.pid] = trial
            else:
                done += 1
                lost += os.WEXITSTATUS(status) != 0
                shutil.rmtree(folder / f"lake-{trial.number}", ignore_errors=True)
            if progress and now - shown > 10:
                shown = now
                print(f"  {killed:,} kills in {done:,} trials", file=sys.stderr, flush=True)
        counts, ledger = paid.counts(), Ledger(ledger_url(settings))
        left = len(ledger.asked())
        return Outcomes(done, killed, lost, counts["paid"], counts["again"], left, ledger.spend().spent_usd)
    finally:
        for pid in running:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        shutil.rmtree(folder, ignore_errors=True)


def report(name: str, found: Outcomes) -> None:
    """Print a line of what was found."""
    print(
        f"{name}: {found.kills:,} kills in {found.trials:,} trials of {DOCUMENTS} documents: {found.paid:,} calls paid, "
        f"{found.paid_again:,} texts paid for twice, {found.lost:,} trials with a lost score, "
        f"{found.left_asked:,} calls left open."
    )


def main(argv: list[str] | None = None) -> None:
    """Print what was found with the write-ahead ledger, and with it switched off."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-ledger", action="store_true", help="only the control")
    args = parser.parse_args(argv)
    with paid_llm() as paid:
        if not args.without_ledger:
            report("With the write-ahead ledger", run(args.kills, args.seed, True, paid, sys.stderr.isatty()))
            paid.reset()
        report("Switched off", run(min(args.kills, 500), args.seed, False, paid, sys.stderr.isatty()))


if __name__ == "__main__":
    main()
