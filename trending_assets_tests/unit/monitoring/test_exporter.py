"""The exporter: parts that fail, hang or come back leave the others alone, and absence is visible."""

import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import httpx
import pytest
from prometheus_client import CollectorRegistry, Metric, generate_latest

from trending_assets.lake import Lake
from trending_assets.monitoring.exporter import Exporter, Part
from trending_assets.monitoring.gauges import gauge
from trending_assets.monitoring.service import parts
from trending_assets.s3 import free_port
from trending_assets.settings import Settings
from trending_assets_tests.e2e.running import TRENDING, clean_environment, trending
from trending_assets_tests.unit.monitoring.made import full_lake


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def text_of(exporter: Exporter) -> str:
    registry = CollectorRegistry()
    registry.register(exporter)
    return generate_latest(registry).decode()


def good(now: datetime) -> Iterable[Metric]:
    yield gauge("good", "Told to.", 1)


class Flaky:
    """A part's collect that fails while it is told to."""

    error: Exception | None = None

    def __call__(self, now: datetime) -> Iterable[Metric]:
        yield gauge("flaky", "Told to.", now.timestamp())
        if self.error:
            raise self.error


def test_a_part_that_fails_leaves_the_others_and_is_shown_no_longer_than_three_intervals(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock, flaky = Clock(), Flaky()
    steady, shaky = Part("steady", 60, good), Part("shaky", 60, flaky)
    exporter = Exporter([steady, shaky], clock)
    assert 'trending_exporter_up{part="shaky"} 0.0' in text_of(exporter)  # before it was ever read
    assert "trending_exporter_collected_timestamp_seconds{" not in text_of(exporter)

    def seen() -> str:
        exporter.read(steady)
        exporter.read(shaky)
        return text_of(exporter)

    assert "flaky 1e+06" in seen() and 'trending_exporter_up{part="shaky"} 1.0' in seen()
    flaky.error = OSError("postgresql://user:secret@host is down")
    clock.now += 60
    text = seen()
    assert 'trending_exporter_up{part="shaky"} 0.0' in text and 'trending_exporter_up{part="steady"} 1.0' in text
    assert "flaky 1e+06" in text and 'trending_exporter_collected_timestamp_seconds{part="shaky"} 1e+06' in text
    clock.now += 120
    text = seen()
    assert "flaky" not in text and "good 1.0" in text and 'collected_timestamp_seconds{part="shaky"} 1e+06' in text
    flaky.error = None
    assert "flaky 1.00018e+06" in seen() and 'trending_exporter_up{part="shaky"} 1.0' in seen()
    said = capsys.readouterr().err.splitlines()
    assert said == ["The part shaky cannot be read: OSError", "The part shaky can be read again."]  # once, no secret


def test_a_scrape_does_not_wait_for_a_part_that_hangs() -> None:
    started, end = threading.Event(), threading.Event()

    def hangs(now: datetime) -> Iterable[Metric]:
        started.set()
        end.wait(60)
        return []

    clock = Clock()
    exporter = Exporter([Part("slow", 60, hangs), Part("steady", 60, good)], clock)
    exporter.start()
    assert started.wait(30)
    try:
        deadline = time.monotonic() + 30
        while "good 1.0" not in (text := text_of(exporter)):
            assert time.monotonic() < deadline
        assert 'trending_exporter_up{part="slow"} 0.0' in text and not end.is_set()
    finally:
        end.set()


def test_a_part_that_hangs_after_it_was_read_is_not_up_for_ever() -> None:
    clock = Clock()
    part = Part("steady", 60, good)
    exporter = Exporter([part], clock)
    exporter.read(part)
    clock.now += 181
    text = text_of(exporter)
    assert 'trending_exporter_up{part="steady"} 0.0' in text and "good" not in text


def settings_of(folder: Path, **more: object) -> Settings:
    return Settings(_env_file=None, state_dir=folder, first_day=date(2026, 11, 1), **more)  # type: ignore[call-arg,arg-type]


def test_each_part_answers_without_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    folder = tmp_path / "lake"
    lake = full_lake(folder, [date(2026, 11, 19), date(2026, 11, 20)])
    nobody = f"postgresql+psycopg://user:secret@127.0.0.1:{free_port()}/llm"
    chosen = parts(str(folder), settings_of(tmp_path, llm_ledger=nobody))
    exporter = Exporter(chosen)

    def ups() -> str:
        for part in chosen:
            exporter.read(part)
        return " ".join(
            "=".join(found)
            for found in re.findall(r'^trending_exporter_up{part="(\w+)"} (\d)', text_of(exporter), re.MULTILINE)
        )

    assert ups() == "lake=1 tables=1 ledger=0 dagster=0"
    folder.rename(tmp_path / "unmounted")
    assert ups() == "lake=0 tables=0 ledger=0 dagster=0"
    (tmp_path / "unmounted").rename(folder)
    lake.store.put("drift/report/date=2026-11-20/data.parquet", b"no parquet")
    assert ups() == "lake=1 tables=0 ledger=0 dagster=0"


def test_what_the_llm_costs(lake: Lake, tmp_path: Path) -> None:
    from trending_assets.scoring.ledger import Call, Go, Ledger, Reserve, Settle

    ledger = Ledger(f"sqlite:///{tmp_path / 'llm.sqlite'}")

    def ask(key: str, deadline: float) -> str:
        call = Call(key, "document", "m", "1", "lake", "day", deadline=deadline, reserved=250_000_000)
        (outcome,) = ledger.apply([Reserve(call, None)])
        assert isinstance(outcome, Go)
        return outcome.call_id

    for deadline, key in ((time.time() + 600, "waits"), (time.time() - 600, "doubt")):
        ask(key, deadline)
    ledger.apply([Settle(ask("done", 0), "answered", cost=125_000_000, charged=125_000_000)])
    for budget, shown in ((2.0, "2.0"), (None, "+Inf")):
        chosen = parts(lake.uri, settings_of(tmp_path, llm_daily_budget_usd=budget))
        (part,) = (part for part in chosen if part.name == "ledger")
        exporter = Exporter([part])
        exporter.read(part)
        text = text_of(exporter)
        assert f"trending_llm_budget_daily_usd {shown}\n" in text
        assert "trending_llm_spent_today_usd 0.125\n" in text and "trending_llm_reserved_today_usd 0.5\n" in text
        assert "trending_llm_calls_under_way 1.0\n" in text and "trending_llm_calls_in_doubt 1.0\n" in text


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_the_command_serves_until_it_is_told_to_stop(tmp_path: Path, ending: signal.Signals) -> None:
    (tmp_path / "lake").mkdir()
    port = free_port()
    command = [TRENDING, "exporter", "--lake", "lake", "--port", str(port)]
    env = clean_environment(TRENDING_STATE_DIR=str(tmp_path / "state"))
    process = subprocess.Popen(
        command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert (
            process.stdout is not None and process.stdout.readline() == f"Metrics at http://127.0.0.1:{port}/metrics\n"
        )
        deadline = time.monotonic() + 60
        while 'trending_exporter_up{part="lake"} 1.0' not in httpx.get(f"http://127.0.0.1:{port}/metrics").text:
            assert time.monotonic() < deadline
        process.send_signal(ending)
        assert process.wait(30) == 0
        assert process.stderr is not None and "Traceback" not in process.stderr.read()
    finally:
        process.kill()
        process.wait()


def test_an_address_that_is_none_of_ours_is_a_sentence(tmp_path: Path) -> None:
    port = str(free_port())
    ran = trending("exporter", "--lake", "lake", "--host", "host.invalid", "--port", port, cwd=tmp_path)
    assert ran.returncode == 1 and ran.stderr.startswith(
        f"trending: The exporter cannot listen at host.invalid:{port}: "
    )
