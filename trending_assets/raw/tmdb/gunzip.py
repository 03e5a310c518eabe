"""Gzip in pieces: what comes out at once and in all is bounded, whatever goes in."""

import zlib
from collections.abc import Iterator

from trending_assets.failures import BadInput, Reason

PIECE = 1 << 20
"""Bytes that are unpacked at once."""
_MAGIC = b"\x1f\x8b"


class Gunzip:
    """Unpacks gzip as it arrives; what does not begin like gzip passes through.

    `what` names the input in errors, `most` is the bound on unpacked bytes. Both methods raise BadInput: CUT_OFF for gzip
    that is cut or broken, TOO_LARGE beyond the bound.
    """

    def __init__(self, what: str, most: int) -> None:
        self.what, self.most, self.size = what, most, 0
        self._start: bytes | None = b""  # bytes before it is known whether this is gzip; None after
        self._member: zlib._Decompress | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Pieces of at most PIECE bytes that the next bytes give."""
        if self._start is not None:
            data = self._start + data
            if len(data) < len(_MAGIC):
                self._start = data
                return
            self._start = None
            self._member = zlib.decompressobj(31) if data.startswith(_MAGIC) else None
        if self._member is None:
            for at in range(0, len(data), PIECE):
                yield self._counted(data[at : at + PIECE])
            return
        while data:
            if self._member.eof:
                if not data.strip(b"\0"):  # padding after the last member
                    return
                self._member = zlib.decompressobj(31)
            yield from self._unpack(data)
            data = self._member.unconsumed_tail or self._member.unused_data

    def done(self) -> Iterator[bytes]:
        """The rest, after the last bytes."""
        if self._start:
            yield self._counted(self._start)
        if self._member is None:
            return
        while not self._member.eof:
            rest = list(self._unpack(b""))
            yield from rest
            if not rest:
                raise BadInput(Reason.CUT_OFF, f"{self.what} is gzip that is cut off before its end.")

    def _unpack(self, data: bytes) -> Iterator[bytes]:
        assert self._member is not None
        try:
            piece = self._member.decompress(data, PIECE)
        except zlib.error:
            raise BadInput(Reason.CUT_OFF, f"{self.what} is broken gzip.") from None
        if piece:
            yield self._counted(piece)

    def _counted(self, piece: bytes) -> bytes:
        self.size += len(piece)
        if self.size > self.most:
            raise BadInput(Reason.TOO_LARGE, f"{self.what} is more than {self.most:,} bytes once it is unpacked.")
        return piece
