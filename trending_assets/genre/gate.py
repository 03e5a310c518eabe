"""Whether a candidate may take the champion's place: both are asked of the same titles and compared by a paired bootstrap.

Pure arithmetic on what the two said: the same input gives the same verdict.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from trending_assets.genre.arrays import Flags, Matrix
from trending_assets.genre.calibration import calibration_error as column_error

MARGIN = 0.01
"""Macro F1. A model that is worse by this much passes in at most 5% of comparisons, whatever the number of titles."""
DRAWS, SEED = 2_000, 0
LEVEL = 0.03
"""Of the one-sided bounds of a difference. The bootstrap's bounds are a little narrow on 700 titles: .03 keeps to 5%."""
FLOOR_LEVEL = 0.05
"""How often chance alone breaks a floor of a genre that truly lost FLOOR_DROP."""
MIN_SUPPORT = 10
"""Titles of a genre from which its F1 counts."""
MIN_GENRES = 4
"""Counted genres from which a first model has to beat the majority class: over one or two genres that says nothing."""
FLOOR_SUPPORT, FLOOR_DROP = 30, 0.05
"""Titles of a genre from which it has a floor, and the loss of F1 beyond chance that is allowed."""
ECE_TITLES, ECE_LIMIT, ECE_WORSE = 200, 0.05, 0.02
"""With fewer titles a calibration error measures chance; the highest one; by how much it may grow."""
MAX_BYTES = 40_000_000
MAX_LATENCY_MS = 150.0
"""Ten times the goal of 15 ms: a busy machine takes three times as long, a model of another size ten times."""


@dataclass(frozen=True)
class Rows:
    """The titles of a comparison: `truth` (titles, genres), and each title's group, which is drawn as a whole."""

    genres: tuple[str, ...]
    truth: Flags
    groups: NDArray[np.int64]

    @classmethod
    def of(cls, genres: Sequence[str], truth: Flags, groups: Sequence[str]) -> "Rows":
        """With the genres of at least MIN_SUPPORT titles; the others are left out."""
        kept = [n for n in range(len(genres)) if truth[:, n].sum() >= MIN_SUPPORT]
        _, codes = np.unique(np.asarray(groups, dtype=object).astype(str), return_inverse=True)
        return cls(tuple(genres[n] for n in kept), truth[:, kept], codes.astype(np.int64))


@dataclass(frozen=True)
class Answers:
    """What a model said: `probabilities` and `predicted`, both (titles, genres of the rows); its bytes, its time for a title."""

    probabilities: Matrix
    predicted: Flags
    size: int
    latency_ms: float = 0.0


@dataclass(frozen=True)
class Comparison:
    """F1 by genre of two models on the same titles; `draws`: bootstrapped differences (draws, genres), candidate less other."""

    candidate: NDArray[np.float64]
    other: NDArray[np.float64]
    draws: NDArray[np.float64]

    @property
    def difference(self) -> float:
        """Macro F1 of the candidate less the other's."""
        return float(self.candidate.mean() - self.other.mean())

    @property
    def bounds(self) -> tuple[float, float]:
        """One-sided 97% bounds of the difference: below and above."""
        low, high = np.quantile(self.draws.mean(axis=1), [LEVEL, 1 - LEVEL])
        return float(low), float(high)


@dataclass(frozen=True)
class Case:
    """All that a guard may look at; `other` and `compared` are None for the first model of its kind."""

    rows: Rows
    candidate: Answers
    other: Answers | None
    compared: Comparison | None


Guard = Callable[[Case], str | None]
"""Why a candidate is refused, as a clause after "because"; None where the guard has nothing against it."""


@dataclass(frozen=True)
class Verdict:
    """The gate's answer. Differences and bounds are None where there was nothing to compare."""

    promoted: bool
    reason: str
    macro_f1: float
    other_f1: float | None
    difference: float | None
    low: float | None
    high: float | None


def compare(rows: Rows, candidate: Answers, other: Answers) -> Comparison:
    """F1 by genre of both models, and DRAWS differences on title groups drawn with replacement (the same draws for both)."""
    groups = int(rows.groups.max()) + 1 if len(rows.groups) else 0
    counts = [
        _by_group(flags, rows.groups, groups)
        for flags in (
            rows.truth,
            candidate.predicted & rows.truth,
            candidate.predicted,
            other.predicted & rows.truth,
            other.predicted,
        )
    ]
    summed = (_weights(groups) @ np.concatenate(counts, axis=1)).astype(np.float64)
    drawn = np.split(summed, 5, axis=1)
    whole = [count.sum(axis=0, keepdims=True, dtype=np.float64) for count in counts]
    mine, theirs = _f1(drawn[0], drawn[1], drawn[2]), _f1(drawn[0], drawn[3], drawn[4])
    return Comparison(_f1(whole[0], whole[1], whole[2])[0], _f1(whole[0], whole[3], whole[4])[0], mine - theirs)


def superiority(case: Case) -> str | None:
    """The macro F1 is higher, and with 97% confidence not lower by MARGIN. A first model beats the majority class."""
    if case.compared is None:
        if len(case.rows.genres) < MIN_GENRES:
            return None
        mine, least = macro_f1(case.rows, case.candidate), majority_f1(case.rows)
        return (
            None if mine > least else f"its macro F1 of {mine:.3f} does not beat the {least:.3f} of the majority class"
        )
    low, _ = case.compared.bounds
    if case.compared.difference <= 0:
        return f"its macro F1 is not higher ({case.compared.difference:+.3f})"
    if low <= -MARGIN:
        return (
            f"it may be worse by more than {MARGIN} (difference {case.compared.difference:+.3f}, 97% bound {low:+.3f})"
        )
    return None


def floor(case: Case) -> str | None:
    """No genre of FLOOR_SUPPORT titles loses more F1 than FLOOR_DROP, with 95% confidence."""
    if case.compared is None:
        return None
    from statistics import NormalDist

    held = np.flatnonzero(case.rows.truth.sum(axis=0) >= FLOOR_SUPPORT)
    if not len(held):
        return None
    widths = NormalDist().inv_cdf(1 - FLOOR_LEVEL) * case.compared.draws.std(axis=0)
    floors = case.compared.other - FLOOR_DROP - widths
    short = (floors - case.compared.candidate)[held]
    if short.max() <= 0:
        return None
    worst = int(held[short.argmax()])
    return f"{case.rows.genres[worst]} falls to F1 {case.compared.candidate[worst]:.3f}, below its floor of {floors[worst]:.3f}"


def calibration(case: Case) -> str | None:
    """The calibration error is not above ECE_LIMIT (unless the champion's is no better), and not higher by ECE_WORSE."""
    if case.other is None or len(case.rows.truth) < ECE_TITLES:
        return None
    mine = calibration_error(case.rows, case.candidate)
    theirs = calibration_error(case.rows, case.other)
    if mine > theirs + ECE_WORSE or mine > max(ECE_LIMIT, theirs):
        return f"its calibration error is {mine:.3f}, the champion's {theirs:.3f}"
    return None


def size(case: Case) -> str | None:
    """The bundle has at most MAX_BYTES."""
    if case.candidate.size > MAX_BYTES:
        return f"it has {case.candidate.size / 1e6:.1f} MB, more than {MAX_BYTES / 1e6:.0f}"
    return None


def latency(case: Case) -> str | None:
    """One title is answered within MAX_LATENCY_MS. The sentence names no measured time: it is not the same twice."""
    if case.candidate.latency_ms > MAX_LATENCY_MS:
        return f"it takes longer than {MAX_LATENCY_MS:.0f} ms for one title"
    return None


GUARDS: tuple[Guard, ...] = (size, latency, superiority, floor, calibration)


def judge(rows: Rows, candidate: Answers, other: Answers | None, guards: Sequence[Guard] = GUARDS) -> Verdict:
    """Ask every guard about a candidate and the model whose place it would take; None: it is the first of its kind.

    Where no genre has MIN_SUPPORT titles there is nothing to test on: a first model passes, a later one does not.
    """
    tested = bool(rows.genres)
    compared = compare(rows, candidate, other) if tested and other is not None else None
    mine = macro_f1(rows, candidate)
    theirs = macro_f1(rows, other) if other is not None else None
    low, high = compared.bounds if compared else (None, None)
    difference = compared.difference if compared else None
    if not tested:
        asked: Sequence[Guard] = [guard for guard in guards if guard in (size, latency)]
        nothing = f"no genre has {MIN_SUPPORT} titles to test on"
    else:
        asked, nothing = guards, ""
    case = Case(rows, candidate, other, compared)
    against = [why for guard in asked if (why := guard(case))]
    if not tested and other is not None:
        against.append(nothing)
    if against:
        reason = f"Refused, because {'; '.join(against)}."
    elif compared is None and len(rows.genres) < MIN_GENRES:
        few = f"only {len(rows.genres)} genres have" if tested else "no genre has"
        reason = f"Promoted as the first of its kind: {few} {MIN_SUPPORT} titles to test on."
    elif compared is None:
        reason = f"Promoted as the first of its kind: macro F1 {mine:.3f} on {len(rows.truth)} titles beats the majority class."
    else:
        reason = (
            f"Promoted: macro F1 {mine:.3f} against {theirs:.3f} on the same {len(rows.truth)} titles "
            f"({difference:+.3f}, 94% interval {low:+.3f} to {high:+.3f})."
        )
    return Verdict(not against, reason, mine, theirs, difference, low, high)


def macro_f1(rows: Rows, answers: Answers) -> float:
    """Unweighted mean F1 over the genres of the rows; 0 where there are none."""
    if not rows.genres:
        return 0.0
    hits = (answers.predicted & rows.truth).sum(axis=0)
    return float(_f1(rows.truth.sum(axis=0), hits, answers.predicted.sum(axis=0)).mean())


def majority_f1(rows: Rows) -> float:
    """Macro F1 of who says the most frequent genre of every title, and no other."""
    if not rows.genres:
        return 0.0
    share = float(rows.truth.mean(axis=0).max())
    return 2 * share / (1 + share) / len(rows.genres)


def calibration_error(rows: Rows, answers: Answers) -> float:
    """Expected calibration error, the mean over genres: ten equal bins of probability, weighted by their titles."""
    errors = [column_error(answers.probabilities[:, n], rows.truth[:, n]) for n in range(len(rows.genres))]
    return float(np.mean(errors)) if errors else 0.0


def _f1(wanted: NDArray[np.float64], hits: NDArray[np.float64], claims: NDArray[np.float64]) -> NDArray[np.float64]:
    total = (wanted + claims).astype(np.float64)
    return np.divide(2.0 * hits, total, out=np.zeros_like(total), where=total > 0)


def _by_group(flags: Flags, codes: NDArray[np.int64], groups: int) -> NDArray[np.float32]:
    found = np.zeros((groups, flags.shape[1]), np.float32)
    np.add.at(found, codes, flags.astype(np.float32))
    return found


@lru_cache(maxsize=2)
def _weights(groups: int) -> NDArray[np.float32]:
    """How often each group is drawn, shape (DRAWS, groups). Whole numbers: their sums are exact in whatever order BLAS adds."""
    drawn = np.random.default_rng(SEED).integers(0, groups, size=(DRAWS, groups))
    drawn += np.arange(DRAWS)[:, None] * groups
    return np.bincount(drawn.ravel(), minlength=DRAWS * groups).reshape(DRAWS, groups).astype(np.float32)
