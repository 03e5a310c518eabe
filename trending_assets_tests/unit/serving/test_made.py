"""The made marts of the benches: of the contract, and the same with the same numbers."""

from datetime import date

from bench.made_lake import days_until, made_lake, publish_made
from bench.made_marts import Made
from trending_assets.contracts import TABLES, validate
from trending_assets.lake import Lake
from trending_assets.serving.pointer import read_pointer

DAY = date(2026, 11, 20)
NAMES = {
    "trends": "marts/trends",
    "titles": "marts/titles",
    "evidence": "marts/evidence",
    "charts": "staging/charts",
    "chart_entries": "linking/chart_entries",
    "drift": "drift/report",
    "calls": "scoring/ledger",
}


def test_made_marts_keep_the_contract_and_are_made_alike() -> None:
    made = Made(30, 40)
    frames, again = made.frames(DAY), Made(30, 40).frames(DAY)
    assert frames.keys() == NAMES.keys()
    for name, frame in frames.items():
        assert validate(frame, TABLES[NAMES[name]]) == [] and frame.equals(again[name]), name
    assert not frames["trends"].equals(made.frames(date(2026, 11, 19))["trends"])
    assert not frames["trends"].equals(Made(30, 40, seed=7).frames(DAY)["trends"])
    assert sorted(frames["trends"]["title_id"]) == sorted(Made(30, 40, seed=7).ids)


def test_other_rows_are_another_version(lake: Lake) -> None:
    days = days_until(DAY, 2)
    assert made_lake(lake.store.root, days, 12, 10).uri == lake.uri  # type: ignore[attr-defined]
    first = read_pointer(lake.store)
    assert first is not None and sorted(first.days) == days
    assert publish_made(lake, Made(12, 10), days) == first
    assert publish_made(lake, Made(12, 10, seed=9), days).version == first.version + 1
