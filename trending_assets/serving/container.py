"""The file that holds a day's ready answers: written once, mapped into memory by the API, found in without being parsed.

    magic (8 bytes) | header (JSON) | blobs | starts (u32 each) | keys (u64 each, ascending) | records | footer | SHA-256

A key is the first 8 bytes of a name's BLAKE2b; its record says where the name, the body and the body's gzip and brotli
forms lie. `starts` says at which key those with the same leading bits begin, so a name is found in one step or two, and
opening a file costs no more than mapping it, however many answers it holds. The SHA-256 is of all before it.
"""

import gzip
import hashlib
import io
import json
import mmap
import struct
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

MAGIC = b"TRNDNG1\n"
JSON = "application/json"
LEAST = 256  # bytes below which packing gains nothing on the wire
_RECORD = struct.Struct(
    "<QHHQIII16s"
)  # name at, its length, content type, body at, lengths of body, gzip, brotli, etag
_NAME, _BODY = struct.Struct("<QH"), struct.Struct("<QI8x16s")  # parts of a record: at its start, and 12 bytes on
_FOOTER = struct.Struct(
    "<QQQQB"
)  # starts at, keys at, records at, number of records, leading bits that `starts` tells apart
_SHA256 = 32


@dataclass(frozen=True)
class Entry:
    """A body under a name. `effort` is how hard it is packed: 0 not at all, 1 (many small ones), 2 (the few that all ask for)."""

    name: str
    body: bytes
    content_type: str = JSON
    effort: int = 1


class Found:
    """A stored body. `gzip` and `brotli` are None where packing gained nothing; `etag` is 32 hex digits of the body."""

    __slots__ = ("_at", "_data", "_lengths", "_mark", "content_type")

    def __init__(
        self, data: memoryview, content_type: bytes, at: int, lengths: tuple[int, int, int], mark: bytes
    ) -> None:
        self._data, self.content_type, self._at, self._lengths, self._mark = data, content_type, at, lengths, mark

    @property
    def etag(self) -> str:
        return self._mark.hex()

    @property
    def body(self) -> memoryview:
        return self._data[self._at : self._at + self._lengths[0]]

    @property
    def gzip(self) -> memoryview | None:
        size, zipped, _ = self._lengths
        return self._data[self._at + size : self._at + size + zipped] if zipped else None

    @property
    def brotli(self) -> memoryview | None:
        size, zipped, broth = self._lengths
        start = self._at + size + zipped
        return self._data[start : start + broth] if broth else None


def pack(header: dict[str, Any], entries: Iterable[Entry]) -> bytes:
    """The file's bytes: they depend on the header, the entries and the versions of zlib and brotli alone.

    Raises ValueError where two entries have one name.
    """
    import brotli

    head = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    out = bytearray(MAGIC + struct.pack("<I", len(head)) + head)
    kinds: dict[str, int] = {}
    records: dict[int, bytes] = {}

    def put(data: bytes) -> int:
        at = len(out)
        out.extend(data)
        return at

    for entry in sorted(entries, key=lambda e: e.name):
        name = entry.name.encode()
        zipped = broth = b""
        if entry.effort and len(entry.body) >= LEAST:
            zipped = gzip.compress(entry.body, 9 if entry.effort > 1 else 6, mtime=0)
            broth = brotli.compress(entry.body, quality=11 if entry.effort > 1 else 5)
        key, kind = key_of(name), kinds.setdefault(entry.content_type, len(kinds))
        if key in records:
            raise ValueError(f"{entry.name} is there twice.")
        name_at, body_at = put(name), put(entry.body)
        put(zipped)
        put(broth)
        lengths = (len(entry.body), len(zipped), len(broth))
        mark = hashlib.sha256(entry.body).digest()[:16]
        records[key] = _RECORD.pack(name_at, len(name), kind, body_at, *lengths, mark)
    types = "\n".join(kinds).encode()
    types_at = put(types)
    bits = max(len(records), 1).bit_length()
    keys = sorted(records)
    starts_at = put(array("I", (bisect_left(keys, n << (64 - bits)) for n in range(2**bits + 1))).tobytes())
    keys_at = put(struct.pack(f"<{len(keys)}Q", *keys))
    records_at = put(b"".join(records[key] for key in sorted(records)))
    out.extend(
        struct.pack("<QI", types_at, len(types)) + _FOOTER.pack(starts_at, keys_at, records_at, len(records), bits)
    )
    return bytes(out) + hashlib.sha256(out).digest()


def sound(data: bytes | memoryview) -> bool:
    """Whether these are the bytes of a whole container: right magic, right checksum."""
    return whole(io.BytesIO(data))


def whole(file: BinaryIO) -> bool:
    """Whether a file holds a whole container. It is read a piece at a time: what is only compared takes no memory."""
    left = file.seek(0, io.SEEK_END) - _SHA256
    file.seek(0)
    if left < len(MAGIC) or file.read(len(MAGIC)) != MAGIC:
        return False
    digest, left = hashlib.sha256(MAGIC), left - len(MAGIC)
    while left:
        piece = file.read(min(left, 2**18))
        digest.update(piece)
        left -= len(piece)
    return digest.digest() == file.read()


class Container:
    """A container's bytes, mapped or in memory. Any number of threads may read one."""

    def __init__(self, data: bytes | mmap.mmap) -> None:
        self._data = memoryview(data)
        end = len(self._data) - _SHA256
        starts_at, keys_at, self._records, self._count, bits = _FOOTER.unpack_from(self._data, end - _FOOTER.size)
        types_at, length = struct.unpack_from("<QI", self._data, end - _FOOTER.size - 12)
        self._types = bytes(self._data[types_at : types_at + length]).split(b"\n")
        self._starts, self._shift = self._data[starts_at:keys_at].cast("I"), 64 - bits
        self._keys = self._data[keys_at : keys_at + 8 * self._count].cast("Q")

    @classmethod
    def open(cls, path: Path) -> "Container":
        """Map a file. Raises FileNotFoundError; the checksum is not looked at (see `sound`)."""
        with path.open("rb") as file:
            return cls(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))

    @cached_property
    def header(self) -> dict[str, Any]:
        (length,) = struct.unpack_from("<I", self._data, len(MAGIC))
        at = len(MAGIC) + 4
        header: dict[str, Any] = json.loads(bytes(self._data[at : at + length]))
        return header

    def find(self, name: str) -> Found | None:
        """The body under a name, None where there is none."""
        wanted = name.encode()
        at = self._find(key_of(wanted), wanted)
        if at is None:
            return None
        _, _, kind, body, size, zipped, broth, mark = _RECORD.unpack_from(self._data, at)
        return Found(self._data, self._types[kind], body, (size, zipped, broth), mark)

    def body(self, key: int, name: bytes) -> tuple[memoryview, bytes] | None:
        """Body and etag (16 bytes) under a name whose key is known: for who looks the same name up in many files."""
        at = self._find(key, name)
        if at is None:
            return None
        body, size, mark = _BODY.unpack_from(self._data, at + 12)
        return self._data[body : body + size], mark

    def _find(self, key: int, name: bytes) -> int | None:
        """Where the record of a name begins."""
        bucket = key >> self._shift
        for n in range(self._starts[bucket], self._starts[bucket + 1]):
            if self._keys[n] == key:
                at = self._records + n * _RECORD.size
                start, length = _NAME.unpack_from(self._data, at)
                return at if self._data[start : start + length] == name else None
        return None

    def names(self) -> list[str]:
        """Every name, ascending."""
        found = []
        for at in range(self._count):
            name_at, length, *_ = _RECORD.unpack_from(self._data, self._records + at * _RECORD.size)
            found.append(bytes(self._data[name_at : name_at + length]).decode())
        return sorted(found)


def key_of(name: bytes) -> int:
    """What a name is looked up by: the first 8 bytes of its BLAKE2b."""
    return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "little")
