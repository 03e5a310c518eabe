"""Real answers of TMDb through our parsers and our client: what `python -m bench.tmdb` prints of them."""

from pathlib import Path

import pytest

from bench.tmdb_fixtures import kind_of, readings, responses


@pytest.mark.slow
def test_every_real_answer_is_read_or_recognised_and_breaks_nothing(shared: Path) -> None:
    found = {one.name: one for one in readings(shared)}
    assert [one for one in found.values() if not one.ok] == []
    files = {name.partition("#")[0] for name in found}
    assert len([name for name in files if name.startswith("tmdb/")]) == len(
        list((shared / "fixtures/tmdb").rglob("*.json"))
    )
    assert len(files) == len({name.partition("#")[0] for name, _, _ in responses(shared)}) >= 56
    kinds = {name: one.kind for name, one in found.items()}
    assert (kinds["tmdb/movie/all.json"], kinds["tmdb/tv/all.json"]) == ("detail", "detail")
    assert kinds["tmdb/changes/movies.json"] == "changes"
    assert kinds["http/api.themoviedb.org_2025/movie_755898_reviews_TRIMMED.json"] == "reviews"
    film = found["tmdb/movie/all.json"]
    assert "movie row 'Riddick' (2013-09-06)" in film.outcome and "12 alternative titles" in film.outcome
    assert film.client.startswith("details 2 rows")
    assert found["tmdb/changes/movies.json"].outcome == "100 changed ids of 100 items"
    unauthorized = next(one for one in found.values() if "status 7" in one.outcome)
    assert unauthorized.client.count("PermanentFailure") == 5


def test_what_nothing_fits_is_unknown() -> None:
    assert kind_of({"results": [{"surprise": 1}]}) == "unknown"
    assert kind_of({"surprise": 1}) == "unknown"
