"""Whether a confidence of .9 is right nine times in ten: `python -m bench.linking_calibration`.

Reliability tables and the expected calibration error (mean gap between confidence and share right, over bins of equal
width, weighted by their links) on rows that nothing was fitted on. `--fit` prints the table of linking/weights.py: isotonic
regression of right on probability, over tuning rows.
"""

import sys
from itertools import pairwise

import numpy as np
import polars as pl

from bench import linking_data as data
from bench import linking_traps as traps
from bench.linking_made import made_texts
from trending_assets.linking import weights
from trending_assets.linking.catalogue import Catalogue
from trending_assets.linking.fold import Array
from trending_assets.linking.link import link_documents

BINS = (0.0, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 1.0)
Sets = dict[str, tuple[pl.DataFrame, Catalogue]]


def sets(tuning: bool) -> Sets:
    """Documents with truth, and their catalogue: the tuning rows, or the others."""
    world, titles = data.spring()
    critics = data.reviews().filter(pl.col("tuning") == tuning)
    day = pl.col("date") <= data.TUNED_TO
    found = {
        "spring-2013": (world.filter(day if tuning else ~day), Catalogue.of(titles)),
        "spring-2013, 100,000 titles": (world.filter(day if tuning else ~day), Catalogue.of(data.large(titles))),
        "critics' reviews, 100,000 titles": (critics, Catalogue.of(data.large(data.known_titles()))),
    }
    return found


def made(seed: int) -> tuple[Array, Array]:
    """Confidence and right of links in texts made from real titles."""
    texts, titles = made_texts(6000, seed)
    documents = texts.with_row_index("n").select(
        pl.exclude("n", "truth"),
        doc_id=pl.format("{}", "n"),
        work_title=pl.lit(None, pl.String),
        work_year=pl.lit(None, pl.Int32),
        work_media_type=pl.lit(None, pl.String),
    )
    links = link_documents(documents, Catalogue.of(titles)).drop_nulls("title_id")
    truth = texts.with_row_index("n").select(doc_id=pl.format("{}", "n"), truth="truth")
    joined = links.join(truth, on="doc_id").with_columns(right=pl.col("title_id").is_in(pl.col("truth")))
    return joined["confidence"].to_numpy(), joined["right"].to_numpy()


def trapped(split: str) -> tuple[Array, Array]:
    """Confidence and right of links in a part of the trap set."""
    rows = [row for row in traps.read_rows("mentions") if row["split"] == split]
    found = traps.linked(rows)
    pairs = [(c, title in row["expected"]) for row in rows for title, c in found[traps.doc_id(row)].items()]
    confidence, right = zip(*pairs, strict=True)
    return np.array(confidence), np.array(right)


def links_of(documents: pl.DataFrame, catalogue: Catalogue) -> tuple[Array, Array]:
    """Confidence and right of the links."""
    rows = data.judged(link_documents(documents.drop("truth", "names", "tuning", strict=False), catalogue), documents)
    linked = rows.drop_nulls("title_id")
    return linked["confidence"].to_numpy(), linked["right"].to_numpy()


def reliability(confidence: Array, right: Array) -> float:
    """Print a reliability table; gives the expected calibration error."""
    error = 0.0
    for low, high in pairwise(BINS):
        inside = (confidence >= low) & ((confidence < high) | (high == 1.0))
        if inside.any():
            said, was = float(confidence[inside].mean()), float(right[inside].mean())
            error += abs(said - was) * inside.mean()
            print(f"    {low:.2f}-{high:.2f}  {int(inside.sum()):>7,} links   confidence {said:.3f}   right {was:.3f}")
    return error


def main() -> None:
    """Print the tables."""
    if not data.ready():
        return
    if "--fit" in sys.argv:
        from sklearn.isotonic import IsotonicRegression

        weights.CALIBRATION = ((0.0, 0.0), (1.0, 1.0))  # confidences are then the bare probabilities
        parts = [links_of(*of) for of in sets(tuning=True).values()] + [made(data.SEED), trapped("dev")]
        probability, right = (np.concatenate(column) for column in zip(*parts, strict=True))
        weight = np.concatenate([np.full(len(p), 1 / len(p)) for p, _ in parts])
        curve = IsotonicRegression(out_of_bounds="clip").fit(probability, right, sample_weight=weight)
        for p in (0.69, 0.72, 0.76, 0.8, 0.85, 0.9, 0.94, 0.97, 0.98, 0.99, 0.999, 1.0):
            print(f"    ({p}, {float(curve.predict([p])[0]):.3f}),")
        return
    for name, of in sets(tuning=False).items():
        print(f"\n{name}, rows that nothing was fitted on:")
        print(f"    expected calibration error {reliability(*links_of(*of)):.4f}")
    if any(row["split"] == "test" for row in traps.read_rows("mentions")):
        print("\ntrap set, test rows:")
        print(f"    expected calibration error {reliability(*trapped('test')):.4f}")
    print("\ntexts made from real titles, another seed than the fitted one:")
    print(f"    expected calibration error {reliability(*made(data.SEED + 7)):.4f}")


if __name__ == "__main__":
    main()
