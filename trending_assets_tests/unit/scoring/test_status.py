"""`trending llm` says what was spent, what is open and what waits, and lets a person release calls."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from trending_assets import quarantine
from trending_assets.failures import PermanentFailure
from trending_assets.lake import Lake
from trending_assets.scoring.client import Failure
from trending_assets.scoring.ledger import Call, Go, Ledger, Reserve, Settle
from trending_assets.scoring.record import record
from trending_assets.scoring.status import ask_again, status
from trending_assets.settings import Settings
from trending_assets_tests.unit.scoring.frames import DAY, table


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    url = f"sqlite:///{tmp_path / 'llm.sqlite'}"
    return Settings(llm_ledger=SecretStr(url), llm_daily_budget_usd=2.5)


@pytest.fixture
def ledger(settings: Settings) -> Ledger:
    assert settings.llm_ledger is not None
    return Ledger(settings.llm_ledger.get_secret_value())


def call(lake: Lake, key: str, **more: object) -> Call:
    made = Call(key, "document_score", "gpt-5-mini", "1-abc", lake.uri, DAY.isoformat())
    return replace(made, deadline=time.time() - 1, reserved=2_000_000, **more)  # type: ignore[arg-type]


def test_money_open_calls_a_lakes_calls_and_what_waits(settings: Settings, ledger: Ledger, lake: Lake) -> None:
    paid, refused, lost = call(lake, "paid"), call(lake, "refused"), call(lake, "lost")
    ids = [o.call_id for o in ledger.apply([Reserve(c, None) for c in (paid, refused, lost)]) if isinstance(o, Go)]
    ledger.apply([Settle(ids[0], "answered", cost=1_500_000, charged=1_500_000, tokens_in=1234, response="{}")])
    ledger.apply([Settle(ids[1], "failed", "refusal", cost=500_000, charged=500_000)])
    lake.write("scoring/ledger", record(ledger, lake, [DAY]), DAY)
    lake.write("scoring/document_scores", table("scoring/document_scores", []), DAY)
    waits = Failure("budget", "used up", "", "gpt-5-mini").quarantined("http://a.example/1")
    quarantine.replace(lake, "scoring/document_scores", DAY, [waits])
    said = "\n".join(status(settings, lake))
    assert "0.002000 US dollars spent, 0.002000 reserved for calls under way, of a budget of 2.5." in said
    assert "1 calls without a known outcome: document_score by gpt-5-mini." in said
    assert "answered         1 calls        1,234 in" in said and "refusal          1 calls" in said
    assert f"{DAY}  1 rows of scoring/document_scores wait: the day's budget is used up" in said

    assert ask_again(settings, ["in_doubt", "refusal"]) == 2 and ledger.live(["refused", "lost"]) == {}
    with pytest.raises(PermanentFailure, match="--ask-again weather is unknown; take one of in_doubt, refusal"):
        ask_again(settings, ["weather"])


def test_an_empty_lake_and_no_budget_are_said(settings: Settings, lake: Lake) -> None:
    said = status(settings.model_copy(update={"llm_daily_budget_usd": None}), lake)
    assert "no budget is set" in said[0] and said[1:] == ["Nothing was scored in this lake yet."]
