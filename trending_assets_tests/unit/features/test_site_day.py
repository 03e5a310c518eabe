"""What a site counts for: caps, accounts without a past, missing sites; each rule beside itself switched off."""

from dataclasses import replace
from datetime import date, timedelta
from statistics import median

import polars as pl
import pytest

from trending_assets.contracts import TABLES, validate
from trending_assets.features.files import of_voices
from trending_assets.features.parameters import FEATURES
from trending_assets.features.site_day import counted_voices, site_days
from trending_assets_tests.unit.features.people import accounts, day, random_past, regulars, said

NO_CAP = replace(FEATURES, site_cap_times=1e9, site_cap=1e9)
ALL_COUNT = replace(FEATURES, unseen_per_known=1e9)
TITLES = pl.DataFrame(
    {"title_id": [f"movie-{n}" for n in range(100)], "media_type": "movie", "year": 2013},
).with_columns(release_date=pl.lit(None, pl.Date), popularity=pl.lit(None, pl.Float64))


def voices_of(who: pl.DataFrame, n: int, title_id: str, parameters=FEATURES) -> float:  # type: ignore[no-untyped-def]
    signals = of_voices(TITLES, who, [day(n)], parameters=parameters).signals
    return float(signals.filter(pl.col("title_id") == title_id)["voices"].sum())


def site(who: pl.DataFrame, n: int, name: str, parameters=FEATURES) -> dict[str, object]:  # type: ignore[no-untyped-def]
    frame = site_days(who, [day(n)], parameters)
    assert validate(frame.drop("date"), TABLES["features/site_day"]) == []
    return frame.filter(pl.col("site") == name).row(0, named=True)


def test_accounts_without_a_past_need_as_many_with_one() -> None:
    past = regulars(10)
    unknown = pl.concat([past, said(10, "movie-9", accounts("old", 10_000, 1000))])
    assert voices_of(unknown, 10, "movie-9") == 0.0
    assert voices_of(unknown, 10, "movie-9", replace(ALL_COUNT, site_cap=1e9, site_cap_times=1e9)) == 0.0, (
        "nobody is there to vouch"
    )
    vouched = pl.concat([unknown, said(10, "movie-9", accounts("old", 3))])
    assert voices_of(vouched, 10, "movie-9") == 6.0
    assert voices_of(vouched, 10, "movie-9", replace(ALL_COUNT, site_cap=1e9, site_cap_times=1e9)) == 10_003.0, (
        "the rule switched off"
    )


def test_a_young_lake_counts_everybody() -> None:
    for days, voices in ((6, 500.0), (7, 0.0)):
        who = pl.concat([regulars(days), said(days, "movie-9", accounts("new", 500))])
        assert voices_of(who, days, "movie-9") == voices


def test_a_past_ends_after_28_days() -> None:
    who = pl.concat([regulars(60), said(1, "movie-9", ["old/77"])])
    for n, voices in ((29, 1.0), (30, 0.0)):
        assert voices_of(pl.concat([who, said(n, "movie-9", ["old/77"])]), n, "movie-9") == voices


def test_an_account_has_its_past_on_its_own_site() -> None:
    who = pl.concat([regulars(10), said(10, "movie-9", ["other/0"])])
    assert voices_of(who, 10, "movie-9") == 0.0
    row = of_voices(TITLES, who, [day(10)]).signals.row(0, named=True)
    assert (row["sites"], row["counted_sites"], row["known_authors"]) == (1, 0, 0)


@pytest.mark.parametrize(("stays", "cap"), [(1, 0.0), (2, 1 / 7), (7, 6 / 7), (13, 1.0)])
def test_a_new_site_is_worth_one_voice_in_all(stays: int, cap: float) -> None:
    """Its accounts have a past from the second day on; the site itself has a usual volume only after half of the window."""
    flood = [said(30 + n, f"movie-{9 + k}", accounts("new", 100)) for n in range(stays) for k in range(2)]
    who, last = pl.concat([regulars(45), *flood]), 30 + stays - 1
    found = site(who, last, "new")
    assert (found["voices"], found["usual"], found["active_days"], found["cap"]) == (200, 0.0, stays - 1, cap)
    assert voices_of(who, last, "movie-9") + voices_of(who, last, "movie-10") == pytest.approx(cap)
    if stays > 1:
        assert voices_of(who, last, "movie-9", replace(NO_CAP, site_cap_days=1)) == 100.0, "the cap switched off"


def test_an_established_site_may_grow_five_times_and_no_more() -> None:
    who = pl.concat([regulars(20), *(said(20, f"movie-{20 + k}", accounts("old", 12)) for k in range(10))])
    found = site(who, 20, "old")
    assert (found["usual"], found["counted"], found["cap"]) == (12.0, 120, 61.0)
    assert found["weight"] == 61 / 120
    assert site(who, 20, "old", NO_CAP)["weight"] == 1.0


def test_a_site_that_is_missing_has_a_row() -> None:
    who = pl.concat([regulars(20), *(said(n, "movie-7", ["small/1"]) for n in range(20)), said(20, "movie-1", ["x/1"])])
    frame = {row["site"]: row for row in site_days(who, [day(20)]).to_dicts()}
    assert {name: row["missing"] for name, row in frame.items()} == {"old": True, "small": False, "x": False}
    assert (frame["old"]["voices"], frame["old"]["usual"], frame["old"]["weight"]) == (0, 12.0, 1.0)
    assert not site(who, 19, "old")["missing"]
    gone = site_days(who, [day(22)])
    assert gone.filter("missing")["site"].to_list() == ["old"], "also where nothing at all came in on the day"


def oracle(who: pl.DataFrame, today: date) -> dict[str, tuple[int, int, int, float | None, int]]:
    """voices, known, counted, usual and active_days by site, in plain Python."""
    rows = list(who.select("date", "title_id", "voice_id", "site").iter_rows())
    before = {d for d, *_ in rows if 1 <= (today - d).days <= 28}
    past = {v for d, _, v, _ in rows if d in before}
    found = {}
    for name in {s for d, _, _, s in rows if d in before or d == today}:
        mine = [(t, v) for d, t, v, s in rows if d == today and s == name]
        known = sum(v in past for _, v in mine)
        counted = 0
        for title in {t for t, _ in mine}:
            old = sum(v in past for t, v in mine if t == title)
            new = sum(v not in past for t, v in mine if t == title)
            counted += old + new if len(before) < 7 else old + min(old, new)
        usual = median([sum(r[0] == d and r[3] == name for r in rows) for d in before]) if before else None
        found[name] = len(mine), known, counted, usual, len({r[0] for r in rows if r[3] == name} & before)
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_equals_a_plain_oracle_and_knows_no_future(seed: int) -> None:
    who, days = random_past(seed, 40), [day(n) for n in range(42)]
    whole = site_days(who, days)
    for today in days:
        rows = whole.filter(date=today)
        got = {
            row["site"]: tuple(row[c] for c in ("voices", "known", "counted", "usual", "active_days"))
            for row in rows.to_dicts()
        }
        assert got == oracle(who, today)
        window = who.filter(pl.col("date").is_between(today - timedelta(days=28), today)).sample(
            fraction=1, shuffle=True, seed=7
        )
        assert site_days(window, [today]).equals(rows)
        assert counted_voices(window, [today]).equals(counted_voices(who, days).filter(date=today))
