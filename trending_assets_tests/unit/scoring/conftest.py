"""Fixtures of the scoring tests."""

from pathlib import Path

import pytest

from trending_assets.scoring.ledger import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """An empty ledger of the test's own, in SQLite."""
    return Ledger(f"sqlite:///{tmp_path / 'llm.sqlite'}")
