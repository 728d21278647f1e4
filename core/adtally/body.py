"""The bytes of one answer: inflated, whole, and never more or slower than is sensible."""

from __future__ import annotations

import io
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from urllib3.response import BaseHTTPResponse

from .errors import ContractError, TimedOut, TransientError

CHUNK = 256 * 1024
STEP = 2**20
"""Bytes inflated at once, so that a small answer cannot become a large one in a single call."""
GZIP = 16 + zlib.MAX_WBITS
MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Limits:
    """What an answer may be. After ``patience`` seconds it must have come at ``slowest`` bytes a second."""

    max_bytes: int = 256 * 2**20
    max_ratio: int = 500
    """Inflated to compressed; text of numbers stays below 100. Counts from ``STEP`` on."""
    patience: float = 60.0
    slowest: int = 1024


def read_body(raw: BaseHTTPResponse, where: str, limits: Limits) -> bytes:
    """The whole body; ``where`` names the request in errors.

    Raises TransientError for a damaged or cut one, TimedOut for a dripping one and ContractError for one that
    is too large.
    urllib3's own errors pass: IncompleteRead too, when fewer bytes came than were promised.
    """
    encoding = raw.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise ContractError(f"{where}: the answer is encoded as {encoding[:20]!r}, which was not asked for")
    return _whole(_Arriving(raw, where, limits), where, limits, zipped="gzip" in encoding)


def unzipped(body: bytes, where: str, limits: Limits) -> bytes:
    """The body itself, or what a file that was handed out as gzip holds; errors as of ``read_body``."""
    return _whole(_Held(body), where, limits, zipped=True) if body.startswith(MAGIC) else body


class _Chunks(Protocol):
    received: int

    def __iter__(self) -> Iterator[bytes]: ...


def _whole(chunks: _Chunks, where: str, limits: Limits, *, zipped: bool) -> bytes:
    body, size = io.BytesIO(), 0
    for part in _inflated(chunks, where) if zipped else chunks:
        body.write(part)
        size += len(part)
        if size > limits.max_bytes:
            raise ContractError(f"{where}: the answer is larger than {limits.max_bytes:,} bytes")
        if size > STEP and size > chunks.received * limits.max_ratio:
            raise ContractError(f"{where}: the answer inflates to over {limits.max_ratio} times its size")
    return body.getvalue()


class _Held:
    """Bytes that are there already, as one chunk."""

    def __init__(self, body: bytes) -> None:
        self.received = len(body)
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        yield self._body


class _Arriving:
    """The bytes as they come in, counted and timed."""

    def __init__(self, raw: BaseHTTPResponse, where: str, limits: Limits) -> None:
        self.received = 0
        self._raw, self._where, self._limits = raw, where, limits

    def __iter__(self) -> Iterator[bytes]:
        began = time.monotonic()
        while chunk := self._raw.read1(CHUNK, decode_content=False):
            self.received += len(chunk)
            seconds = time.monotonic() - began
            if seconds > self._limits.patience and self.received < seconds * self._limits.slowest:
                raise TimedOut(f"{self._where}: the answer came too slowly to wait for its end")
            yield chunk


def _inflated(chunks: _Chunks, where: str) -> Iterator[bytes]:
    """Inflate gzip, also several members in a row. Without its end it is refused: rows may be missing."""
    inflater = zlib.decompressobj(GZIP)
    try:
        for chunk in chunks:
            data = chunk
            while data:
                if inflater.eof:
                    inflater = zlib.decompressobj(GZIP)
                yield inflater.decompress(data, STEP)
                data = inflater.unconsumed_tail or inflater.unused_data
        yield inflater.flush()
    except zlib.error:
        raise TransientError(f"{where}: the answer is damaged") from None
    if chunks.received and not inflater.eof:
        raise TransientError(f"{where}: the answer was cut")
