"""same_title: forms, spelling, numbers and years."""

import pytest

from trending_assets.linking.same import same_title


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Matrix, The", "The Matrix"),
        ("Red Balloon, The (Ballon rouge, Le)", "Le ballon rouge"),
        ("Ivan's Childhood (a.k.a. My Name is Ivan) (Ivanovo detstvo)", "Ivanovo detstvo"),
        ("Rocky II", "Rocky 2"),
        ("Three Stooges, The", "The Three Stooges"),
        ("Around the World in 80 Days", "Around the World in Eighty Days"),
        ("Æon Flux", "Aeon Flux"),
        ("Love & Other Drugs", "Love and Other Drugs"),
        ("Beetlejuice", "Beetle Juice"),
        ("Who Framed Roger Rabbit?", "Who Framed Roger Rabbit"),
        ("RED", "Red"),
    ],
)
def test_the_same(left: str, right: str) -> None:
    assert same_title(left, right) > 0.5
    assert same_title(right, left) == pytest.approx(same_title(left, right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Iron Man 2", "Iron Man 3"),
        ("Rocky", "Rocky IV"),
        ("Alien", "Aliens in the Attic"),
        ("In the Name of the Father", "Army of Darkness"),
        ("The Boys", "Boys Don't Cry"),
        ("", "Heat"),
        ("!!!", "???"),
    ],
)
def test_not_the_same(left: str, right: str) -> None:
    assert same_title(left, right) < 0.5


def test_years_count_and_unknown_ones_do_not() -> None:
    near, same, far = (same_title("Dune", "Dune", 1984, year) for year in (1985, 1984, 2021))
    assert far < near <= same
    assert same_title("Dune", "Dune", None, 2021) > 0.5
