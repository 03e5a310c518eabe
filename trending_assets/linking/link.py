"""Documents and chart entries to titles. Precision first: what cannot be told stays unlinked, and says so."""

import re
from collections.abc import Iterable
from datetime import timedelta

import polars as pl

from trending_assets.contracts import TABLES, conform
from trending_assets.linking.catalogue import Candidate, Catalogue, build
from trending_assets.linking.choose import Choice, choose
from trending_assets.linking.evidence import Naming, in_prose, opening, template
from trending_assets.linking.words import Words, split_words

DOCUMENT_COLUMNS = ("doc_id", "kind", "published_at", "headline", "text", "work_title", "work_year", "work_media_type")
"""Columns of staging/documents that linking reads."""
CHART_COLUMNS = ("chart", "chart_date", "rank", "title", "year", "media_type", "days_in_release")
"""Columns of staging/charts that linking reads."""

DECLARED_WITH_YEAR, DECLARED = 0.99, 0.97
PRIOR = 0.9
"""A link that only a prior decided (recency, popularity) keeps this share of its confidence."""
MOST_TITLES = 5
"""A text that names more titles is a list; its first ones are kept."""

_YEAR = re.compile(r"\s*[\(\[]((?:18|19|20)\d\d)[\)\]]\s*$")
_SEASON = re.compile(
    r"\s*[:–—-]\s*(?:the\s+)?(?:complete\s+)?(?:season|series|part|volume|limited series|book)\b.*$", re.I
)
_EDITION = re.compile(r"\s*(?:\(.*\)|\b3d|(?:\d{4}\s*)?\bre-?(?:issue|release)(?:\s+\d{4})?|\bimax)\s*$", re.I)

Row = tuple[str, str | None, float, str, str | None]
_MENTION_SCHEMA = {
    name: TABLES["linking/mentions"].schema[name] for name in ("doc_id", "title_id", "confidence", "method", "surface")
}


def link_documents(documents: pl.DataFrame, titles: pl.DataFrame) -> pl.DataFrame:
    """Link the documents of one day to that day's titles; gives the rows of linking/mentions.

    `documents` needs DOCUMENT_COLUMNS, `titles` needs catalogue.COLUMNS. Every document keeps at least one row; without a
    sure title it has a null title_id, confidence 0 and the method 'ambiguous' (a name that several titles share) or 'none'.
    """
    texts = documents.select(pl.concat_str(["headline", "text", "work_title"], separator=" ", ignore_nulls=True))
    catalogue = build(titles, _vocabulary(texts.to_series()))
    seen: dict[tuple[object, ...], list[Row]] = {}
    rows: list[Row] = []
    for doc_id, kind, published, *rest in documents.select(DOCUMENT_COLUMNS).iter_rows():
        key = (kind, published.year, *rest)
        if key not in seen:
            headline, text, work_title, work_year, work_media_type = rest
            if work_title:
                seen[key] = [_declared(work_title, work_year, work_media_type, published.year, catalogue)]
            else:
                seen[key] = _from_words(kind, headline or "", text or "", published.year, catalogue)
        rows += [(doc_id, *row[1:]) for row in seen[key]]
    return conform(pl.DataFrame(rows, schema=_MENTION_SCHEMA, orient="row"), TABLES["linking/mentions"])


def link_charts(charts: pl.DataFrame, titles: pl.DataFrame) -> pl.DataFrame:
    """Link a day's chart entries (CHART_COLUMNS) to that day's titles; gives the rows of linking/chart_entries.

    A chart prints whole titles, so a form must match as a whole. Season and edition suffixes are tried without; the year
    that the chart prints binds, the one that its days in release imply only decides between titles of one name.
    """
    variants = {title: _chart_variants(title) for title in charts["title"].unique()}
    catalogue = build(titles, _vocabulary(pl.Series([v for vs in variants.values() for v in vs], dtype=pl.String)))
    rows = []
    for chart, day, rank, title, year, media_type, days in charts.select(CHART_COLUMNS).iter_rows():
        implied = None if days is None else (day - timedelta(days=max(days - 1, 0))).year
        choice, method = Choice(None, False, False), "none"
        for printed in variants[title]:
            named = catalogue.named(split_words(printed).form(0, 10_000), loose=True)
            if not named:
                continue
            choice = choose(named, day.year, year if year is not None else implied, media_type, printed)
            if choice.candidate is None and year is None:
                choice = choose(named, day.year, None, media_type, printed)
            method = "normalised" if choice.candidate else "ambiguous" if choice.ambiguous else "none"
            break
        confidence = 0.0 if choice.candidate is None else 0.95 * (1.0 if choice.sure else PRIOR)
        rows.append((chart, day, rank, choice.candidate and choice.candidate.title_id, confidence, method))
    table = TABLES["linking/chart_entries"]
    return conform(pl.DataFrame(rows, schema=table.schema, orient="row"), table)


def _chart_variants(title: str) -> list[str]:
    return list(dict.fromkeys([title, _SEASON.sub("", title), _EDITION.sub("", title)]))


def _vocabulary(texts: pl.Series) -> set[str]:
    words: set[str] = set()
    for text in texts.drop_nulls().unique():
        words.update(split_words(text).folded)
    return words


def _row(naming: Naming, title: Candidate, confidence: float) -> Row:
    return ("", title.title_id, confidence, naming.method, naming.surface)


def _unlinked(ambiguous: bool, surface: str | None = None) -> Row:
    return ("", None, 0.0, "ambiguous" if ambiguous else "none", surface if ambiguous else None)


def _declared(title: str, year: int | None, media_type: str | None, written: int, catalogue: Catalogue) -> Row:
    """A page that declares its work is about that work and no other, found or not."""
    printed = _YEAR.search(title)
    if printed:
        title, year = title[: printed.start()], year if year is not None else int(printed[1])
    words: Words = split_words(title)
    form = words.form(0, len(words))
    choice = choose(catalogue.named(form, loose=True), written, year, media_type, title)
    if choice.candidate is None:
        return _unlinked(choice.ambiguous, title)
    confidence = DECLARED if year is None else DECLARED_WITH_YEAR
    return ("", choice.candidate.title_id, confidence * (1.0 if choice.sure else PRIOR), "declared", title)


def _from_words(kind: str, headline: str, text: str, written: int, catalogue: Catalogue) -> list[Row]:
    ambiguous: Naming | None = None
    for part in (headline, text):
        naming, settled = template(part, catalogue) if part else (None, False)
        if naming is None and not settled and kind == "post" and (first := opening(part)):
            naming, settled = template(first, catalogue)
        if naming is not None:
            choice = choose(catalogue.named(naming.form, naming.loose), written, naming.year, surface=naming.surface)
            if choice.candidate is not None:
                return [_row(naming, choice.candidate, naming.confidence * (1.0 if choice.sure else PRIOR))]
            if choice.ambiguous or naming.year is not None:
                return [_unlinked(choice.ambiguous, naming.surface)]
        elif settled:
            return [_unlinked(False)]
    for part in (headline, text):
        rows: dict[str, tuple[int, Row]] = {}
        for order, naming in enumerate(in_prose(part, catalogue) if part else ()):
            if kind == "review" and naming.compared:
                continue  # the title that a review holds its own against
            choice = choose(catalogue.named(naming.form), written, naming.year, surface=naming.surface)
            if choice.candidate is None:
                ambiguous = naming if choice.ambiguous and ambiguous is None else ambiguous
                continue
            confidence = naming.confidence * (1.0 if choice.sure else PRIOR)
            known = rows.get(choice.candidate.title_id)
            if known is None or known[1][2] < confidence:
                rows[choice.candidate.title_id] = (order, _row(naming, choice.candidate, confidence))
        if rows:
            return _best(kind, (row for _, row in rows.values()))
    return [_unlinked(ambiguous is not None, ambiguous.surface if ambiguous else None)]


def _best(kind: str, rows: Iterable[Row]) -> list[Row]:
    """A review is about one title, the surest; posts and news may name several."""
    ranked = sorted(rows, key=lambda row: (-row[2], -len(row[4] or ""), row[1] or ""))
    return ranked[: 1 if kind == "review" else MOST_TITLES]
