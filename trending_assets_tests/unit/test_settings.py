"""settings.py: documented in full, wrong values named, secrets never shown."""

import re
from pathlib import Path

import pytest

from trending_assets.failures import PermanentFailure
from trending_assets.settings import Settings, get_settings

REPO = Path(__file__).resolve().parents[2]


def test_every_setting_stands_in_the_example_with_its_default() -> None:
    lines = (REPO / ".env.example").read_text().splitlines()
    shown = {m[1]: m[2] for line in lines if (m := re.match(r"# (\w+)=(.*)", line))}
    for name, field in Settings.model_fields.items():
        variable = {"tmdb_api_key": "TMDB_API_KEY", "llm_api_key": "OPENAI_API_KEY"}.get(
            name, f"TRENDING_{name.upper()}"
        )
        assert variable in shown, f"{variable} is missing in .env.example"
        default = "" if field.default is None else str(field.default)
        default = {"True": "true", "False": "false"}.get(default, default)
        assert shown[variable] == default, variable


def test_a_wrong_value_is_named_without_being_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRENDING_LLM_TIMEOUT", "soon-s3cret")
    with pytest.raises(PermanentFailure, match="llm_timeout") as caught:
        get_settings()
    assert "s3cret" not in str(caught.value)


def test_secrets_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    monkeypatch.setenv("TMDB_API_KEY", "tmdb-very-secret")
    settings = get_settings()
    assert "very-secret" not in f"{settings!r} {settings} {settings.model_dump()}"
    assert settings.llm_api_key and settings.llm_api_key.get_secret_value() == "sk-very-secret"


def test_api_settings_may_be_none_or_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRENDING_API_KEYS", "")
    monkeypatch.setenv("TRENDING_API_RATE_PER_MINUTE", "none")
    assert get_settings().api_keys is None and get_settings().api_rate_per_minute is None
    monkeypatch.setenv("TRENDING_API_RATE_PER_MINUTE", "0")
    monkeypatch.setenv("TRENDING_API_TRUST_PROXY", "-1")
    with pytest.raises(PermanentFailure, match=r"api_rate_per_minute.*api_trust_proxy"):
        get_settings()
