"""The made site and a visitor, for the page's tests."""

from collections.abc import Iterator
from typing import Any

import pytest

from trending_assets_tests.e2e.made_site import DAGIT, make_app, serving
from trending_assets_tests.e2e.visiting import Visit, visiting


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the page over the made answers."""
    with serving(make_app(dagster_url=DAGIT)) as address:
        yield address


@pytest.fixture
def visit(browser: Any, site: str) -> Iterator[Visit]:
    """A visit to the made site."""
    with visiting(browser) as one:
        yield one
