"""What an environment costs a month, from one price table and one list of sizes: deploy/prices.yaml.

`python -m bench.cost > docs/cost.md` writes the page; `python -m bench.cost --lake URI` measures a lake: the bytes a day of
each table, as they stand under `measured`. Prices are list prices, on demand, without free tiers, credits and taxes.
"""

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from trending_assets.contracts import DOCUMENT_TABLES
from trending_assets.failures import PermanentFailure
from trending_assets.retention import SERVED_DAYS, days_kept

FILE = Path(__file__).resolve().parent.parent / "deploy" / "prices.yaml"
HOURS, DAYS = 730, 365 / 12
"""Of a month."""
GB = 1e9
LONG = 800
"""Days that what is kept for good is counted with: a lake of two years."""
ENVIRONMENTS = ("dev", "staging", "prod")
BY_TITLE = (
    "raw/tmdb_catalogue",
    "staging/titles",
    "features/title_day",
    "features/online",
    "trends/trend_scores",
    "genre/predictions",
)
"""Tables with a row a title of the catalogue. Those of documents grow with the documents; the others with neither."""
BY_DOCUMENT = (
    *DOCUMENT_TABLES,
    "staging/documents",
    "staging/clusters",
    "linking/mentions",
    "scoring/document_scores",
    "scoring/document_cache",
    "scoring/ledger",
    "features/voices",
    "marts/evidence",
)


@dataclass(frozen=True)
class Line:
    """A quantity of a month, the price that it is charged at, and US dollars."""

    what: str
    quantity: float
    price: str
    usd: float


@lru_cache
def table() -> dict[str, Any]:
    """deploy/prices.yaml."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text())
    return found


def price(name: str) -> float:
    """US dollars a unit. Raises PermanentFailure for what the table has no price for."""
    if name not in table()["prices"]:
        raise PermanentFailure(f"deploy/prices.yaml has no price {name}.")
    return float(table()["prices"][name]["usd"])


def _line(what: str, quantity: float, name: str) -> Line:
    return Line(what, quantity, name, quantity * price(name))


def lines(environment: str, documents: float = 1, retention: float = 1) -> Iterator[Line]:
    """What an environment is charged for; `documents` and `retention` are factors.

    Raises PermanentFailure for a size without a price.
    """
    size = table()["environments"][environment]
    yield from _tasks(size, documents)
    yield from _network(size, documents)
    database = size["database"]
    copies = 2 if database["multi_az"] else 1
    yield _line(f"database {database['instance_class']}", HOURS * copies, f"rds_{database['instance_class']}")
    yield _line("database storage", database["storage_gib"] * copies, "rds_gp3")
    yield from _storage(size, documents, retention)
    yield _line("log lines", size["logs_gb"] * documents**0.5, "logs_ingested")
    yield _line(
        "logs kept", size["logs_gb"] * documents**0.5 * size["log_retention_days"] / DAYS * retention, "logs_stored"
    )
    yield _line("metrics, alarms, dashboard (docs/cloudwatch.md)", 1, "monitoring")
    yield _line("secrets", size["secrets"], "secret")
    yield _line("encryption keys", size["keys"], "kms_key")
    yield _line("images", size["images_gb"], "ecr")
    yield _llm(size, documents)


def _tasks(size: Mapping[str, Any], documents: float) -> Iterator[Line]:
    for service, one in size["tasks"].items():
        # most of a run is the catalogue and its start: its hours grow less than its documents
        hours = size["run_hours"] * DAYS * documents**0.5 if service == "run" else HOURS * one["count"]
        yield _line(f"{service}: vCPU", hours * one["cpu"] / 1024, "fargate_vcpu")
        yield _line(f"{service}: memory", hours * one["memory"] / 1024, "fargate_gb")
        if service == "run":
            yield _line("run: disk over 20 GB", hours * max(0, size["run_disk_gib"] - 20), "fargate_disk")


def _network(size: Mapping[str, Any], documents: float) -> Iterator[Line]:
    zones = size["zones"]
    gateways = zones if size["nat_per_zone"] else 1
    yield _line("NAT gateways", HOURS * gateways, "nat_hour")
    yield _line("through NAT", size["nat_gb"] * documents, "nat_gb")
    yield _line("interface endpoints", HOURS * zones * size["interface_endpoints"], "endpoint_hour")
    yield _line("load balancers", HOURS * size["balancers"], "alb_hour")
    yield _line("load balancers: capacity", HOURS * size["balancers"] * size["lcu"], "alb_lcu")
    yield _line("public IPv4 addresses", HOURS * (gateways + zones), "ipv4_hour")
    yield _line("firewall", 1, "waf_acl")
    yield _line("firewall rules", size["waf_rules"], "waf_rule")
    yield _line("firewall: millions of requests", size["api_requests"] * DAYS / 1e6, "waf_requests")
    yield _line("to the internet", size["egress_gb"], "egress")


def bytes_a_day(size: Mapping[str, Any], documents: float = 1) -> dict[str, float]:
    """Bytes a day of each table at an environment's catalogue and documents, from the lake that was measured."""
    measured = table()["measured"]
    titles, docs = size["titles"] / measured["titles"], documents * size["documents"] / measured["documents"]
    return {
        name: size_of * (titles if name in BY_TITLE else docs if name in BY_DOCUMENT else 1)
        for name, size_of in measured["bytes"].items()
    }


def stored_gb(size: Mapping[str, Any], documents: float = 1, retention: float = 1) -> float:
    """GB of a lake that is as old as its retention; what is kept for good counts two years. Served bundles included."""
    tables = sum(one * (days_kept(name) or LONG) for name, one in bytes_a_day(size, documents).items())
    served = table()["measured"]["served_bytes"] * SERVED_DAYS
    return float((tables + served) * retention * table()["measured"]["versions"] / GB)


def _storage(size: Mapping[str, Any], documents: float, retention: float) -> Iterator[Line]:
    measured = table()["measured"]
    yield _line("S3: the lake", stored_gb(size, documents, retention), "s3_gb")
    yield _line("S3: thousands of writes", measured["objects_a_day"] * 4 * DAYS / 1000, "s3_put")
    # a day reads windows of up to 85 days of some tables; each API process looks at the pointer twice a second
    reads = measured["objects_a_day"] * 60 * DAYS + size["tasks"]["api"]["count"] * 2 * 3600 * HOURS
    yield _line("S3: thousands of reads", reads / 1000, "s3_get")


def _llm(size: Mapping[str, Any], documents: float) -> Line:
    wanted = DAYS * size["documents"] * documents / 1000 * price("llm_1000_documents")
    most = DAYS * size["llm_budget"]
    held = ", held by the budget" if wanted > most else ""
    thousands = min(wanted, most) / price("llm_1000_documents")
    return Line(f"LLM: thousands of documents{held}", thousands, "llm_1000_documents", min(wanted, most))


def total(environment: str, documents: float = 1, retention: float = 1) -> float:
    """US dollars a month."""
    return sum(line.usd for line in lines(environment, documents, retention))


def markdown() -> str:
    """docs/cost.md."""
    region, at = table()["region"], table()["looked_up"]
    page = [
        "# What it costs",
        "",
        "Written by `python -m bench.cost > docs/cost.md` from `deploy/prices.yaml`: list prices of "
        f"{region}, on demand, looked up {at}, without free tiers, credits and taxes. Other regions have other prices. A test "
        "checks the sums, and that every size has a price. Check the prices before you rely on a figure: sources and dates "
        "stand in the file.",
        "",
        "| US dollars a month | dev | staging | prod |",
        "|---|---|---|---|",
    ]
    found = {name: list(lines(name)) for name in ENVIRONMENTS}
    for group, members in _GROUPS.items():
        sums = [sum(line.usd for line in found[name] if line.price in members) for name in ENVIRONMENTS]
        page.append(f"| {group} | " + " | ".join(f"{one:,.2f}" for one in sums) + " |")
    page.append("| **total** | " + " | ".join(f"**{total(name):,.0f}**" for name in ENVIRONMENTS) + " |")
    for what, factors in (("10 times the documents", (10, 1)), ("twice the retention", (1, 2))):
        page.append(f"| total, {what} | " + " | ".join(f"{total(name, *factors):,.0f}" for name in ENVIRONMENTS) + " |")
    page += ["", "## prod, line by line", "", "| what | a month | price | US dollars |", "|---|---|---|---|"]
    for line in sorted(found["prod"], key=lambda line: -line.usd):
        entry = table()["prices"][line.price]
        page.append(f"| {line.what} | {line.quantity:,.1f} | {entry['usd']:g} a {entry['unit']} | {line.usd:,.2f} |")
    page += ["", "## What it rests on", ""]
    page += [f"- {name}: {text}" for name, text in table()["assumptions"].items()]
    estimated = sorted(name for name, entry in table()["prices"].items() if entry.get("estimated"))
    page += ["", f"Prices that no source was found for, estimated: {', '.join(estimated) or 'none'}."]
    return "\n".join(page) + "\n"


_GROUPS = {
    "runs and services (Fargate)": {"fargate_vcpu", "fargate_gb", "fargate_disk"},
    "database (RDS)": {
        "rds_gp3",
        "rds_db.t4g.micro",
        "rds_db.t4g.small",
        "rds_db.t4g.medium",
    },
    "network (NAT, endpoints, balancers, firewall, egress)": {
        "nat_hour",
        "nat_gb",
        "endpoint_hour",
        "alb_hour",
        "alb_lcu",
        "ipv4_hour",
        "waf_acl",
        "waf_rule",
        "waf_requests",
        "egress",
    },
    "S3": {"s3_gb", "s3_put", "s3_get"},
    "logs and monitoring": {"logs_ingested", "logs_stored", "monitoring"},
    "secrets, keys, images": {"secret", "kms_key", "ecr"},
    "LLM": {"llm_1000_documents"},
}


def measure(uri: str) -> dict[str, Any]:
    """Bytes a day of each daily table of a lake, and of what is served, as the mean of its days."""
    import re

    from trending_assets.lake import open_lake
    from trending_assets.serving.pointer import object_key, read_pointer

    lake = open_lake(uri)
    sizes: dict[str, dict[str, int]] = {}
    for key in lake.store.list(""):
        if match := re.match(r"([^/]+/[^/]+)/date=(\d{4}-\d{2}-\d{2})/", key):
            days = sizes.setdefault(match[1], {})
            days[match[2]] = days.get(match[2], 0) + len(lake.store.get(key) or b"")
    pointer = read_pointer(lake.store)
    served = [len(lake.store.get(object_key(name)) or b"") for name in (pointer.objects if pointer else ())]
    documents = lake.days("staging/documents")
    titles = lake.read("staging/titles", lake.days("staging/titles")[-1:], ["title_id"]).height
    return {
        "documents": round(lake.read("staging/documents", documents, ["doc_id"]).height / max(len(documents), 1)),
        "titles": titles,
        "objects_a_day": round(sum(map(len, sizes.values())) / max(len({d for one in sizes.values() for d in one}), 1)),
        "served_bytes": round(sum(served) / max(len(pointer.days) if pointer else 1, 1)),
        "bytes": {name: round(sum(days.values()) / len(days)) for name, days in sorted(sizes.items())},
    }


def main() -> None:
    """Print the page, or what a lake measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lake", help="A lake to measure.")
    asked = parser.parse_args()
    print(yaml.safe_dump(measure(asked.lake), sort_keys=False) if asked.lake else markdown(), end="")


if __name__ == "__main__":
    main()
