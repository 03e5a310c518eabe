"""Documents and chart entries to titles. Precision first: what cannot be told stays unlinked, and says so."""

import numpy as np
import polars as pl

from trending_assets.contracts import TABLES, conform
from trending_assets.linking import whole
from trending_assets.linking.catalogue import Catalogue
from trending_assets.linking.decide import settle, sure
from trending_assets.linking.fold import Array, ascii_first, read
from trending_assets.linking.reading import Reading, hashtags, score
from trending_assets.linking.weights import COMPANY, CUT, SAME_SENSE, calibrated

DOCUMENT_COLUMNS = ("doc_id", "kind", "published_at", "headline", "text", "work_title", "work_year", "work_media_type")
"""Columns of staging/documents that linking reads; it also reads work_id and work_people where a frame has them."""
CHART_COLUMNS = ("chart", "chart_date", "rank", "title", "year", "media_type", "days_in_release")
"""Columns of staging/charts that linking reads."""
CHUNK = 4_000_000
"""Characters that are read at once: bounds memory, whatever the day brings."""

_MENTION = {
    name: TABLES["linking/mentions"].schema[name] for name in ("doc_id", "title_id", "confidence", "method", "surface")
}
_TEXT = ["kind", "written", "headline", "text"]


def link_documents(documents: pl.DataFrame, titles: pl.DataFrame | Catalogue, repeats: bool = False) -> pl.DataFrame:
    """Link the documents of one day to that day's titles; gives the rows of linking/mentions.

    `documents` needs DOCUMENT_COLUMNS; `titles` needs catalogue.REQUIRED, and may be a Catalogue that was built before. Every
    document keeps at least one row; without a sure title it has a null title_id, confidence 0 and the method 'ambiguous' (a
    name that several titles share) or 'none'. A document that declares its work is about that work and no other. Equal texts
    of a kind and year are read once, unless `repeats` asks for each to be read.
    """
    catalogue = titles if isinstance(titles, Catalogue) else Catalogue.of(titles)
    given = documents.with_columns(
        pl.lit(None, dtype=t).alias(c)
        for c, t in (("work_id", pl.String), ("work_people", pl.List(pl.String)))
        if c not in documents.columns
    ).with_columns(written=pl.col("published_at").dt.year().cast(pl.Int32))
    declares = pl.col("work_title").fill_null("") != ""
    found = [_declared(given.filter(declares), catalogue), _read(given.filter(~declares), catalogue, repeats)]
    return conform(pl.concat(found), TABLES["linking/mentions"])


def _read(documents: pl.DataFrame, catalogue: Catalogue, repeats: bool) -> pl.DataFrame:
    """Mentions of documents by their words."""
    texts = documents.select(
        "doc_id", "kind", "written", pl.col("headline").fill_null(""), pl.col("text").fill_null("")
    ).with_columns(key=pl.int_range(pl.len(), dtype=pl.UInt64) if repeats else pl.struct(_TEXT).hash())
    unique = texts.unique("key", keep="first", maintain_order=True)
    parts = [_link_part(part, catalogue) for part in _parts(unique)]
    empty = pl.DataFrame(schema={"key": pl.UInt64, **{k: v for k, v in _MENTION.items() if k != "doc_id"}})
    return texts.select("doc_id", "key").join(pl.concat([empty, *parts]), on="key").select(list(_MENTION))


def _parts(texts: pl.DataFrame) -> list[pl.DataFrame]:
    """Texts in parts of CHUNK bytes and the rest of one text."""
    if texts.is_empty():
        return []
    size = pl.col("headline").str.len_bytes() + pl.col("text").str.len_bytes() + 8
    number = texts.select(size.cum_sum() // CHUNK).to_series()
    return texts.with_columns(part=number).partition_by("part", maintain_order=True) if number[-1] else [texts]


def _link_part(documents: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    size = documents.height
    said = pl.concat([documents["headline"], documents["text"]])
    # Texts that say nothing are left out; those of ASCII come first.
    order = ascii_first(said)
    order = order[(said != "").to_numpy()[order]]
    text = read(said[order])
    of = order % max(size, 1)
    review = (documents["kind"] == "review").to_numpy()
    reading = score(
        text,
        catalogue.within(text, hashtags(text)),
        catalogue,
        headline=order < size,
        review=review[of],
        news=(documents["kind"] == "news").to_numpy()[of],
        written=documents["written"].to_numpy()[of],
        documents=of,
    )
    pairs = reading.pairs
    probability = settle(pairs, SAME_SENSE, COMPANY)
    probability = np.where(_about_another(reading, probability, review), 0.0, probability)
    linked = _links(reading, probability, review)
    confidence = calibrated(probability[linked])
    kind_exact = reading.pair_features["printed exactly"][linked]
    found = pl.DataFrame(
        {
            "key": documents["key"].to_numpy()[pairs.document[linked]],
            "title_id": catalogue.titles["title_id"][pairs.row[linked]],
            "confidence": confidence,
            "method": _either(kind_exact, "exact", "normalised"),
            "surface": _surfaces(reading, pairs.span[linked]),
        }
    )
    unlinked = np.ones(size, bool)
    unlinked[pairs.document[linked]] = False
    left = np.flatnonzero(unlinked)
    unsure = _unsure(reading, probability, left)
    rest = pl.DataFrame(
        {
            "key": documents["key"].to_numpy()[left],
            "title_id": pl.repeat(None, len(left), dtype=pl.String, eager=True),
            "confidence": np.zeros(len(left)),
            "method": _either(unsure >= 0, "ambiguous", "none"),
            "surface": _surfaces(reading, unsure),
        }
    )
    return pl.concat([found, rest])


def _either(mask: Array, yes: str, no: str) -> pl.Series:
    return pl.select(pl.when(pl.Series(mask)).then(pl.lit(yes)).otherwise(pl.lit(no))).to_series()


def _about_another(reading: Reading, probability: Array, review: Array) -> Array:
    """True for pairs of reviews whose headline surely names a title that the catalogue lacks."""
    pairs = reading.pairs
    sure = np.zeros(len(review), bool)
    sure[pairs.document[(probability >= CUT) & reading.headline[pairs.span]]] = True
    framed = np.zeros(len(review), bool)
    framed[reading.framed] = True
    return (review & framed & ~sure)[pairs.document]


def _links(reading: Reading, probability: Array, review: Array) -> Array:
    """Positions of the pairs that are links: the surest of each title and document; of a review only the surest title."""
    pairs = reading.pairs
    able = np.flatnonzero(sure(pairs, probability))
    length = (reading.found.last - reading.found.first)[pairs.span[able]]
    order = able[np.lexsort((pairs.row[able], pairs.span[able], -length, -probability[able], pairs.document[able]))]
    document = pairs.document[order]
    first = np.ones(len(order), bool)
    first[1:] = document[1:] != document[:-1]
    order = order[first | ~review[document]]
    title = pairs.document[order].astype(np.int64) * (int(pairs.row.max(initial=0)) + 1) + pairs.row[order]
    return order[np.sort(np.unique(title, return_index=True)[1])]


def _unsure(reading: Reading, probability: Array, documents: Array) -> Array:
    """For each document the range that probably names a title, though it cannot be told which; -1 where there is none."""
    pairs = reading.pairs
    if not len(pairs):
        return np.full(len(documents), -1)
    likely = np.bincount(pairs.cluster, probability)[pairs.cluster] >= 0.5
    able = np.flatnonzero(likely & np.isin(pairs.document, documents))
    able = able[np.lexsort((-pairs.span[able], probability[able]))]
    spans = np.full(int(max(documents.max(initial=0), pairs.document.max())) + 1, -1)
    # Of several the last one stays: the likeliest, the first in the text.
    spans[pairs.document[able]] = pairs.span[able]
    return spans[documents]


def _surfaces(reading: Reading, spans: Array) -> pl.Series:
    """The words of ranges as printed; null for -1."""
    known = spans >= 0
    found = reading.found
    places = np.where(known, spans, 0)
    if not len(spans) or not known.any():
        return pl.repeat(None, len(spans), dtype=pl.String, eager=True)
    printed = reading.text.printed(found.first[places], found.last[places])
    return pl.select(pl.when(pl.Series(known)).then(printed)).to_series()


def _declared(documents: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    entries = documents.select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("entry"),
        name="work_title",
        year=pl.col("work_year").cast(pl.Int32),
        implied=pl.lit(None, pl.Int32),
        media_type="work_media_type",
        work_id="work_id",
        people="work_people",
        written="written",
        source=pl.lit(whole.DECLARED, pl.Int8),
    )
    chosen = whole.link(entries, catalogue)
    linked = pl.col("title_id").is_not_null()
    return (
        documents.select("doc_id", pl.int_range(pl.len(), dtype=pl.Int64).alias("entry"), surface="work_title")
        .join(chosen, on="entry")
        .select(
            "doc_id",
            "title_id",
            "confidence",
            method=pl.when(linked)
            .then(pl.lit("declared"))
            .when("ambiguous")
            .then(pl.lit("ambiguous"))
            .otherwise(pl.lit("none")),
            surface=pl.when(linked | pl.col("ambiguous")).then("surface"),
        )
    )


def link_charts(charts: pl.DataFrame, titles: pl.DataFrame | Catalogue) -> pl.DataFrame:
    """Link a day's chart entries (CHART_COLUMNS) to that day's titles; gives the rows of linking/chart_entries.

    A chart prints whole titles, so a form must match as a whole. Season and edition suffixes are tried without; the year
    that the chart prints binds, the one that its days in release imply only decides between titles of one name. Entries of a
    chart of Wikipedia are articles: brackets say what they are of, and without them a name of other things stays unlinked.
    """
    catalogue = titles if isinstance(titles, Catalogue) else Catalogue.of(titles)
    placed = charts.select(CHART_COLUMNS).with_row_index("entry").with_columns(pl.col("entry").cast(pl.Int64))
    chart = pl.col("chart").str.to_lowercase()
    entries = placed.select(
        "entry",
        name="title",
        year=pl.col("year").cast(pl.Int32),
        implied=(pl.col("chart_date") - pl.duration(days=pl.col("days_in_release").cast(pl.Int64) - 1))
        .dt.year()
        .cast(pl.Int32),
        media_type=pl.coalesce("media_type", pl.when(chart.str.contains(r"(?:^|[\W_])tv")).then(pl.lit("tv"))),
        work_id=pl.lit(None, pl.String),
        people=pl.lit(None, pl.List(pl.String)),
        written=pl.col("chart_date").dt.year().cast(pl.Int32),
        source=pl.when(chart.str.contains("wiki")).then(whole.ARTICLE).otherwise(whole.CHART).cast(pl.Int8),
    )
    chosen = placed.join(whole.link(entries, catalogue), on="entry")
    linked = pl.col("title_id").is_not_null()
    table = TABLES["linking/chart_entries"]
    return conform(
        chosen.with_columns(
            method=pl.when(linked)
            .then(pl.lit("normalised"))
            .when("ambiguous")
            .then(pl.lit("ambiguous"))
            .otherwise(pl.lit("none"))
        ),
        table,
    )
