"""The bytes of one answer: inflated, unpacked, whole, and never more or slower than is sensible."""

from __future__ import annotations

import shutil
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import BadZipFile, ZipFile

from urllib3.response import BaseHTTPResponse

from .errors import ContractError, TimedOut, TransientError

CHUNK = 256 * 1024
STEP = 2**20
"""Bytes inflated at once, so that a small answer cannot become a large one in a single call."""
IN_MEMORY = 16 * 2**20
"""A file of more bytes waits on disk."""
GZIP = 16 + zlib.MAX_WBITS
GZIP_MAGIC, ZIP_MAGIC = b"\x1f\x8b", b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Limits:
    """What an answer may be. After ``patience`` seconds it must have come at ``slowest`` bytes a second."""

    max_bytes: int = 256 * 2**20
    max_ratio: int = 500
    """Inflated to compressed; text of numbers stays below 100. Counts from ``STEP`` on."""
    patience: float = 60.0
    slowest: int = 1024


def spool() -> IO[bytes]:
    """A file that ends with its last user, and only takes to the disk when it is large."""
    return SpooledTemporaryFile(max_size=IN_MEMORY)


def read_body(raw: BaseHTTPResponse, where: str, limits: Limits, into: IO[bytes]) -> None:
    """Write the whole body, and of a file in gzip or ZIP what it holds, in place of what ``into`` had before.

    ``where`` names the request in errors. Raises TransientError for a damaged or cut one, TimedOut for a
    dripping one and ContractError for one that is too large.
    urllib3's own errors pass: IncompleteRead too, when fewer bytes came than were promised.
    """
    encoding = raw.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise ContractError(f"{where}: the answer is encoded as {encoding[:20]!r}, which was not asked for")
    arriving = _Arriving(raw, where, limits)
    chunks = _inflated(arriving, where) if "gzip" in encoding else arriving
    _write(_unzipped(iter(chunks), where), arriving, where, limits, into)
    into.seek(0)
    if into.read(len(ZIP_MAGIC)) == ZIP_MAGIC:
        _unpack(where, limits, into)


def _write(parts: Iterator[bytes], arriving: _Arriving, where: str, limits: Limits, into: IO[bytes]) -> None:
    into.seek(0)
    into.truncate()
    size = 0
    for part in parts:
        into.write(part)
        size += len(part)
        if size > limits.max_bytes:
            raise ContractError(f"{where}: the answer is larger than {limits.max_bytes:,} bytes")
        if size > STEP and size > arriving.received * limits.max_ratio:
            raise ContractError(f"{where}: the answer inflates to over {limits.max_ratio} times its size")


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


def _unzipped(chunks: Iterator[bytes], where: str) -> Iterator[bytes]:
    """The chunks themselves, or what they hold where the file is gzip by its first bytes."""
    first = b""
    while len(first) < len(GZIP_MAGIC) and (chunk := next(chunks, b"")):
        first += chunk
    whole = _chained(first, chunks)
    return _inflated(whole, where) if first.startswith(GZIP_MAGIC) else whole


def _chained(first: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from chunks


def _inflated(chunks: Iterator[bytes] | _Arriving, where: str) -> Iterator[bytes]:
    """Inflate gzip, also several members in a row. Without its end it is refused: rows may be missing."""
    inflater, is_empty = zlib.decompressobj(GZIP), True
    try:
        for chunk in chunks:
            is_empty = False
            data = chunk
            while data:
                if inflater.eof:
                    inflater = zlib.decompressobj(GZIP)
                yield inflater.decompress(data, STEP)
                data = inflater.unconsumed_tail or inflater.unused_data
        yield inflater.flush()
    except zlib.error:
        raise TransientError(f"{where}: the answer is damaged") from None
    if not is_empty and not inflater.eof:
        raise TransientError(f"{where}: the answer was cut")


def _unpack(where: str, limits: Limits, into: IO[bytes]) -> None:
    """Put the one file of a ZIP archive in place of the archive."""
    with spool() as packed:
        into.seek(0)
        shutil.copyfileobj(into, packed, CHUNK)
        size = packed.tell()
        into.seek(0)
        into.truncate()
        try:
            with ZipFile(packed) as archive:
                files = [each for each in archive.infolist() if not each.is_dir()]
                if len(files) != 1:
                    raise ContractError(f"{where}: the archive holds {len(files)} files, not one")
                if files[0].file_size > min(limits.max_bytes, max(STEP, size * limits.max_ratio)):
                    raise ContractError(f"{where}: the archive is too large: {files[0].file_size:,} bytes")
                with archive.open(files[0]) as file:
                    shutil.copyfileobj(file, into, STEP)
        except (BadZipFile, zlib.error, EOFError, OSError):
            raise TransientError(f"{where}: the archive is damaged") from None
        except (NotImplementedError, RuntimeError) as error:  # a password, another way to compress
            raise ContractError(f"{where}: the archive cannot be read: {error}") from None
