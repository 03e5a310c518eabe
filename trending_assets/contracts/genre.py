"""Tables of the genre models: what they saw, how good they are, what they say."""

from trending_assets.contracts.columns import (
    DAY,
    FLAG,
    GENRE,
    INT,
    MEDIA,
    TEXT,
    TEXTS,
    TITLE_ID,
    col,
    count,
    null,
    share,
)
from trending_assets.contracts.table import Table

_MODEL_SCORES = (
    col("model_id", TEXT, "first 16 hex digits of the SHA-256 of the model's bytes"),
    col("data_version", TEXT, "SHA-256 of the training set that the model saw"),
    col("trained_through", DAY, "newest day that the training set knew"),
)


def _evaluation(name: str, what: str) -> Table:
    return Table(
        name,
        f"Evaluation of the {what} genre model on titles that it did not learn from, by slice and genre.",
        ("slice", "genre"),
        (
            col(
                "slice",
                TEXT,
                "test: the test split; masked: the same without words that name a genre; later: the newest titles; "
                "film, tv, a decade, a language, short or long plots: parts of the test split, means alone",
            ),
            col(
                "genre",
                TEXT,
                "genre; 'macro': mean over genres with 10 titles (with one where none has); 'micro': all decisions in one pot",
            ),
            share("threshold", "probability from which the genre is predicted, tuned on the validation split"),
            share("precision", "precision"),
            share("recall", "recall"),
            share("f1", "F1"),
            share("ece", "expected calibration error of the probabilities, ten equal bins"),
            count("support", "titles with the genre; of a mean all titles"),
            *_MODEL_SCORES,
        ),
        daily=False,
        may_be_empty=False,
    )


TABLES: tuple[Table, ...] = (
    Table(
        "genre/training_set",
        "Titles with an overview and genres, split by the name that a franchise shares and by release.",
        ("title_id",),
        (
            col("title_id", TEXT, "movie-<tmdb id> or tv-<tmdb id>; <source>-<id there> of another catalogue's title"),
            MEDIA,
            col("source", TEXT, "tmdb, or the name of the catalogue that the row comes from"),
            null("title", TEXT, "title"),
            col("overview", TEXT, "plot"),
            null("tagline", TEXT, "tagline"),
            col("keywords", TEXTS, "keywords"),
            col("text", TEXT, "title, overview, tagline and keywords"),
            col("genres", TEXTS, "labels of the project's vocabulary; may be empty for a catalogue's row"),
            col("labels", TEXTS, "genres as the source prints them"),
            col("group", TEXT, "name that the title shares with its sequels, remakes and spin-offs"),
            null("year", INT, "year of release or first airing"),
            null("language", TEXT, "original language, ISO 639-1"),
            col(
                "split",
                TEXT,
                "side of the title's group: train, valid or test; later: newest titles, tested on and never learned from",
                values=("train", "valid", "test", "later"),
            ),
            col("trained_through", DAY, "newest day that the set knew"),
        ),
        daily=False,
    ),
    _evaluation("genre/xgboost", "XGBoost"),
    _evaluation("genre/bert", "BERT"),
    Table(
        "genre/champion",
        "The model whose predictions are served, and why.",
        ("model",),
        (
            col("model", TEXT, "xgboost or bert", values=("xgboost", "bert")),
            share("macro_f1", "macro F1 on the test split"),
            col("reason", TEXT, "one sentence on the choice"),
            *_MODEL_SCORES,
        ),
        daily=False,
        may_be_empty=False,
    ),
    Table(
        "genre/predictions",
        "Genre probabilities of the day's ranked titles, by every trained model.",
        ("title_id", "model", "genre"),
        (
            TITLE_ID,
            col("model", TEXT, "xgboost or bert", values=("xgboost", "bert")),
            GENRE,
            share("probability", "model's probability"),
            col("predicted", FLAG, "probability at or above the genre's threshold"),
            col("champion", FLAG, "the model is the one that genre/champion names"),
            *_MODEL_SCORES,
        ),
    ),
)
