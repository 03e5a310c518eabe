"""whylogs column profiles with the same bytes for the same values.

whylogs keeps quantiles in a KLL sketch that draws random bits, seeded by the clock, once it holds more than K values. Here
the sketch of more values is laid down from sorted data instead: every block of 2^h neighbours is stood for by its middle one,
at the level whose items weigh 2^h. The result is an ordinary KLL sketch (Apache DataSketches' serial form), which whylogs
reads and merges; a rank read from it is off by about 2 / K at most.
"""

import logging
import os
import struct
from datetime import date, datetime, timezone
from typing import Any

import numpy as np
import polars as pl

K = 1024
"""whylogs' own size of its quantile sketch: below it every value is kept."""
_MIN_LEVEL = 8


def column_profile(values: pl.Series, day: date) -> bytes:
    """A whylogs column profile of values (floats or strings, nulls counted) as bytes, timed at the day's start (UTC).

    `whylogs.core.view.column_profile_view.ColumnProfileView.from_bytes` reads it.
    """
    whylogs = _whylogs()
    import pandas as pd

    at = datetime(day.year, day.month, day.day, tzinfo=timezone.utc)  # noqa: UP017
    ordered = values.sort(nulls_last=True)
    profile = whylogs.core.DatasetProfile(dataset_timestamp=at, creation_timestamp=at)
    profile.track(pd.DataFrame({"value": pd.Series(ordered.to_list(), dtype=object)}))
    message = profile.view().get_column("value").to_protobuf()
    present = ordered.drop_nulls()
    if values.dtype == pl.Float64 and len(present) > K:
        message.metric_components["distribution/kll"].kll.sketch = kll_sketch(present.to_numpy())
    data: bytes = message.SerializeToString(deterministic=True)
    return data


def kll_sketch(ordered: Any) -> bytes:
    """A KLL sketch of ascending float64 values, at least one, as serialized by Apache DataSketches (version 1, doubles)."""
    n = len(ordered)
    height = max(0, (n - 1).bit_length() - K.bit_length() + 1)
    while (n >> height) > K:
        height += 1
    while height and (n >> (height - 1)) <= K:
        height -= 1
    blocks, rest = divmod(n, 1 << height)
    # The odd blocks go to the middle, so that neither tail is read from a lone item.
    sizes = [1 << height] * (blocks // 2)
    sizes += [1 << bit for bit in reversed(range(height)) if rest >> bit & 1]
    sizes += [1 << height] * (blocks - blocks // 2)
    widths = np.asarray(sizes)
    middles = ordered[np.cumsum(widths) - widths + widths // 2]
    levels = [middles[widths == 1 << level] for level in range(height + 1)]
    starts, place = [], _capacity(height + 1) - len(middles)
    for level in levels:
        starts.append(place)
        place += len(level)
    head = struct.pack("<BBBBHBBQHBBI", 6, 1, 15, 0, K, _MIN_LEVEL, 0, n, K, len(levels), 0, 0)
    items = np.concatenate([[ordered[0], ordered[-1]], *levels]).astype("<f8")
    return head + struct.pack(f"<{len(starts)}I", *starts) + items.tobytes()


def _capacity(levels: int) -> int:
    """Items that a sketch of so many levels has room for: K at the top, two thirds of it one lower, and so on."""
    return sum(max(_MIN_LEVEL, ((K << 1 << depth) // 3**depth + 1) >> 1) for depth in range(levels))


def _whylogs() -> Any:
    """whylogs, which NumPy 2 breaks in one line and which reports its use to a server unless told not to."""
    os.environ.setdefault("WHYLOGS_NO_ANALYTICS", "True")
    if not hasattr(np, "unicode_"):
        np.unicode_ = np.str_  # type: ignore[attr-defined]
    import whylogs.core

    logging.getLogger("whylogs").setLevel(logging.ERROR)  # it warns of every column without rows

    return whylogs
