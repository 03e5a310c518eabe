"""A daily id export as it arrives: lines in, rows of raw/tmdb_catalogue out, in batches."""

from collections import Counter
from dataclasses import dataclass, field

import orjson
import polars as pl

from trending_assets import quarantine
from trending_assets.failures import BadInput, Reason

BATCH = 50_000
"""Lines that are Python objects at once."""
LONGEST_LINE = 1_000_000
MOST_BROKEN = 20_000
"""An export with more broken lines than this is unreadable as a whole."""
NAME_KEYS = {"movie": "original_title", "tv": "original_name"}
SCHEMA = {"tmdb_id": pl.Int64, "original_title": pl.String, "popularity": pl.Float64}


@dataclass
class Export:
    """What one export came to: `lines` = rows + every count of `left_out` + `bad`."""

    frame: pl.DataFrame
    lines: int
    left_out: Counter[str]
    bad: list[quarantine.Row] = field(default_factory=list)


class ExportReader:
    """A sink of http_client that reads one export. `url` stands in quarantine, with the number of the line.

    Left out by policy and only counted: adult and video entries, blank names, ids that an earlier line has. Lines that are
    no JSON object with an id and a popularity go to quarantine. `done` raises BadInput (WRONG_FORMAT) for an export that
    has too many of them or nothing else.
    """

    def __init__(self, media: str, url: str) -> None:
        self.media, self.url = media, url
        self.lines = 0
        self.left_out: Counter[str] = Counter(adult=0, video=0, blank=0, repeated=0)
        self.bad: list[quarantine.Row] = []
        self._frames: list[pl.DataFrame] = []
        self._columns: tuple[list[int], list[str], list[float]] = ([], [], [])
        self._rest = b""
        self._number = 0
        self._too_long = False

    def feed(self, piece: bytes) -> None:
        """Read the lines that the next bytes complete."""
        *whole, self._rest = (self._rest + piece).split(b"\n")
        for line in whole:
            self._line(line)
        if len(self._rest) > LONGEST_LINE:
            self._too_long, self._rest = True, self._rest[:LONGEST_LINE]

    def payload(self) -> bytes:
        """Nothing: an unreadable export fails its asset."""
        return b""

    def done(self) -> Export:
        """The rows, each id once, in the export's order."""
        self._line(self._rest)
        self._flush()
        kept = sum(frame.height for frame in self._frames)
        if len(self.bad) > MOST_BROKEN or (self.bad and not kept and not self.left_out.total()):
            raise BadInput(
                Reason.WRONG_FORMAT, f"The export {self.url} has {len(self.bad):,} lines that cannot be read."
            )
        frame = pl.concat(self._frames)
        self._frames.clear()
        once = frame.unique("tmdb_id", keep="first", maintain_order=True)
        self.left_out["repeated"] = frame.height - once.height
        once = once.select(pl.lit(self.media).alias("media_type"), *SCHEMA)
        return Export(once, self.lines, self.left_out, self.bad)

    def _line(self, line: bytes) -> None:
        self._number += 1
        if self._too_long:
            self._too_long = False
            self.lines += 1
            self._broken(Reason.TOO_LARGE, f"Line {self._number} is longer than {LONGEST_LINE:,} bytes.", line)
            return
        if not line.strip():
            return
        self.lines += 1
        try:
            entry = orjson.loads(line)
            tmdb_id, level = entry["id"], entry.get("popularity") or 0.0
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
            self._broken(Reason.WRONG_FORMAT, f"Line {self._number} is no JSON object with an id.", line)
            return
        name = entry.get(NAME_KEYS[self.media])
        if type(tmdb_id) is not int or not 0 < tmdb_id < 2**62:
            self._broken(Reason.BAD_ROW, f"Line {self._number} has an id that is none.", line)
        elif isinstance(level, bool) or not isinstance(level, int | float) or not 0 <= level < 1e9:
            self._broken(Reason.BAD_ROW, f"Line {self._number} has a popularity that is none.", line)
        elif entry.get("adult"):
            self.left_out["adult"] += 1
        elif entry.get("video"):
            self.left_out["video"] += 1
        elif not isinstance(name, str) or not (name := name.replace("\x00", "").strip()):
            self.left_out["blank"] += 1
        else:
            ids, names, levels = self._columns
            ids.append(tmdb_id)
            names.append(name)
            levels.append(float(level))
            if len(ids) >= BATCH:
                self._flush()

    def _broken(self, reason: Reason, detail: str, line: bytes) -> None:
        if len(self.bad) <= MOST_BROKEN:
            self.bad.append(quarantine.row("export", f"{self.url}#L{self._number}", reason, detail, line))

    def _flush(self) -> None:
        self._frames.append(pl.DataFrame(dict(zip(SCHEMA, self._columns, strict=True)), schema=SCHEMA))
        self._columns = ([], [], [])
