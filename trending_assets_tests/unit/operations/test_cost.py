"""The cost sheet: every size has a price, the sums are right, and the page is what the file says."""

import re
from pathlib import Path
from typing import Any

import pytest

from bench import cost
from trending_assets.failures import PermanentFailure
from trending_assets.retention import SERVED_DAYS

REPO = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("name", cost.ENVIRONMENTS)
def test_every_line_is_its_quantity_times_its_price(name: str) -> None:
    found = list(cost.lines(name))
    for line in found:
        assert line.usd == pytest.approx(line.quantity * cost.price(line.price)), line
        assert line.quantity >= 0
    grouped = [line.price for line in found]
    assert all(sum(price in members for members in cost._GROUPS.values()) == 1 for price in grouped)
    assert cost.total(name) == pytest.approx(sum(line.usd for line in found))


def test_sums_by_hand() -> None:
    dev = {line.what: line for line in cost.lines("dev")}
    assert dev["code-server: vCPU"].usd == pytest.approx(0.5 * 730 * 0.04048)
    assert dev["NAT gateways"].usd == pytest.approx(730 * 0.045)
    assert dev["database db.t4g.micro"].usd == pytest.approx(730 * 0.016)
    assert {line.what: line for line in cost.lines("staging")}["database db.t4g.small"].usd == pytest.approx(
        2 * 730 * 0.032
    )
    assert dev["LLM: thousands of documents"].usd == pytest.approx(365 / 12 * 0.5 * 0.4534)
    ten = {line.what: line for line in cost.lines("dev", documents=10)}
    assert ten["LLM: thousands of documents, held by the budget"].usd == pytest.approx(365 / 12 * 1.0)


def test_every_price_has_a_source_and_a_date_and_is_used() -> None:
    prices = cost.table()["prices"]
    for name, entry in prices.items():
        assert entry["usd"] > 0 and entry["unit"] and entry["source"] and str(entry["date"]), name
    used = {line.price for name in cost.ENVIRONMENTS for line in cost.lines(name)}
    assert used == set(prices)


def test_a_size_without_a_price_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    found: dict[str, Any] = cost.table()
    without = {name: entry for name, entry in found["prices"].items() if name != "rds_db.t4g.micro"}
    monkeypatch.setitem(found, "prices", without)
    with pytest.raises(PermanentFailure, match=r"no price rds_db\.t4g\.micro"):
        list(cost.lines("dev"))


def test_documents_and_retention_move_what_they_should() -> None:
    prod = cost.table()["environments"]["prod"]
    once, ten, twice = (cost.stored_gb(prod, *factors) for factors in ((1, 1), (10, 1), (1, 2)))
    assert once < ten < 10 * once and twice == pytest.approx(2 * once)
    assert once > cost.table()["measured"]["served_bytes"] * SERVED_DAYS / cost.GB
    for name in cost.ENVIRONMENTS:
        assert cost.total(name, 10, 1) > cost.total(name) < cost.total(name, 1, 2)


def test_a_lake_is_measured(tmp_path: Path) -> None:
    from datetime import date

    import polars as pl

    from trending_assets.contracts import TABLES, empty
    from trending_assets.lake import open_lake

    lake = open_lake(str(tmp_path))
    days = [date(2026, 1, 1), date(2026, 1, 2)]
    for day in days:
        for table in ("staging/documents", "staging/titles"):
            lake.write(table, empty(TABLES[table]), day)
    lake.store.put(f"drift/report/date={days[0]}/report.html", b"x" * 100)
    found = cost.measure(str(tmp_path))
    size = len(lake.store.get(lake.key("staging/titles", days[0])) or b"")
    assert found["bytes"] == {
        "drift/report": 100,
        "staging/documents": pytest.approx(found["bytes"]["staging/documents"]),
        "staging/titles": size,
    }
    assert (found["documents"], found["titles"], found["served_bytes"]) == (0, 0, 0)
    assert pl.read_parquet(tmp_path / lake.key("staging/titles", days[0])).is_empty()


def test_the_page_is_what_the_file_says() -> None:
    assert (REPO / "docs" / "cost.md").read_text() == cost.markdown(), "run `make docs`"


@pytest.mark.parametrize("name", cost.ENVIRONMENTS)
def test_sizes_are_those_of_terraform(name: str) -> None:
    file = REPO / "terraform" / "environments" / name / "terraform.tfvars"
    if not file.is_file():
        pytest.skip(f"there is no {file.relative_to(REPO)}")
    text, size = file.read_text(), cost.table()["environments"][name]
    tasks = dict(re.findall(r"^\s+([a-z-]+)\s+= \{ (cpu = \d+, memory = \d+) \}", text, re.MULTILINE))
    assert tasks == {s: f"cpu = {one['cpu']}, memory = {one['memory']}" for s, one in size["tasks"].items()}
    for key in ("instance_class", "storage_gib", "multi_az"):
        value = re.search(rf"^\s+{key}\s+= (\S+)", text, re.MULTILINE)
        assert value is not None and value[1].strip('"') == str(size["database"][key]).lower()
    assert f"run_disk_gib           = {size['run_disk_gib']}" in text
    assert f"log_retention_days  = {size['log_retention_days']}" in text
    zones = re.search(r"availability_zones\s+= \[(.*)\]", text)
    assert zones is not None and zones[1].count('"') == 2 * size["zones"]
    endpoints = re.search(r"interface_endpoints\s+= \[(.*)\]", text)
    assert endpoints is not None and endpoints[1].count('"') == 2 * size["interface_endpoints"]
    assert re.search(rf"nat_per_zone\s+= {str(size['nat_per_zone']).lower()}", text)
    minimum = re.search(r"api_count\s+= \{ min = (\d+)", text)
    assert minimum is not None and int(minimum[1]) == size["tasks"]["api"]["count"]
    for service in ("webserver", "viewer"):
        assert re.search(rf"{service}_count\s+= {size['tasks'][service]['count']}$", text, re.MULTILINE)
    assert f'TRENDING_LLM_DAILY_BUDGET_USD = "{size["llm_budget"]}"' in text
