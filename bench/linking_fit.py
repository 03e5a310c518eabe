"""Fits the weights of the linker on tuning rows: `python -m bench.linking_fit` prints the tables for linking/weights.py.

A conditional logit (McFadden 1974): in every cluster of overlapping names the titles and "no title" share a softmax; the
weights maximise the likelihood of the right choice under a Gaussian prior (bench/linking_prior.py).
"""

import json
import sys
from dataclasses import dataclass
from enum import Enum

import numpy as np
import polars as pl
from scipy import sparse
from scipy.optimize import minimize

from bench import linking_data as data
from bench import linking_prior as prior
from bench import linking_traps as traps
from bench.linking_made import made_texts
from trending_assets.linking import reading, weights
from trending_assets.linking.catalogue import Catalogue
from trending_assets.linking.fold import Array, read
from trending_assets.linking.spans import LOWER_STYLE

POSTS, PLOTS, TRIVIA, MADE = 4000, 2000, 3000, 6000
WEIGHTS = {
    "posts": 0.25,
    "prose": 0.35,
    "plots": 0.3,
    "trivia": 0.05,
    "made": 0.2,
    "cases": 5.0,
    "traps": 3.0,
    "trap reviews": 3.0,
    "reviews": 0.2,
    "headed": 1.0,
    "own reviews": 3.0,
}
"""Weight of a cluster of each set in the likelihood."""
FIRST = ("posts", "prose", "plots", "trivia", "made", "cases", "traps")
"""Sets that BASE, SPAN and PAIR are fitted on; REVIEW is then fitted on the others, with the first three as they are."""


class Keep(Enum):
    """Which clusters say something: all; those without a true title; not those that only seem to name it; as in prose."""

    ALL, OTHERS, NAMED, TRUTH = range(4)


@dataclass
class Rows:
    """Pairs of a set of texts as a sparse matrix, with their clusters, and 1 where a pair is the right choice."""

    matrix: sparse.csr_matrix
    cluster: Array
    right: Array
    weight: Array


def names() -> list[tuple[str, str]]:
    """Every weight: its table and its name there."""
    cells = [("BASE", f"{i} {j}") for i in range(len(prior.BASE)) for j in range(len(prior.BASE[0]))]
    tables = (("SPAN", prior.SPAN), ("PAIR", prior.PAIR), ("REVIEW", prior.REVIEW))
    return cells + [(table, name) for table, listed in tables for name in listed]


def start() -> tuple[Array, Array]:
    """Mean and spread of the prior, in the order of `names`."""
    values: list[tuple[float, ...]] = [(v,) for row in prior.BASE for v in row]
    values += [v for listed in (prior.SPAN, prior.PAIR, prior.REVIEW) for v in listed.values()]
    return np.array([v[0] for v in values]), np.array([v[1] if len(v) > 1 else prior.SPREAD for v in values])


def rows_of(documents: pl.DataFrame, catalogue: Catalogue, weight: float, keep: Keep = Keep.ALL) -> Rows:
    """Rows of documents with the column truth (a list of title_id), and of the clusters that `keep` says."""
    size = documents.height
    text = read(pl.concat([documents["headline"].fill_null(""), documents["text"].fill_null("")]))
    review = (documents["kind"] == "review").to_numpy()
    found = reading.score(
        text,
        catalogue.within(text, reading.hashtags(text)),
        catalogue,
        headline=np.repeat([True, False], size),
        review=np.tile(review, 2),
        news=np.tile((documents["kind"] == "news").to_numpy(), 2),
        written=np.tile(documents["published_at"].dt.year().to_numpy(), 2),
        documents=np.tile(np.arange(size), 2),
    )
    pairs = found.pairs
    true = documents.select(document=pl.int_range(pl.len()), title_id="truth").explode("title_id").drop_nulls()
    ids = catalogue.titles.select("title_id", row=pl.int_range(pl.len()))
    keys = true.join(ids, on="title_id")
    width = catalogue.titles.height
    is_true = np.isin(pairs.document * width + pairs.row, (keys["document"] * width + keys["row"]).to_numpy())
    # Of several ways to name the same title in a cluster the best one counts.
    order = np.lexsort((-pairs.score, pairs.row, pairs.cluster))
    best = np.zeros(len(order), bool)
    best[order] = np.append(True, (np.diff(pairs.cluster[order]) != 0) | (np.diff(pairs.row[order]) != 0))
    with_truth = np.isin(pairs.cluster, pairs.cluster[is_true])
    low = found.span_features["style"][pairs.span] == LOWER_STYLE
    named = documents["names"].to_numpy()[pairs.document] if "names" in documents.columns else np.ones(len(pairs), bool)
    chosen = {
        Keep.ALL: np.ones(len(pairs), bool),
        Keep.OTHERS: ~with_truth,
        Keep.NAMED: ~with_truth | named,
        # What else a review names may be a title too; in lower case it is none.
        Keep.TRUTH: with_truth & named | ~with_truth & low,
    }[keep]
    best &= chosen
    columns, where, values = [], [], []
    kept = np.flatnonzero(best)
    span = pairs.span[kept]
    features = {
        "SPAN": {n: found.span_features[n][span] for n in prior.SPAN},
        "PAIR": {n: found.pair_features[n][kept] for n in prior.PAIR},
    }
    both = found.span_features | {"review": found.review}
    features["REVIEW"] = {
        n: found.review[span] * (both[n][span] if n in both else found.pair_features[n][kept]) for n in prior.REVIEW
    }
    cell = found.span_features["size"][span].astype(int) * weights.BASE.shape[1] + found.span_features["style"][span]
    for number, (table, name) in enumerate(names()):
        if table == "BASE":
            i, j = (int(n) for n in name.split())
            value = (cell == i * weights.BASE.shape[1] + j).astype(float)
        else:
            value = features[table][name].astype(float)
        at = np.flatnonzero(value)
        where.append(at)
        columns.append(np.full(len(at), number))
        values.append(value[at])
    matrix = sparse.csr_matrix(
        (np.concatenate(values), (np.concatenate(where), np.concatenate(columns))), shape=(len(kept), len(names()))
    )
    cluster = np.unique(pairs.cluster[kept], return_inverse=True)[1]
    return Rows(matrix, cluster, is_true[kept], np.full(len(kept), weight))


def together(sets: list[Rows]) -> Rows:
    """The sets as one."""
    shift, clusters = 0, []
    for part in sets:
        clusters.append(part.cluster + shift)
        shift += int(part.cluster.max(initial=-1)) + 1
    return Rows(
        sparse.vstack([p.matrix for p in sets]).tocsr(),
        np.concatenate(clusters),
        np.concatenate([p.right for p in sets]),
        np.concatenate([p.weight for p in sets]),
    )


def fit(rows: Rows, mean: Array, sd: Array, free: Array) -> Array:
    """The weights of greatest posterior; those that are not `free` stay as they are."""
    size = int(rows.cluster.max()) + 1
    weight = np.zeros(size)
    weight[rows.cluster] = rows.weight
    has_right = np.bincount(rows.cluster, rows.right, size) > 0

    def loss(w: Array) -> tuple[float, Array]:
        score = np.clip(rows.matrix @ w, -40, 40)
        e = np.exp(score)
        total = 1 + np.bincount(rows.cluster, e, size)
        right = np.where(has_right, np.bincount(rows.cluster, e * rows.right, size), 1.0)
        value = float((weight * (np.log(total) - np.log(right))).sum())
        p = e / total[rows.cluster]
        q = np.where(rows.right, e / right[rows.cluster], 0.0)
        gradient = rows.matrix.T @ (weight[rows.cluster] * (p - q))
        gradient *= free
        off = (w - mean) * free
        return value + 0.5 * float((off / sd) @ (off / sd)), gradient + off / sd**2

    found = minimize(loss, mean, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    print(f"  loss {loss(mean)[0]:.1f} -> {found.fun:.1f} over {size:,} clusters", file=sys.stderr)
    return found.x


def _judge(rows: Rows, w: Array) -> str:
    """Clusters decided right at the cut, as precision and recall of the links."""
    size = int(rows.cluster.max()) + 1
    e = np.exp(np.clip(rows.matrix @ w, -40, 40))
    p = e / (1 + np.bincount(rows.cluster, e, size))[rows.cluster]
    linked = p >= weights.CUT
    known = int((np.bincount(rows.cluster, rows.right, size) > 0).sum())
    right = int((linked & rows.right).sum())
    return f"precision {right / max(int(linked.sum()), 1):.4f} recall {right / max(known, 1):.4f}"


def _lists(documents: pl.DataFrame) -> pl.DataFrame:
    return (
        documents.with_columns(truth=pl.concat_list("truth")) if documents.schema["truth"] == pl.String else documents
    )


def tuning_sets() -> dict[str, Rows]:
    """Rows of every tuning set; nothing of a reported half or day is among them."""
    from trending_assets_tests.unit.linking import cases

    known = data.known_titles()
    world, titles = data.spring()
    large = Catalogue.of(data.large(known))
    early = world.filter(pl.col("date") <= data.TUNED_TO)
    critics = data.reviews().filter("tuning")
    truth = pl.DataFrame(
        {"doc_id": [f"{n:04}" for n in range(len(cases.CASES))], "truth": [list(c.titles) for c in cases.CASES]}
    )
    own = cases.documents().filter(pl.col("work_title").is_null()).join(truth, on="doc_id", maintain_order="left")
    small, review = Catalogue.of(cases.titles()), pl.col("kind") == "review"
    texts, catalogue = made_texts(MADE)
    rows = [r for r in traps.read_rows("mentions") if r["split"] == "dev" and not r.get("work_title")]
    trap = traps.documents_frame(rows).with_columns(
        truth=pl.Series([r["expected"] for r in rows], dtype=pl.List(pl.String))
    )
    trapping = Catalogue.of(traps.titles_frame(traps.read_rows("titles")))
    sets = {
        "posts": (early.filter(~review).sample(POSTS, seed=data.SEED), Catalogue.of(titles), Keep.ALL),
        "prose": (critics.with_columns(kind=pl.lit("news")), large, Keep.TRUTH),
        "plots": (plots(known), large, Keep.OTHERS),
        "trivia": (trivia(), large, Keep.OTHERS),
        "made": (texts, Catalogue.of(catalogue), Keep.ALL),
        "cases": (own.filter(~review), small, Keep.ALL),
        "traps": (trap.filter(~review), trapping, Keep.ALL),
        "trap reviews": (trap.filter(review), trapping, Keep.ALL),
        "reviews": (critics, large, Keep.NAMED),
        "headed": (early.filter(review, pl.col("truth").is_not_null()), Catalogue.of(titles), Keep.ALL),
        "own reviews": (own.filter(review), small, Keep.ALL),
    }
    return {name: rows_of(_lists(d), c, WEIGHTS[name], keep) for name, (d, c, keep) in sets.items()}


def plots(known: pl.DataFrame) -> pl.DataFrame:
    """Plots of titles as texts that name no title but perhaps their own: those that speak of films are left out."""
    talk = r"(?i)\b(?:film|movie|sequel|prequel|remake|series|based on|documentary|episode|starring|story of|television|novel)"
    frame = known.filter(pl.col("overview").str.len_chars() > 40, ~pl.col("overview").str.contains(talk))
    frame = frame.filter(data.tuning_half(frame["title_id"])).sample(PLOTS, seed=data.SEED)
    return _texts(frame["overview"], frame["title_id"], "news")


def trivia() -> pl.DataFrame:
    """Questions about films in lower case that describe them without a name."""
    frame = pl.read_parquet(data.SHARED / "data" / "mit_movie_trivia_ner.parquet").filter(split="train")
    frame = frame.filter(
        ~pl.col("tags").list.eval(pl.element().str.contains("Relationship|Origin|Quote|Award|Character")).list.any()
    )
    text = frame["tokens"].list.join(" ").sample(TRIVIA, seed=data.SEED)
    return _texts(text, pl.Series([None] * len(text), dtype=pl.String), "post")


def _texts(text: pl.Series, truth: pl.Series, kind: str) -> pl.DataFrame:
    return pl.DataFrame({"text": text, "truth": truth}).select(
        "text",
        headline=pl.lit(None, pl.String),
        kind=pl.lit(kind),
        published_at=pl.datetime(2014, 1, 1, time_zone="UTC"),
        truth=pl.concat_list("truth").list.drop_nulls(),
    )


def main() -> None:
    """Print the fitted tables."""
    if not data.ready():
        return
    sets = tuning_sets()
    of_reviews = np.array([table == "REVIEW" for table, _ in names()])
    first = together([sets[name] for name in FIRST])
    mean, sd = start()
    found = fit(first, mean, sd, ~of_reviews)
    then = together([rows for name, rows in sets.items() if name not in FIRST])
    found = fit(then, found, sd, of_reviews)
    for name, rows in sets.items():
        print(f"{name:<12} {_judge(rows, mean)}  ->  {_judge(rows, found)}", file=sys.stderr)
    counts = np.asarray(abs(sparse.vstack([first.matrix, then.matrix])).sum(0)).ravel()
    for (table, name), before, now, count in zip(names(), mean, found, counts, strict=True):
        print(f"{table:<7}{name:<45}{before:>7.2f}{now:>8.2f}{int(count):>9,}")
    if len(sys.argv) > 1:
        with open(sys.argv[1], "w") as out:
            json.dump([[*n, float(w)] for n, w in zip(names(), found, strict=True)], out)


if __name__ == "__main__":
    main()
