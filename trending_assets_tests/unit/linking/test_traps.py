"""The trap set is sound, its bench counts right, and linking meets its goals on it."""

import re
from collections import Counter
from datetime import date
from itertools import chain
from typing import Any

import polars as pl
import pytest

from bench.linking_traps import (
    FAULTLESS,
    FOLDER,
    SPLITS,
    calibration,
    count,
    doc_id,
    documents_frame,
    errors,
    linked,
    main,
    read_rows,
    report,
    titles_frame,
)
from trending_assets.contracts import KINDS, MEDIA_TYPES, TABLES, validate
from trending_assets.linking.fold import fold_names

TITLES = read_rows("titles")
ROWS = read_rows("mentions")
BY_ID = {title["title_id"]: title for title in TITLES}
FAMILIES = [
    "common_word_prose",
    "common_word_title",
    "brand_or_event",
    "person_or_place_name",
    "quoted_not_title",
    "remake_with_year",
    "remake_without_year",
    "ambiguous",
    "film_or_tv_with_cue",
    "film_or_tv_without_cue",
    "people_decide",
    "sequel",
    "longer_title",
    "article_moved",
    "foreign_original",
    "alternative_name",
    "partial_name",
    "headline_decides",
    "hashtags",
    "all_caps",
    "list_of_titles",
    "lowercase_tweet",
    "other_language",
    "declared_work",
    "comparison",
    "plain",
]


def _names(title: dict[str, Any]) -> list[str]:
    return [title["title"], title.get("original_title", title["title"]), *title.get("alternative_titles", [])]


def _folded(text: str) -> str:
    return str(fold_names(pl.Series([text]))[0])


def _whole(row: dict[str, Any]) -> str:
    return " ".join(row[name] for name in ("headline", "text", "work_title") if row.get(name))


def _sentences(row: dict[str, Any]) -> set[str]:
    parts = re.split(r"(?<=[.!?])\s+|\n", _whole(row))
    return {folded for part in parts if len((folded := _folded(part)).split()) > 2}


def test_titles_hold_what_linking_may_use() -> None:
    assert 1_200 <= len(TITLES) <= 2_800
    assert max(Counter(title["title_id"] for title in TITLES).values()) == 1
    assert max(Counter(title["imdb_id"] for title in TITLES if "imdb_id" in title).values()) == 1
    assert all(title["title_id"].startswith(f"{title['media_type']}-") for title in TITLES)
    assert {title["media_type"] for title in TITLES} == set(MEDIA_TYPES)
    assert all(1890 < title["year"] < 2030 and title["popularity"] > 0 for title in TITLES)
    assert validate(titles_frame(TITLES).sort("title_id"), TABLES["staging/titles"]) == []


def test_rows_are_documents_with_labels() -> None:
    assert len(ROWS) >= 2_400
    assert max(Counter(row["id"] for row in ROWS).values()) == 1
    assert {row["kind"] for row in ROWS} == set(KINDS)
    assert [row["id"] for row in ROWS if not date(1969, 1, 1) < date.fromisoformat(row["published_at"])] == []
    unknown = [(row["id"], t) for row in ROWS for t in row["expected"] if t not in BY_ID]
    assert unknown == []
    assert [row["id"] for row in ROWS if len(set(row["expected"])) != len(row["expected"])] == []
    assert [row["id"] for row in ROWS if row["kind"] == "review" and len(row["expected"]) > 1] == []
    assert validate(documents_frame(ROWS).sort("doc_id"), TABLES["staging/documents"]) == []


def test_half_of_the_rows_are_traps() -> None:
    assert 0.45 <= sum(row["trap"] for row in ROWS) / len(ROWS) <= 0.55
    for split in SPLITS:
        part = [row for row in ROWS if row["split"] == split]
        assert 0.45 <= sum(row["trap"] for row in part) / len(part) <= 0.55
    assert [row["id"] for row in ROWS if not row["expected"] and not row["trap"]] == []


def test_a_rarer_title_of_a_name_is_a_trap() -> None:
    best: dict[str, float] = {}
    for title in TITLES:
        name = _folded(title["title"])
        best[name] = max(best.get(name, 0.0), title["popularity"])
    rarer = {t["title_id"] for t in TITLES if t["popularity"] < best[_folded(t["title"])]}
    assert [row["id"] for row in ROWS if rarer & set(row["expected"]) and not row["trap"]] == []


def test_every_family_stands_in_both_parts() -> None:
    sizes = Counter((row["family"], row["split"]) for row in ROWS)
    assert {family for family, _ in sizes} == set(FAMILIES)
    assert [f for f in FAMILIES if sizes[f, "dev"] < 20 or sizes[f, "test"] < 8] == []
    assert [f for f in FAULTLESS if sizes[f, "dev"] + sizes[f, "test"] < 120] == []


def test_no_text_comes_twice_and_the_parts_share_no_sentence() -> None:
    texts = Counter(_folded(_whole(row)) + str(row.get("work_people")) for row in ROWS)
    assert [text for text, times in texts.items() if times > 1] == []
    parts = [set(chain.from_iterable(_sentences(r) for r in ROWS if r["split"] == split)) for split in SPLITS]
    assert parts[0] & parts[1] == set()


def test_the_parts_share_few_titles() -> None:
    dev, test = ({t for r in ROWS if r["split"] == split for t in r["expected"]} for split in SPLITS)
    assert len(dev & test) / len(dev | test) < 0.12


def test_sentences_are_not_stamped_from_a_frame() -> None:
    openings = Counter(" ".join(_folded(row["text"]).split()[:3]) for row in ROWS)
    assert [opening for opening, times in openings.most_common(5) if times > 0.005 * len(ROWS)] == []


def test_an_expected_title_is_named_in_its_document() -> None:
    strange = []
    for row in ROWS:
        closed = _folded(_whole(row)).replace(" ", "") + (row.get("work_id") or "")
        for title in (BY_ID[t] for t in row["expected"]):
            words = {word for name in _names(title) for word in _folded(name).split() if len(word) > 1} or {"x"}
            forms = {_folded(name).replace(" ", "") for name in _names(title)}
            if not any(part in closed for part in words | forms):
                strange.append((row["id"], title["title"]))
    assert strange == []


def test_the_set_stays_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("*.jsonl")) < 1_300_000


def _judged() -> tuple[list[dict[str, Any]], dict[str, dict[str, float]]]:
    """Four documents: one right and one wrong link, one missed title, a NIL kept and a NIL linked."""
    base = {"split": "dev", "family": "plain", "trap": False, "kind": "post", "published_at": "2020-01-01", "text": "…"}
    rows = [
        {**base, "id": "a", "expected": ["movie-278"]},
        {**base, "id": "b", "expected": ["movie-238", "movie-240"]},
        {**base, "id": "c", "expected": []},
        {**base, "id": "d", "expected": []},
    ]
    found = [{"movie-278": 0.9, "movie-550": 0.7}, {"movie-238": 0.9}, {}, {"movie-550": 0.7}]
    return rows, {doc_id(row): links for row, links in zip(rows, found, strict=True)}


def test_links_count_as_pairs() -> None:
    counts = count(*_judged())
    assert (counts.documents, counts.expected, counts.links, counts.right, counts.wrong) == (4, 3, 4, 2, 2)
    assert (counts.precision, counts.recall) == (pytest.approx(2 / 4), pytest.approx(2 / 3))
    assert (counts.nil_precision, counts.nil_recall) == (1.0, 0.5)
    assert counts.nil_f1 == pytest.approx(2 / 3)


def test_calibration_weighs_bins_by_links() -> None:
    table, error = calibration(*_judged())
    assert [(low, high, links, share) for low, high, links, _, share in table] == [
        (0.6, 0.7, 2, 0.0),
        (0.8, 0.9, 2, 1.0),
    ]
    assert error == pytest.approx((0.7 + 0.1) / 2)


def test_reports_name_the_wrong_rows() -> None:
    rows, found = _judged()
    text = "\n".join(errors(rows, found, TITLES))
    assert "wrong:  Fight Club (1999, movie, movie-550), confidence 0.70" in text
    assert "missed: The Godfather Part II (1974, movie, movie-240)" in text
    assert "\nc  plain" not in text
    assert any(line.startswith("all ") and "0.500   0.667" in line for line in report(rows, found))


def test_errors_are_listed_for_one_part_only(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--errors"])
    assert stopped.value.code == 2
    assert "add --split dev" in capsys.readouterr().err


def test_linking_is_given_no_label() -> None:
    frame = documents_frame(ROWS[:5])
    assert not {"split", "family", "trap", "expected", "id"} & set(frame.columns)
    assert not any(word in str(frame.rows()) for word in ("dev-", "test-"))


@pytest.mark.slow
def test_goals_on_the_whole_set() -> None:
    found = linked(ROWS)
    every = count(ROWS, found)
    wrong = {family: count([r for r in ROWS if r["family"] == family], found).wrong for family in FAULTLESS}
    assert wrong == dict.fromkeys(FAULTLESS, 0)
    assert every.precision >= 0.985, f"{every.wrong} of {every.links} links are wrong"
    assert every.recall >= 0.92, f"{every.right} of {every.expected} titles are found"
    # The test rows are no worse than they were reported.
    for split, precision, recall in (("dev", 0.985, 0.92), ("test", 0.95, 0.86)):
        part = count([row for row in ROWS if row["split"] == split], found)
        assert part.precision >= precision, f"{split}: {part.wrong} of {part.links} links are wrong"
        assert part.recall >= recall, f"{split}: {part.right} of {part.expected} titles are found"
