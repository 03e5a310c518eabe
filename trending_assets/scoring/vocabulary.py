"""The controlled words: genres and vibe tags. Imports nothing heavy, so linking/ and genre/ may use it, too."""

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
    "Politics",
    "Reality",
    "Romance",
    "Science Fiction",
    "Soap",
    "Talk",
    "Thriller",
    "War",
    "Western",
)
"""One genre list for films and shows. TMDb's film genres, and what its TV list has besides, each as one idea."""

# TMDb's double TV genres become both of their halves; formats and retired labels say nothing of a genre.
_TMDB_NAMES: dict[str, tuple[str, ...]] = {
    "action & adventure": ("Action", "Adventure"),
    "sci-fi & fantasy": ("Science Fiction", "Fantasy"),
    "war & politics": ("War", "Politics"),
    "kids": ("Family",),
    "sci-fi": ("Science Fiction",),
    "musical": ("Music",),
    "tv movie": (),
    "foreign": (),
} | {genre.lower(): (genre,) for genre in GENRES}

VIBE_GROUPS: dict[str, dict[str, str]] = {
    "humour": {
        "funny": "makes people laugh",
        "witty": "clever dialogue",
        "deadpan": "dry jokes told with a straight face",
        "satirical": "mocks people in power or society",
        "absurd": "follows its own mad logic",
        "lighthearted": "takes nothing too hard",
    },
    "tension": {
        "tense": "keeps nerves on edge",
        "gripping": "hard to look away",
        "suspenseful": "one waits for what will happen",
        "mysterious": "holds its secrets for long",
        "twisty": "turns that few foresee",
        "mind-bending": "plays with what is real",
    },
    "fear": {
        "scary": "frightens",
        "creepy": "unsettles quietly",
        "gory": "shows blood and wounds",
        "violent": "much or hard violence",
        "disturbing": "stays in the mind in a bad way",
    },
    "mood": {
        "dark": "gloomy in theme or look",
        "bleak": "leaves little hope",
        "gritty": "raw and unpolished",
        "melancholic": "softly sad",
        "bittersweet": "joy and sorrow together",
        "dreamlike": "floats like a dream",
        "atmospheric": "place and mood carry it",
        "cosy": "safe and comfortable",
        "nostalgic": "longs for an earlier time",
    },
    "heart": {
        "heartwarming": "leaves a warm feeling",
        "uplifting": "lifts the spirits",
        "moving": "touches deeply",
        "tearjerker": "makes people cry",
        "romantic": "love and chemistry",
        "steamy": "openly sensual",
        "inspiring": "makes people want to act",
        "wholesome": "kind through and through",
    },
    "pace": {
        "fast-paced": "hardly pauses",
        "slow burn": "builds up patiently",
        "action-packed": "fights and chases throughout",
        "bingeable": "one more episode",
        "overlong": "longer than it should be",
        "meditative": "quiet and reflective",
    },
    "mind": {
        "thought-provoking": "leaves questions to think about",
        "clever": "well-built plot or idea",
        "complex": "asks for attention",
        "educational": "one learns from it",
        "political": "about power and its use",
        "timely": "speaks to the present",
    },
    "craft": {
        "visually stunning": "looks superb",
        "stylish": "a strong look of its own",
        "well acted": "praised performances",
        "great soundtrack": "praised music",
        "epic": "grand in scale",
        "original": "unlike others",
        "quirky": "charmingly odd",
        "campy": "knowingly over the top",
    },
    "audience": {
        "family friendly": "for all ages",
        "crowd-pleaser": "made to please many",
        "cult": "loved by a devoted few",
        "faithful adaptation": "true to its source",
    },
    "let-downs": {
        "predictable": "few surprises",
        "boring": "fails to hold interest",
        "confusing": "hard to follow",
        "disappointing": "less than was hoped for",
    },
}
"""Vibe tags in groups, each with what it means. A tag says how a title feels, not what it is about."""

VIBE_TAGS: tuple[str, ...] = tuple(tag for group in VIBE_GROUPS.values() for tag in group)


def to_vocabulary(names: Iterable[str]) -> list[str]:
    """TMDb genre names (film or TV) in the project's vocabulary: each once, in the order of first mention.

    TMDb's double TV genres give both halves; a name that is unknown or no genre (TV Movie) is left out.
    """
    found = (genre for name in names for genre in _TMDB_NAMES.get(name.strip().lower(), ()))
    return list(dict.fromkeys(found))
