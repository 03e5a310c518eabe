"""Names, forms and the automaton of a catalogue."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trending_assets.linking.catalogue import LONG, RARE_1, Catalogue
from trending_assets.linking.fold import fold_names, read
from trending_assets.linking.forms import names_of, variants
from trending_assets.linking.link import link_documents
from trending_assets_tests.unit.linking.frames import document, titles

NONE = pl.Series([], dtype=pl.String)


def forms(title: str, original: str | None = None, others: list[str] | None = None) -> set[str]:
    row = titles([("movie-1", "movie", title, 2000, 1.0)]).with_columns(
        original_title=pl.lit(original or title), alternative_titles=pl.lit(others or [], pl.List(pl.String))
    )
    names = names_of(row)
    folded = names.with_columns(form=fold_names(names["name"])).drop("name").filter(pl.col("form") != "")
    return set(variants(folded)["form"])


@pytest.mark.parametrize(
    ("title", "some"),
    [
        ("The Brothers Bloom", {"the brothers bloom", "brothers bloom", "brothers bloom the"}),
        ("Ocean's Eleven", {"ocean s eleven", "oceans eleven"}),
        ("S.W.A.T.", {"s w a t", "swat"}),
        ("Spider-Man", {"spider man", "spiderman"}),
        ("Rocky II", {"rocky ii", "rocky 2", "rocky two"}),
        ("The Godfather Part II", {"the godfather part 2", "the godfather ii", "godfather part ii"}),
        ("Dune: Part Two", {"dune part two", "dune part 2", "dune 2"}),
        ("Dumb & Dumber", {"dumb and dumber"}),
        ("Mad Max: Fury Road", {"mad max fury road", "fury road", "mad max"}),
        ("Bram Stoker's Dracula", {"bram stoker s dracula", "dracula"}),
        ("La Haine", {"la haine", "haine la"}),
    ],
)
def test_forms_of_a_title(title: str, some: set[str]) -> None:
    assert some <= forms(title)


def test_an_article_keeps_an_everyday_word_company() -> None:
    assert "island" not in forms("The Island")
    assert "hobbit" in forms("The Hobbit")
    assert "eleven" not in forms("Ocean's Eleven")


def test_originals_and_other_names() -> None:
    found = forms("Spirited Away", "千と千尋の神隠し", ["Le Voyage de Chihiro", ""])
    assert {"spirited away", "千 と 千 尋 の 神 隠 し", "le voyage de chihiro"} <= found


def test_only_forms_that_the_text_can_hold() -> None:
    catalogue = Catalogue.of(titles())
    lookup = catalogue.within(read(pl.Series(["I rated Iron Man 3 8/10"])), NONE)
    assert "iron man 3" in lookup.forms.to_list() and "iron man" in lookup.forms.to_list()
    assert "alien" not in lookup.forms.to_list()


def test_finds_whole_words_only_and_overlapping_ones() -> None:
    text = read(pl.Series(["Iron Man 3 beats Aliens & Dumb & Dumber"]))
    lookup = Catalogue.of(titles()).within(text, NONE)
    found = lookup.find(text)
    named = {lookup.forms[int(form)] for form in found.form}
    assert {"iron man 3", "iron man", "aliens", "dumb and dumber"} <= named
    assert "alien" not in named
    sizes = dict(zip(lookup.forms.to_list(), lookup.size.tolist(), strict=True))
    assert sizes["iron man 3"] == LONG


def test_hashtags_find_names_without_blanks() -> None:
    text = read(pl.Series(["#IronMan3Movie"]))
    lookup = Catalogue.of(titles()).within(text, pl.Series(["ironman3movie"]))
    assert lookup.forms.to_list() == ["ironman3movie"]


def test_sizes() -> None:
    rows = [(f"movie-{n}", "movie", name, 2000, 1.0) for n, name in enumerate(["Skyfall", "Heat", "It", "300"])]
    text = read(pl.Series(["skyfall heat it 300"]))
    lookup = Catalogue.of(titles(rows)).within(text, NONE)
    sizes = dict(zip(lookup.forms.to_list(), lookup.size.tolist(), strict=True))
    assert len({*sizes.values()}) == 4 and sizes["skyfall"] == RARE_1


def test_no_titles() -> None:
    text = read(pl.Series(["I rated Alien 8/10"]))
    lookup = Catalogue.of(titles([])).within(text, pl.Series(["alien"]))
    assert len(lookup.find(text).first) == 0


@given(st.lists(st.one_of(st.none(), st.text(max_size=25)), max_size=5), st.lists(st.text(max_size=25), max_size=3))
@settings(max_examples=60, deadline=None)
def test_any_names_make_a_catalogue(names: list[str | None], others: list[str]) -> None:
    rows = [(f"movie-{n}", "movie", name, 2000 if name else None, None) for n, name in enumerate(names)]
    frame = titles(rows).with_columns(alternative_titles=pl.lit([*others, None], pl.List(pl.String)))
    documents = pl.concat([document(f"I rated {name} 8/10", doc_id=f"d{n}") for n, name in enumerate([*names, ""])])
    mentions = link_documents(documents, frame)
    assert set(mentions["doc_id"]) == set(documents["doc_id"])
    assert set(mentions["title_id"].drop_nulls()) <= set(frame["title_id"])
