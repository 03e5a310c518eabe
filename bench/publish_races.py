"""Two publishers that race for the pointer, on a folder and on a real S3 server whose answers get lost.

`python -m bench.publish_races [--rounds 1000]`. In front of the packaged S3 server stands a proxy that answers a quarter of
the puts of the pointer with 409, 412 or 500, or cuts the connection, before or after the put took place. After every round
both days must be served, bundle and history, to whom it was said that they are. Then the same with compare-and-swap off:
the race has to find losses. Prints what was refused and injected, and how long a rollback takes.
"""

import argparse
import os
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from trending_assets.s3 import environment, free_port, s3_server
from trending_assets.serving.pointer import versions
from trending_assets.serving.versions import rollback
from trending_assets.store import LocalStore, Store
from trending_assets_tests.unit.serving.fault_proxy import fault_proxy
from trending_assets_tests.unit.serving.races import Outcome, careless, race, s3_store

LANES = 5
"""Races side by side, each over a lake of its own: most of their time they wait."""
SHARE = 0.25


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1000)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        good = _on_a_folder(Path(folder, "folder"), rounds)
        return 0 if _on_s3(Path(folder, "s3"), rounds) and good else 1


def _on_a_folder(root: Path, rounds: int) -> bool:
    store = LocalStore(root / "whole")
    outcome = race([store, LocalStore(store.root)], store, rounds, seed=1)
    _show("folder", [outcome])
    print(f"  rollback to version 1: {_rollback(store):.3f} s")
    blind = LocalStore(root / "careless")
    return _sound([outcome]) and _control("folder", [blind, LocalStore(blind.root)], blind)


def _on_s3(root: Path, rounds: int) -> bool:
    port = free_port()
    with s3_server(root, port):
        os.environ.update(environment(port))
        direct = f"http://127.0.0.1:{port}"
        with fault_proxy(port, SHARE, seed=1) as (address, proxy), ThreadPoolExecutor(LANES) as pool:
            lanes = [
                pool.submit(
                    race,
                    [s3_store(f"lane{n}", address), s3_store(f"lane{n}", address)],
                    s3_store(f"lane{n}", direct),
                    rounds // LANES,
                    seed=n,
                )
                for n in range(LANES)
            ]
            outcomes = [lane.result() for lane in lanes]
            faults = Counter(proxy.faults)
        _show("S3 server behind faults", outcomes)
        print("  injected: " + ", ".join(f"{count:,} x {fault}" for fault, count in sorted(faults.items())))
        print(f"  rollback to version 1: {_rollback(s3_store('lane0', direct)):.3f} s")
        blind = [s3_store("careless", direct) for _ in range(3)]
        return _sound(outcomes) and _control("S3 server", blind[:2], blind[2])


def _sound(outcomes: list[Outcome]) -> bool:
    return not any(outcome.lost or outcome.problems for outcome in outcomes)


def _show(where: str, outcomes: list[Outcome]) -> None:
    rounds, told = sum(o.rounds for o in outcomes), sum(o.acknowledged for o in outcomes)
    lost, problems = [one for o in outcomes for one in o.lost], [one for o in outcomes for one in o.problems]
    print(f"{where}: {rounds:,} races of two publishers, {told:,} publishes acknowledged, {len(lost)} of them lost")
    print(
        f"  {sum(o.refused for o in outcomes):,} puts of the pointer not taken, {sum(o.given_up for o in outcomes)} publishers "
        f"gave up; {sum(o.version for o in outcomes):,} versions; {len(problems)} gaps, torn objects or other problems"
    )
    for one in (lost + problems)[:10]:
        print(f"  {one}")


def _control(where: str, publishers: Sequence[Store], reader: Store) -> bool:
    begin = time.perf_counter()
    outcome = race(publishers, reader, 40, seed=1, put=careless)
    spent = time.perf_counter() - begin
    days = {one.removesuffix(" in the history") for one in outcome.lost}
    print(
        f"  without compare-and-swap on the {where}: {len(days)} of {outcome.acknowledged} are lost, found in {spent:.1f} s"
    )
    return bool(days)


def _rollback(store: Store) -> float:
    begin = time.perf_counter()
    rollback(store, versions(store)[0])
    return time.perf_counter() - begin


if __name__ == "__main__":
    raise SystemExit(main())
