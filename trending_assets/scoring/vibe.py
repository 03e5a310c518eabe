"""The vibe score: arithmetic over the scored documents, so that one document, one author or one site moves it only so far.

A voice is an author; what it says of a title is the mean sentiment s of its documents, -1 to 1. Each of the n voices of a
site has the weight w = min(1, SITE_CAP / n). With W = sum of w and S = sum of w * s,

    vibe = 5.5 + 4.5 * S / max(W, FULL)

which reads: missing voices, up to FULL, count as neutral. No voice at all is the middle, 5.5: a title with too few documents
has no score, and one whose score comes or goes by what is said of two documents is within half a point of the middle.

What one voice can do, whatever the LLM says of all its documents: at most VOICE_BOUND = 4.5 * 2 / 36 = .25, so two documents
or two authors at most .5, and k authors at most k / 4.

- It changes its mind: S moves by at most 2w <= 2, W stays, and max(W, FULL) >= 36.
- It falls silent or begins to speak (the LLM calls its documents spam or off topic, or no longer does). In a site of more
  than SITE_CAP voices W stays and S moves by at most 24 * 2 / 25 < 2. Else W moves by w = 1. Where W <= 36 before and after,
  S / 36 moves by at most 1 / 36. Where W > 36, let max(W, FULL) fall by t <= 1: the quotient moves by at most
  (t + 1) / (W - t) <= 2 / 36, as |S| <= W.

No estimator can bound two voices by .5 and still tell n voices of one mind from n of the other by more than n / 4 points: go
from one to the other two voices at a time. This one does (n / 4 for n <= FULL), and 36 voices span the whole scale.

What one site can do: alone it weighs SITE_CAP of FULL, so it holds a title between 2.5 and 8.5: SITE_BOUND = 6 from the worst
to the best that can be said of its documents.
"""

import polars as pl

SITE_CAP = 24
"""Voices that a site weighs at most."""
FULL = 36
"""Voices that move the score over its whole range; fewer are held towards the middle."""
MIDDLE, REACH = 5.5, 4.5
VOICE_BOUND = REACH * 2 / FULL
"""What one voice can move the score by at most."""
SITE_BOUND = REACH * 2 * SITE_CAP / FULL
"""What one site can move the score by at most."""

SITE_OF = pl.col("author_id").str.extract("^([^/]*)")
"""An author_id is site/author."""


def voices(counted: pl.DataFrame) -> pl.DataFrame:
    """One row a title and voice: title_id, author_id, site, documents, sentiment (mean of its documents), weight.

    `counted` holds title_id, author_id, doc_id and sentiment of the documents that count, one row a title and document.
    """
    # Sorted before every sum of floats: it depends on their order, and the bytes must not.
    return (
        counted.sort("title_id", "author_id", "doc_id")
        .group_by("title_id", "author_id", maintain_order=True)
        .agg(documents=pl.len(), sentiment=pl.col("sentiment").mean())
        .with_columns(site=SITE_OF)
        .with_columns(weight=(SITE_CAP / pl.len().over("title_id", "site")).clip(upper_bound=1.0))
    )


def vibes(counted: pl.DataFrame) -> pl.DataFrame:
    """One row a title with a voice: title_id, documents, voices, sites, sentiment, vibe_weight, vibe_score.

    `sentiment` is S / W and `vibe_weight` W / FULL, at most 1: vibe_score = 5.5 + 4.5 * sentiment * vibe_weight. Sorted by
    title_id.
    """
    weight, said = pl.col("weight"), pl.col("weight") * pl.col("sentiment")
    return (
        voices(counted)
        .group_by("title_id", maintain_order=True)
        .agg(
            documents=pl.col("documents").sum().cast(pl.Int32),
            voices=pl.len().cast(pl.Int32),
            sites=pl.col("site").n_unique().cast(pl.Int32),
            sentiment=said.sum() / weight.sum(),
            vibe_weight=(weight.sum() / FULL).clip(upper_bound=1.0),
        )
        .with_columns(vibe_score=MIDDLE + REACH * pl.col("sentiment") * pl.col("vibe_weight"))
        .with_columns(pl.col("sentiment", "vibe_weight", "vibe_score").round(6))
    )
