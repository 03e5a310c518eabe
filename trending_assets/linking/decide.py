"""From scored pairs to links: overlapping names compete with each other and with no title at all."""

from dataclasses import dataclass

import numpy as np

from trending_assets.linking import weights
from trending_assets.linking.fold import Array

HOPEFUL = -1.5
"""Log-odds from which a range counts as a rival of those that it overlaps."""
STRONG = 0.8
"""A title this probable in one place of a document is what its name means in the others."""


@dataclass(frozen=True)
class Pairs:
    """(Range, title) pairs: cluster of overlapping ranges, document, range, title's row, form and log-odds."""

    cluster: Array
    document: Array
    span: Array
    row: Array
    form: Array
    score: Array

    def __len__(self) -> int:
        return len(self.row)


def clusters(first: Array, last: Array, best: Array) -> Array:
    """Number of the cluster of each range: ranges that overlap, or are linked by overlaps, share one.

    Ranges are sorted by first word; ranges of different texts never overlap. Only ranges whose `best` log-odds are at least
    HOPEFUL link others together; the rest go to the cluster that their first word lies in, or stand alone.
    """
    strong = np.flatnonzero(best >= HOPEFUL)
    cluster = np.arange(len(first)) + len(strong)
    if not len(strong):
        return cluster
    reach = np.maximum.accumulate(last[strong])
    fresh = np.ones(len(strong), bool)
    fresh[1:] = first[strong][1:] >= reach[:-1]
    cluster[strong] = np.cumsum(fresh) - 1
    begins = first[strong][fresh]
    ends = np.maximum.reduceat(last[strong], np.flatnonzero(fresh))
    home = np.searchsorted(begins, first, side="right") - 1
    inside = (home >= 0) & (first < ends[np.maximum(home, 0)])
    weak = best < HOPEFUL
    cluster[weak & inside] = home[weak & inside]
    return cluster


def covered(first: Array, last: Array) -> Array:
    """True for ranges that lie inside a longer one. Ranges are sorted by first word, longer ones first."""
    if not len(first):
        return np.zeros(0, bool)
    reach = np.maximum.accumulate(last)
    inside = np.zeros(len(first), bool)
    # The range before with the furthest end begins no later; equal ranges are no longer ones.
    inside[1:] = reach[:-1] >= last[1:]
    same = np.zeros(len(first), bool)
    same[1:] = (first[1:] == first[:-1]) & (last[1:] == last[:-1])
    return inside & ~same


def probabilities(pairs: Pairs, score: Array) -> Array:
    """Share of each pair among the titles of its cluster and no title (log-odds 0): a softmax.

    A title that several ranges or forms of a cluster name counts once, by the best.
    """
    if not len(pairs):
        return np.zeros(0)
    weight = np.exp(np.minimum(score, 50.0))
    key = pairs.cluster * (int(pairs.row.max()) + 1) + pairs.row
    order = np.argsort(key, kind="stable")
    again = np.flatnonzero(np.diff(key[order]) == 0)
    if len(again):  # a title that a cluster names twice counts by the best, the first of equals
        twice = np.unique(np.append(order[again], order[again + 1]))
        twice = twice[np.lexsort((-score[twice], key[twice]))]
        weight[twice[1:][np.diff(key[twice]) == 0]] = 0.0
    total = 1.0 + np.bincount(pairs.cluster, weight)
    return weight / total[pairs.cluster]


def sure(pairs: Pairs, probability: Array) -> Array:
    """True for pairs that are links: the name is a title's (CUT), and it is this one of its titles (SHARE)."""
    if not len(pairs):
        return np.zeros(0, bool)
    key = pairs.cluster * (int(pairs.form.max()) + 1) + pairs.form
    name = np.unique(key, return_inverse=True)[1]
    total = np.bincount(name, probability)[name]
    return (probability >= weights.CUT) & (probability >= weights.SHARE * total)


def settle(pairs: Pairs, bonus: float, company: float) -> Array:
    """Probabilities once every document has one meaning a name: titles that are sure elsewhere in it gain, others lose.

    Other sure titles in a document make any name in it likelier to be one: they add `company` to its log-odds.
    """
    before = probabilities(pairs, pairs.score)
    # Only a document that names something in two places has anything to settle.
    fresh = np.ones(len(pairs), bool)
    fresh[1:] = pairs.span[1:] != pairs.span[:-1]
    counts = np.bincount(pairs.document[fresh], minlength=1)
    open_ = np.flatnonzero(counts[pairs.document] > 1)
    sure = before[open_] >= STRONG
    if not sure.any():
        return before
    document, row, form, cluster = (a[open_] for a in (pairs.document, pairs.row, pairs.form, pairs.cluster))
    title = np.unique(document * (int(row.max()) + 1) + row, return_inverse=True)[1]
    name = np.unique(document * (int(form.max()) + 1) + form, return_inverse=True)[1]
    elsewhere = np.bincount(title, sure)[title] - sure
    # A cluster has at most one sure title; its own one is no evidence from elsewhere.
    own = np.bincount(cluster, sure)[cluster] > 0
    others = np.bincount(name, sure)[name] - own
    score = pairs.score.copy()
    score[open_] += company * (np.bincount(document, sure)[document] - sure > elsewhere)
    score[open_] += bonus * (elsewhere > 0) - bonus * ((elsewhere <= 0) & ~sure & (others > 0))
    return probabilities(pairs, score)
