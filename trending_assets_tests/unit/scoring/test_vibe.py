"""The vibe score: what one document, author or site can move, whatever an LLM says of it."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trending_assets.scoring.evidence import evidence, summarize
from trending_assets.scoring.vibe import FULL, MIDDLE, SITE_BOUND, SITE_CAP, VOICE_BOUND, vibes, voices
from trending_assets_tests.unit.scoring.frames import DAY
from trending_assets_tests.unit.scoring.voices import linked

NOISE = 2e-6
"""Two scores, each rounded to 6 places."""
Row = dict[str, Any]

said = st.one_of(st.sampled_from([-1.0, 1.0]), st.floats(-1, 1, allow_nan=False))
judged = st.fixed_dictionaries({"sentiment": said, "about_title": st.booleans(), "spam": st.booleans()})
good = st.fixed_dictionaries({"sentiment": said, "about_title": st.just(True), "spam": st.just(False)})


@st.composite
def titles(draw: st.DrawFn) -> list[Row]:
    """Documents of one title: few or many, of sites large and small, by authors who write once or often, of one mind or not."""
    sizes = draw(st.lists(st.integers(1, 45), min_size=1, max_size=4))
    flat = draw(st.sampled_from([-1.0, None, 1.0]))
    rows: list[Row] = []
    for site, size in enumerate(sizes):
        for author in range(size):
            for _ in range(draw(st.integers(1, 2))):
                scores = {"sentiment": flat, "about_title": True, "spam": False} if flat else draw(good)
                rows.append({"doc_id": f"{len(rows):03}", "author": f"s{site}/a{author}"} | scores)
    for row in draw(st.lists(st.sampled_from(rows), max_size=4)):
        row |= draw(judged)
    return rows


def head(rows: list[Row]) -> Row:
    """What summarize says of the title."""
    return summarize(evidence(DAY, linked(rows))).row(0, named=True)


def score(rows: list[Row]) -> float:
    """The title's vibe score; none is the middle, which is what it would say of nothing."""
    found = head(rows)["vibe_score"]
    return MIDDLE if found is None else float(found)


def judged_anew(rows: list[Row], picked: set[str], data: st.DataObject, key: str = "doc_id") -> list[Row]:
    return [row | data.draw(judged) if row[key] in picked else row for row in rows]


@settings(max_examples=150, deadline=None)
@given(titles(), st.data())
def test_whatever_is_said_of_two_documents_moves_a_title_by_half_a_point_at_most(
    rows: list[Row], data: st.DataObject
) -> None:
    picked = set(data.draw(st.lists(st.sampled_from([row["doc_id"] for row in rows]), min_size=1, max_size=2)))
    assert abs(score(judged_anew(rows, picked, data)) - score(rows)) <= 0.5 + NOISE


@settings(max_examples=100, deadline=None)
@given(titles(), st.data())
def test_one_author_moves_a_title_by_a_quarter_point_however_much_they_write(
    rows: list[Row], data: st.DataObject
) -> None:
    author = data.draw(st.sampled_from(sorted({row["author"] for row in rows})))
    more = [{"doc_id": f"x{n}", "author": author} | data.draw(judged) for n in range(data.draw(st.integers(0, 20)))]
    before = [*rows, *more]
    after = judged_anew(before, {author}, data, "author")
    # Where there come to be enough documents to say anything, or no longer are, up to 4 voices appear at once.
    bound = VOICE_BOUND if head(before)["enough"] == head(after)["enough"] else 0.5
    assert abs(score(after) - score(before)) <= bound + NOISE


@settings(max_examples=60, deadline=None)
@given(titles(), st.data())
def test_one_site_moves_a_title_only_so_far(rows: list[Row], data: st.DataObject) -> None:
    sites = {row["doc_id"]: row["author"].partition("/")[0] for row in rows}
    site = data.draw(st.sampled_from(sorted(set(sites.values()))))
    worst, best = (
        score(
            [
                row | {"sentiment": end, "about_title": True, "spam": False} if sites[row["doc_id"]] == site else row
                for row in rows
            ]
        )
        for end in (-1.0, 1.0)
    )
    assert best - worst <= SITE_BOUND + NOISE
    anew = score(judged_anew(rows, {doc_id for doc_id in sites if sites[doc_id] == site}, data))
    assert abs(anew - score(rows)) <= SITE_BOUND + NOISE


def of_one_mind(number: int, sentiment: float, site: str = "", start: int = 0) -> list[Row]:
    return [
        {"doc_id": f"{site}{n:03}", "author": f"{site or f's{n}'}/a{n}", "sentiment": sentiment}
        for n in range(start, start + number)
    ]


def test_the_bounds_are_reached_so_that_they_are_not_wider_than_need_be() -> None:
    rows = of_one_mind(FULL, 1.0)
    two = [row | {"sentiment": -1.0} for row in rows[:2]]
    assert score(rows) == 10.0 and score([*two, *rows[2:]]) == 9.5
    site = [row | {"about_title": True} for row in of_one_mind(100, 1.0, "one")]
    assert (score(site), score(of_one_mind(100, -1.0, "one"))) == (8.5, 2.5)


def test_every_voice_counts_and_thirty_six_span_the_scale() -> None:
    for number in (3, 12, 36, 60):
        spread = score(of_one_mind(number, 1.0)) - score(of_one_mind(number, -1.0))
        assert spread == pytest.approx(min(number, FULL) / 4, abs=NOISE)


def test_a_site_weighs_at_most_its_cap_and_the_score_is_its_columns() -> None:
    rows = [*of_one_mind(48, 1.0, "big"), *of_one_mind(12, -1.0, "small"), *of_one_mind(4, 0.0)]
    counted = pl.DataFrame(
        [
            {"title_id": "movie-1", "doc_id": r["doc_id"], "author_id": r["author"], "sentiment": r["sentiment"]}
            for r in rows
        ]
    )
    weights = voices(counted).group_by("site").agg(pl.col("weight").sum()).sort("site").rows()
    assert weights[0] == ("big", SITE_CAP) and weights[-1] == ("small", 12.0)
    row = vibes(counted).row(0, named=True)
    assert (row["voices"], row["sites"], row["vibe_weight"]) == (64, 6, 1.0)
    assert row["sentiment"] == round((24 - 12) / 40, 6)
    assert row["vibe_score"] == pytest.approx(5.5 + 4.5 * row["sentiment"] * row["vibe_weight"], abs=1e-5)


def test_the_order_of_rows_does_not_change_a_bit() -> None:
    rows = [row | {"sentiment": n / 37 - 0.4} for n, row in enumerate(of_one_mind(36, 0.0))]
    assert score(rows) == score(rows[::-1])
