"""Tables of the genre models: what they saw, how good they are, what they say."""

from trending_assets.contracts.columns import (
    DAY,
    FLAG,
    GENRE,
    INT,
    MEDIA,
    REAL,
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
        "The gate's verdict on the last trained model of each kind, the kind's champion after it, and which kind is served.",
        ("model",),
        (
            col("model", TEXT, "xgboost or bert", values=("xgboost", "bert")),
            col("candidate_id", TEXT, "model_id of the last trained model"),
            null("champion_id", TEXT, "model_id of the champion after the verdict; null: none was promoted yet"),
            col("promoted", FLAG, "the candidate passed the gate and was not taken back since"),
            col("production", FLAG, "the kind's predictions are served"),
            null(
                "difference",
                REAL,
                "macro F1 of the candidate less its opponent's; null without one",
                low=-1.0,
                high=1.0,
            ),
            null("low", REAL, "one-sided 97% bound below the difference, by paired bootstrap", low=-1.0, high=1.0),
            null("high", REAL, "one-sided 95% bound above it", low=-1.0, high=1.0),
            col("reason", TEXT, "one sentence on the verdict"),
            share("macro_f1", "macro F1 of the champion on the titles of the comparison", nullable=True),
            null("model_id", TEXT, "the champion's: first 16 hex digits of the SHA-256 of its bytes"),
            null("data_version", TEXT, "SHA-256 of the training set that the champion saw"),
            null("trained_through", DAY, "newest day that the champion's training set knew"),
        ),
        daily=False,
        may_be_empty=False,
    ),
    Table(
        "genre/predictions",
        "Genre probabilities of the day's ranked titles, by the champion of each kind.",
        ("title_id", "model", "genre"),
        (
            TITLE_ID,
            col("model", TEXT, "xgboost or bert", values=("xgboost", "bert")),
            GENRE,
            share("probability", "model's probability"),
            col("predicted", FLAG, "probability at or above the genre's threshold"),
            col("champion", FLAG, "the model is of the kind that is in production"),
            *_MODEL_SCORES,
        ),
    ),
)
