"""Title linking on the trap set: `python -m bench.linking_traps [--split dev|test|all] [--errors]`.

A link is a pair of a document and a title. It is right when the document's `expected` holds the title, wrong otherwise; a
document that links two titles has made two links. Precision is right links / links made, recall right links / expected links.
NIL is counted by document: expected NIL has nothing to link, found NIL was left without a link.
"""

import argparse
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl

from trending_assets.contracts import TABLES

FOLDER = Path(__file__).resolve().parents[1] / "trending_assets_tests" / "linking_traps"
SPLITS = ("dev", "test")
FAULTLESS = ("remake_with_year", "film_or_tv_with_cue")
"""Families without room for a wrong link: the text says which title it is."""
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)
"""Edges of the calibration table's bins; a bin holds its upper edge."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Counts:
    """What linking made of some documents. A ratio without a denominator is 1: no mistake was made."""

    documents: int
    expected: int
    links: int
    right: int
    nil: int
    found_nil: int
    right_nil: int

    @property
    def wrong(self) -> int:
        return self.links - self.right

    @property
    def precision(self) -> float:
        return _ratio(self.right, self.links)

    @property
    def recall(self) -> float:
        return _ratio(self.right, self.expected)

    @property
    def nil_precision(self) -> float:
        return _ratio(self.right_nil, self.found_nil)

    @property
    def nil_recall(self) -> float:
        return _ratio(self.right_nil, self.nil)

    @property
    def nil_f1(self) -> float:
        return _ratio(2 * self.right_nil, self.found_nil + self.nil)


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def read_rows(name: str) -> list[Row]:
    """The objects of a file of the trap set ('titles' or 'mentions'), in the order of the file."""
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def titles_frame(rows: Iterable[Row]) -> pl.DataFrame:
    """The catalogue in the columns of staging/titles; what linking may not use is null or empty."""
    filled = [
        {
            **_empty("staging/titles"),
            "original_title": row["title"],
            "tmdb_id": int(row["title_id"].partition("-")[2]),
            "has_details": True,
            **row,
        }
        for row in rows
    ]
    return pl.DataFrame(filled, schema=TABLES["staging/titles"].schema)


def documents_frame(rows: Iterable[Row]) -> pl.DataFrame:
    """The documents in the columns of staging/documents, without a language, a rating or anything that gives the label away."""
    schema = TABLES["staging/documents"].schema
    filled = []
    for row in rows:
        known = {name: value for name, value in row.items() if name in schema}
        published = datetime.fromisoformat(row["published_at"]).replace(tzinfo=UTC)
        address = f"https://traps.example/{doc_id(row)}"
        rest = {"doc_id": doc_id(row), "url": address, "published_at": published, "text_hash": doc_id(row)}
        places = {"source": "raw/posts", "site": "traps.example", "author_id": "traps.example/"}
        filled.append({**_empty("staging/documents"), **places, **known, **rest})
    return pl.DataFrame(filled, schema=schema)


def _empty(table: str) -> Row:
    return {name: [] if isinstance(dtype, pl.List) else None for name, dtype in TABLES[table].schema.items()}


def doc_id(row: Row) -> str:
    """The document's id as linking sees it: it tells nothing about split or family."""
    return hashlib.sha256(row["id"].encode()).hexdigest()[:16]


def linked(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """Link the rows' documents to the whole catalogue; by doc_id, the linked titles with their confidence."""
    from trending_assets.linking.link import link_documents

    mentions = link_documents(documents_frame(rows), titles_frame(read_rows("titles")))
    found: dict[str, dict[str, float]] = {doc_id(row): {} for row in rows}
    for document, title, confidence in mentions.select("doc_id", "title_id", "confidence").iter_rows():
        if title is not None:
            found[document][title] = confidence
    return found


def count(rows: Iterable[Row], found: dict[str, dict[str, float]]) -> Counts:
    """Count links and documents without one, against what the rows expect."""
    pairs = [(set(row["expected"]), set(found[doc_id(row)])) for row in rows]
    return Counts(
        documents=len(pairs),
        expected=sum(len(expected) for expected, _ in pairs),
        links=sum(len(made) for _, made in pairs),
        right=sum(len(expected & made) for expected, made in pairs),
        nil=sum(not expected for expected, _ in pairs),
        found_nil=sum(not made for _, made in pairs),
        right_nil=sum(not expected and not made for expected, made in pairs),
    )


def calibration(
    rows: Iterable[Row], found: dict[str, dict[str, float]]
) -> tuple[list[tuple[float, float, int, float, float]], float]:
    """Bins of confidence as (low, high, links, mean confidence, share right), and the expected calibration error.

    ECE is the mean of |share right - mean confidence| over the bins, weighted by links (Naeini, Cooper and Hauskrecht 2015).
    """
    judged = [(c, title in row["expected"]) for row in rows for title, c in found[doc_id(row)].items()]
    table, error = [], 0.0
    for low, high in pairwise(BINS):
        inside = [(c, right) for c, right in judged if low < c <= high or (c == 0 == low)]
        if inside:
            mean = sum(c for c, _ in inside) / len(inside)
            share = sum(right for _, right in inside) / len(inside)
            table.append((low, high, len(inside), mean, share))
            error += len(inside) / len(judged) * abs(share - mean)
    return table, error


def report(rows: Sequence[Row], found: dict[str, dict[str, float]]) -> list[str]:
    """The lines of the report: families, splits and all, NIL, the families without room for error, calibration."""
    lines = [
        f"{'family':<24}{'rows':>6}{'expect':>8}{'links':>7}{'wrong':>7}{'missed':>8}{'precision':>11}{'recall':>8}"
    ]
    for family in dict.fromkeys(row["family"] for row in rows):
        lines.append(_line(family, count([r for r in rows if r["family"] == family], found)))
    splits = [split for split in SPLITS if any(row["split"] == split for row in rows)]
    for split in splits if len(splits) > 1 else ():
        lines.append(_line(f"all of {split}", count([r for r in rows if r["split"] == split], found)))
    every = count(rows, found)
    traps = sum(row["trap"] for row in rows)
    lines += [_line("all", every), f"Traps: {traps} of {len(rows)} rows ({traps / len(rows):.1%})."]
    lines.append(
        f"NIL: precision {every.nil_precision:.3f}, recall {every.nil_recall:.3f}, F1 {every.nil_f1:.3f} "
        f"({every.nil} documents without a title, {every.found_nil} left without a link)."
    )
    for family in FAULTLESS:
        counts = count([r for r in rows if r["family"] == family], found)
        lines.append(f"{family}: {counts.wrong} wrong links in {counts.documents} documents (goal: none).")
    table, error = calibration(rows, found)
    lines.append(f"{'confidence':<14}{'links':>7}{'mean':>8}{'right':>8}")
    lines += [
        f"{f'{low:.2f} to {high:.2f}':<14}{links:>7}{mean:>8.3f}{share:>8.3f}"
        for low, high, links, mean, share in table
    ]
    return [*lines, f"Expected calibration error: {error:.4f}."]


def _line(name: str, counts: Counts) -> str:
    missed = counts.expected - counts.right
    return (
        f"{name:<24}{counts.documents:>6}{counts.expected:>8}{counts.links:>7}{counts.wrong:>7}{missed:>8}"
        f"{counts.precision:>11.3f}{counts.recall:>8.3f}"
    )


def errors(rows: Sequence[Row], found: dict[str, dict[str, float]], titles: Iterable[Row]) -> list[str]:
    """Lines on every row with a wrong or a missing link."""
    names = {t["title_id"]: f"{t['title']} ({t['year']}, {t['media_type']}, {t['title_id']})" for t in titles}
    lines = []
    for row in rows:
        expected, made = set(row["expected"]), found[doc_id(row)]
        if expected == set(made):
            continue
        lines += ["", f"{row['id']}  {row['family']}  {row['kind']} of {row['published_at']}"]
        work = {name: value for name, value in row.items() if name.startswith("work_")}
        lines += [f"  declared: {work}"] if work else []
        lines += [f"  headline: {row['headline']}"] if row.get("headline") else []
        lines.append(f"  {row['text']}")
        lines += [f"  wrong:  {names[title]}, confidence {c:.2f}" for title, c in made.items() if title not in expected]
        lines += [f"  missed: {names[title]}" for title in row["expected"] if title not in made]
    return lines


def main(argv: Sequence[str] | None = None) -> int:
    """Print the report, or every wrong row of one part."""
    parser = argparse.ArgumentParser(description="Precision, recall and calibration of title linking on the trap set.")
    parser.add_argument("--split", choices=(*SPLITS, "all"), default="all", help="part to link (default: all)")
    parser.add_argument("--errors", action="store_true", help="list the wrong rows of a part instead")
    args = parser.parse_args(argv)
    if args.errors and args.split == "all":
        parser.error("--errors lists one part; add --split dev, or --split test once nothing is tuned any more")
    rows = [row for row in read_rows("mentions") if args.split in ("all", row["split"])]
    found = linked(rows)
    lines = errors(rows, found, read_rows("titles")) if args.errors else report(rows, found)
    print("\n".join(lines) or "No row is wrong.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
