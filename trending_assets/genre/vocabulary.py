"""The one genre vocabulary: TMDb's genres for films and for TV, merged. Other catalogues' names are mapped where they are sure."""

from collections.abc import Iterable

GENRES: tuple[str, ...] = (
    "Action",
    "Adventure",
    "Animation",
    "Comedy",
    "Crime",
    "Documentary",
    "Drama",
    "Family",
    "Fantasy",
    "History",
    "Horror",
    "Music",
    "Mystery",
    "News",
    "Reality",
    "Romance",
    "Science Fiction",
    "Soap",
    "Talk",
    "Thriller",
    "War",
    "Western",
)
"""Every genre that this project knows, ascending."""

# TV Movie and Foreign say how and where a title was made, not what it is about: they have no place here.
_OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "action & adventure": ("Action", "Adventure"),
    "sci-fi & fantasy": ("Science Fiction", "Fantasy"),
    "war & politics": ("War",),
    "kids": ("Family",),
    "children": ("Family",),
    "sci-fi": ("Science Fiction",),
    "science-fiction": ("Science Fiction",),
    "animated": ("Animation",),
    "historical": ("History",),
    "musical": ("Music",),
    "romantic": ("Romance",),
    "reality-tv": ("Reality",),
    "talk-show": ("Talk",),
}
_BY_NAME = {genre.lower(): (genre,) for genre in GENRES} | _OTHER_NAMES


def to_vocabulary(names: Iterable[str | None]) -> list[str]:
    """Genre names of TMDb (film or TV) or a like catalogue as genres of the vocabulary, ascending, each once.

    Names are compared without case. A name that the vocabulary has no place for is left out.
    """
    return sorted({genre for name in names if name for genre in _BY_NAME.get(name.strip().lower(), ())})
