"""whylogs column profiles with the same bytes for the same values, built from whole columns at once.

whylogs goes through a column value by value and keeps quantiles in a KLL sketch that draws random bits, seeded by the clock.
Here every part of its profile is built from the sorted or counted column instead, in the serial forms of Apache DataSketches:
whylogs reads and merges the result, and counts, mean, deviation and distinct values read as whylogs' own would.

- Quantiles. Every block of 2^h neighbours is stood for by its middle one, at the level of the KLL sketch whose items weigh
  2^h, with h as small as ITEMS allows. A rank is off by half a block, at most RANK_ERROR; `merge_profiles` lays down the
  items of all sketches once more and adds as much again: MERGED_RANK_ERROR, however many days are merged. Both are hard
  bounds, below the 0.53% that DataSketches states for a sketch of this K, 99 times in 100. whylogs' `get_quantile` reads the
  next item up where a sketch has several levels, its own ones too: a block more, 2 / ITEMS at most.
- Frequent items. The MOST_FREQUENT values with their counts less that of the first one left out, which is the sketch's
  offset (Misra and Gries, 1982; merged as by Agarwal et al., 2012): a value's count lies between its lower bound and that
  plus the offset.

A profile takes at most MOST_BYTES, and so does what is merged of any number of them, here or by whylogs itself.
"""

import logging
import os
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

K = 512
"""Size of the KLL sketch as whylogs merges it: it then holds 3 K values at most."""
ITEMS = 1024
"""A column of no more values keeps them all; of a longer one ITEMS / 2 to ITEMS are kept, and a few to make up the sum."""
RANK_ERROR = 1 / ITEMS
MERGED_RANK_ERROR = 2 / ITEMS
HLL_LG_K = 12
"""whylogs' own size of its sketch of distinct values: 2^12 registers of 4 bits, 1.6% error."""
FEW = 1_000
"""Distinct strings up to which they are sorted first; a sketch of more has all its registers."""
FREQUENT_LG_K = 8
MOST_FREQUENT = 3 * 2**FREQUENT_LG_K // 4
"""Room of a sketch of frequent items with 2^FREQUENT_LG_K places (DataSketches fills three quarters)."""
LONGEST = 56
"""Bytes of UTF-8 that a frequent item keeps of a value."""
MOST_BYTES = 16_384
_MIN_LEVEL = 8
_SINGLE, _EMPTY = 4, 1
_HEAD = struct.Struct("<BBBBHBBQHBBI")


def column_profile(values: pl.Series) -> bytes:
    """A whylogs column profile of values (floats or strings) as bytes. NaN counts as null, and as NaN besides.

    `read_profile`, or whylogs' ColumnProfileView.from_bytes, reads it.
    """
    if values.dtype == pl.Float64:
        ordered = ascending(values)
        return number_profile(ordered, *moments(ordered), len(values) - len(ordered), int(values.is_nan().sum() or 0))
    return text_profile(counted(values), values.null_count())


def ascending(values: pl.Series) -> Any:
    """Floats that are neither null nor NaN, ascending, as an array. Zero has no sign."""
    ordered = values.fill_nan(None).drop_nulls().to_numpy() + 0.0
    ordered.sort()
    return ordered


def counted(values: pl.Series) -> pl.DataFrame:
    """Strings that are not null and how often each occurs: columns value and count, in no order."""
    return values.alias("value").value_counts().drop_nulls("value")


def most_frequent(counts: pl.DataFrame, most: int) -> pl.DataFrame:
    """The rows of the `most` most frequent values, most frequent first, by value where they tie."""
    found = counts.top_k(most, by=["count", "value"], reverse=[False, True])
    return found.sort("count", "value", descending=[True, False])


def moments(values: Any) -> tuple[float, float]:
    """Mean and sum of squared deviations of an array; zeros where it is empty, NaN where a value is infinite."""
    if not len(values):
        return 0.0, 0.0
    with np.errstate(invalid="ignore"):
        mean = values.mean()
        deviations = values - mean
        return float(mean), float(np.square(deviations, out=deviations).sum())


def number_profile(ordered: Any, mean: float, m2: float, nulls: int, nans: int = 0) -> bytes:
    """The profile of a column of floats from its values ascending and their `moments`; `nulls` holds the `nans`."""
    ds, n = _sketching(), len(ordered)
    hll = ds.hll_sketch(HLL_LG_K)
    hll.update_np(ordered)
    infinite = int(np.searchsorted(ordered, -np.inf, "right") + n - np.searchsorted(ordered, np.inf, "left"))
    return _bytes(
        {
            **_counts(n + nulls, nulls, nans, infinite),
            **_types(fractional=n),
            "cardinality/hll": hll,
            "distribution/kll": kll_sketch(ordered),
            "distribution/mean": mean,
            "distribution/m2": m2,
        }
    )


def text_profile(counts: pl.DataFrame, nulls: int) -> bytes:
    """The profile of a column of strings from its values and their counts (see `counted`)."""
    n = int(counts["count"].sum())
    return _bytes(
        {
            **_counts(n + nulls, nulls),
            **_types(string=n),
            "cardinality/hll": _distinct(counts["value"]),
            # whylogs has one for every column of objects, and leaves it empty
            "distribution/kll": kll_sketch(np.empty(0)),
            "distribution/mean": 0.0,
            "distribution/m2": 0.0,
            "frequent_items/frequent_strings": _frequent(counts, n),
        }
    )


def merge_profiles(profiles: Sequence[bytes]) -> bytes:
    """The profile of all rows of some column profiles of one kind, in any order; one alone comes back as it is.

    Counts add up exactly, mean and deviation to the precision of floats, distinct values as whylogs merges them. Merge all
    days at once: a merge of merges is right too, but its quantiles are off by RANK_ERROR more each time. Raises ValueError
    without a profile.
    """
    if not profiles:
        raise ValueError("There is no profile to merge.")
    if len(profiles) == 1:
        return profiles[0]
    _whylogs()
    from whylogs.core.proto import ColumnMessage

    read = [ColumnMessage.FromString(data).metric_components for data in sorted(profiles)]
    common = set(read[0]).intersection(*read[1:])
    merged: dict[str, Any] = {
        name: sum(parts[name].n for parts in read) for name in common if name.startswith(("counts/", "types/"))
    }
    merged["cardinality/hll"] = _merge_hll([parts["cardinality/hll"].hll.sketch for parts in read])
    sketches = [_Kll(parts["distribution/kll"].kll.sketch) for parts in read]
    merged["distribution/kll"] = _merge_kll(sketches)
    groups = [
        (sketch.n, parts["distribution/mean"].d, parts["distribution/m2"].d)
        for sketch, parts in zip(sketches, read, strict=True)
    ]
    _, merged["distribution/mean"], merged["distribution/m2"] = pooled(groups)
    frequent = "frequent_items/frequent_strings"
    if frequent in common:
        merged[frequent] = _merge_frequent([parts[frequent].frequent_items.sketch for parts in read])
    return _bytes(merged)


def pooled(groups: Sequence[tuple[int, float, float]]) -> tuple[int, float, float]:
    """(n, mean, sum of squared deviations) of all values of some groups, from those of each (Chan et al., 1979)."""
    n = sum(size for size, _, _ in groups)
    if not n:
        return 0, 0.0, 0.0
    mean = sum(size * (own / n) for size, own, _ in groups)
    return n, mean, sum(m2 + size * (own - mean) ** 2 for size, own, m2 in groups)


def read_profile(data: bytes) -> Any:
    """whylogs' own view (ColumnProfileView) of a column profile."""
    _whylogs()
    from whylogs.core.view.column_profile_view import ColumnProfileView

    return ColumnProfileView.from_bytes(data)


def median_of(profile: bytes) -> float | None:
    """The median as the profile's sketch knows it, None without numbers."""
    _whylogs()
    from whylogs.core.proto import ColumnMessage

    sketch = _Kll(ColumnMessage.FromString(profile).metric_components["distribution/kll"].kll.sketch)
    if not sketch.n:
        return None
    values, ends = _together([sketch])
    low, high = values[np.searchsorted(ends, [(sketch.n - 1) // 2, sketch.n // 2], "right")]
    return float(low + (high - low) / 2)


def kll_sketch(ordered: Any, ends: Any = None, extremes: tuple[float, float] | None = None) -> bytes:
    """A KLL sketch of ascending float64 values, as serialized by Apache DataSketches (version 1, doubles).

    With `ends` a value stands for several: ends[i] is how many values the first i + 1 stand for. `extremes` are the least and
    the greatest of all values where the ends of `ordered` are not.
    """
    n = int(ends[-1]) if ends is not None and len(ends) else len(ordered)
    if not n:
        return struct.pack("<BBBBHBB", 2, 1, 15, _EMPTY, K, _MIN_LEVEL, 0)
    height = 0
    while (n >> height) > ITEMS:
        height += 1
    blocks, rest = divmod(n, 1 << height)
    # What is left over goes to the middle in smaller blocks, so that neither tail is read from a lone item.
    sizes = [1 << height] * (blocks // 2)
    sizes += [1 << bit for bit in reversed(range(height)) if rest >> bit & 1]
    sizes += [1 << height] * (blocks - blocks // 2)
    widths = np.asarray(sizes)
    places = np.cumsum(widths) - widths + widths // 2
    middles = ordered[places if ends is None else np.searchsorted(ends, places, "right")]
    levels = [middles[widths == 1 << level] for level in range(height + 1)]
    while _capacity(len(levels)) < len(middles):
        levels.append(middles[:0])
    starts, place = [], _capacity(len(levels)) - len(middles)
    for level in levels:
        starts.append(place)
        place += len(level)
    head = _HEAD.pack(6, 1, 15, 0, K, _MIN_LEVEL, 0, n, K, len(levels), 0, 0)
    items = np.concatenate([extremes or (ordered[0], ordered[-1]), *levels]).astype("<f8")
    return head + struct.pack(f"<{len(starts)}I", *starts) + items.tobytes()


class _Kll:
    """What a serialized KLL sketch holds: n, its least and greatest value, its values and what each weighs."""

    def __init__(self, data: bytes) -> None:
        flags = data[3]
        self.n, self.values, self.weights = 0, np.empty(0), np.empty(0, np.int64)
        if flags & _EMPTY:
            return
        if flags & _SINGLE:
            self.n, self.values, self.weights = 1, np.frombuffer(data, "<f8", 1, 8), np.ones(1, np.int64)
            self.extremes = float(self.values[0]), float(self.values[0])
            return
        self.n, count = _HEAD.unpack_from(data)[7], _HEAD.unpack_from(data)[9]
        starts = struct.unpack_from(f"<{count}I", data, _HEAD.size)
        rest = np.frombuffer(data, "<f8", offset=_HEAD.size + 4 * count)
        self.extremes, self.values = (float(rest[0]), float(rest[1])), rest[2:]
        sizes = np.diff([*starts, starts[0] + len(self.values)])
        self.weights = np.repeat(np.int64(1) << np.arange(count), sizes)


def _together(sketches: Sequence[_Kll]) -> tuple[Any, Any]:
    """The values of some sketches ascending, and how many values the first i + 1 of them stand for."""
    values = np.concatenate([sketch.values for sketch in sketches])
    weights = np.concatenate([sketch.weights for sketch in sketches])
    order = np.argsort(values, kind="stable")
    return values[order], np.cumsum(weights[order])


def _merge_kll(sketches: Sequence[_Kll]) -> bytes:
    """One sketch of what some sketches hold, without a random bit."""
    held = [sketch for sketch in sketches if sketch.n]
    if not held:
        return kll_sketch(np.empty(0))
    extremes = min(s.extremes[0] for s in held), max(s.extremes[1] for s in held)
    return kll_sketch(*_together(held), extremes)


def _capacity(levels: int) -> int:
    """Items that a sketch of so many levels has room for: K at the top, two thirds of it one lower, and so on."""
    return sum(max(_MIN_LEVEL, ((K << 1 << depth) // 3**depth + 1) >> 1) for depth in range(levels))


def _distinct(values: pl.Series) -> Any:
    """The sketch of distinct strings, whatever order they come in."""
    ds = _sketching()
    hll = ds.hll_sketch(HLL_LG_K)
    if len(values) <= FEW:
        hll.update_str_list(values.sort().to_list())
        return hll
    hll.update_str_list(values.to_list())
    union = ds.hll_union(HLL_LG_K)
    for _ in range(
        2
    ):  # the registers do not depend on the order; a first sketch's own estimate does, and a second drops it
        union.update(hll)
    return union.get_result(ds.tgt_hll_type.HLL_4)


def _merge_hll(sketches: Sequence[bytes]) -> Any:
    """The union of some sketches of distinct values."""
    ds = _sketching()
    union = ds.hll_union(HLL_LG_K)
    for data in sketches:
        union.update(ds.hll_sketch.deserialize(data))
    return union.get_result(ds.tgt_hll_type.HLL_4)


def _frequent(counts: pl.DataFrame, n: int) -> bytes:
    """The sketch of frequent items of counted strings, n in all."""
    long = pl.col("value").str.len_bytes() > LONGEST
    if counts.select(long.any()).item():
        cut = pl.col("value").map_elements(lambda text: text.encode()[:LONGEST].decode(errors="ignore"), pl.String)
        counts = counts.with_columns(value=pl.when(long).then(cut).otherwise("value"))
        counts = counts.group_by("value").agg(pl.col("count").sum())
    return _frequent_sketch(dict(most_frequent(counts, MOST_FREQUENT + 1).rows()), n, 0)


def _merge_frequent(sketches: Sequence[bytes]) -> bytes:
    """One sketch of frequent items of some."""
    ds = _sketching()
    weights: dict[str, int] = {}
    total = offset = 0
    for data in sketches:
        sketch = ds.frequent_strings_sketch.deserialize(data)
        total += sketch.get_total_weight()
        offset += struct.unpack_from("<Q", data, 24)[0] if len(data) > 8 else 0  # eight bytes: nothing was counted
        for name, _, lower, _ in sketch.get_frequent_items(ds.frequent_items_error_type.NO_FALSE_NEGATIVES):
            weights[name] = weights.get(name, 0) + lower
    return _frequent_sketch(weights, total, offset)


def _frequent_sketch(weights: Mapping[str, int], total: int, offset: int) -> bytes:
    """A sketch of frequent items as serialized by Apache DataSketches: the heaviest, less the weight of the next one."""
    if not total:
        return struct.pack("<BBBBBBH", 1, 1, 10, FREQUENT_LG_K, 3, _EMPTY, 0)
    ordered = sorted(
        ((name.encode(), weight) for name, weight in weights.items()), key=lambda item: (-item[1], item[0])
    )
    less = ordered[MOST_FREQUENT][1] if len(ordered) > MOST_FREQUENT else 0
    kept = [(text, weight - less) for text, weight in ordered[:MOST_FREQUENT] if weight > less]
    size = FREQUENT_LG_K
    head = struct.pack("<BBBBBBHIIQQ", 4, 1, 10, size, size, 0, 0, len(kept), 0, total, offset + less)
    texts = b"".join(struct.pack("<I", len(text)) + text for text, _ in kept)
    return head + struct.pack(f"<{len(kept)}Q", *(weight for _, weight in kept)) + texts


def _counts(n: int, nulls: int, nans: int = 0, infinite: int = 0) -> dict[str, int]:
    found = {"n": n, "null": nulls, "nan": nans, "inf": infinite, "true": 0}
    return {f"counts/{name}": count for name, count in found.items()}


def _types(fractional: int = 0, string: int = 0) -> dict[str, int]:
    found = {"integral": 0, "fractional": fractional, "boolean": 0, "string": string, "object": 0, "tensor": 0}
    return {f"types/{name}": count for name, count in found.items()}


def _bytes(parts: Mapping[str, Any]) -> bytes:
    """The parts of a profile (counts, floats, sketches) as whylogs' message."""
    _whylogs()
    from whylogs.core.proto import (
        ColumnMessage,
        FrequentItemsSketchMessage,
        HllSketchMessage,
        KllSketchMessage,
        MetricComponentMessage,
    )

    def component(name: str, part: Any) -> Any:
        if name == "cardinality/hll":
            return MetricComponentMessage(hll=HllSketchMessage(sketch=part.serialize_compact()))
        if name == "distribution/kll":
            return MetricComponentMessage(kll=KllSketchMessage(sketch=part))
        if name == "frequent_items/frequent_strings":
            return MetricComponentMessage(frequent_items=FrequentItemsSketchMessage(sketch=part))
        return MetricComponentMessage(d=part) if isinstance(part, float) else MetricComponentMessage(n=part)

    message = ColumnMessage(metric_components={name: component(name, part) for name, part in parts.items()})
    data: bytes = message.SerializeToString(deterministic=True)
    return data


def _sketching() -> Any:
    """whylogs' build of Apache DataSketches."""
    import whylogs_sketching

    return whylogs_sketching


def _whylogs() -> Any:
    """whylogs, which NumPy 2 breaks in one line and which reports its use to a server unless told not to."""
    os.environ.setdefault("WHYLOGS_NO_ANALYTICS", "True")
    if not hasattr(np, "unicode_"):
        np.unicode_ = np.str_  # type: ignore[attr-defined]
    import whylogs.core

    logging.getLogger("whylogs").setLevel(logging.ERROR)  # it warns of every column without rows

    return whylogs
