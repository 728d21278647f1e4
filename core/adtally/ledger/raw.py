"""The answers behind the rows: each once by the hash of its bytes, and which unit was answered by it when."""

from __future__ import annotations

import gzip
import sqlite3
import zlib
from dataclasses import dataclass
from hashlib import sha256
from itertools import count

from ..calendar import Window, to_ordinal
from ..errors import ConfigError, LedgerError
from ..exchange import Exchange
from .store import Ledger

LEVEL = 6
_units = count(1)
_IN_HAND = "temp.answers_in_hand"
_ASKED = "method, url, sent, status, content_type, hash"


@dataclass(frozen=True, slots=True)
class Packed:
    """An answer's bytes as they are kept."""

    hash: bytes
    size: int
    body: bytes


def pack(body: bytes) -> Packed:
    """The bytes in gzip, so that other programs can read them, too; equal bytes give equal ones."""
    return Packed(sha256(body).digest(), len(body), gzip.compress(body, LEVEL, mtime=0))


class Answers:
    """The answers of one unit until it is written.

    They wait in a temporary table and not in memory: a unit may be asked for in thousands of pages. SQLite
    keeps what is small of it in its cache and the rest in an unnamed file, which ends with the process.
    """

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.count = 0
        self._conn, self._unit = conn, next(_units)
        conn.execute(
            f"CREATE TABLE IF NOT EXISTS {_IN_HAND} (unit INTEGER, position INTEGER, method TEXT, url TEXT, "
            "sent TEXT, status INTEGER, content_type TEXT, hash BLOB, size INTEGER, body BLOB)"
        )
        conn.execute("CREATE INDEX IF NOT EXISTS temp.answers_of_unit ON answers_in_hand (unit, position)")

    def add(self, exchange: Exchange, packed: Packed) -> None:
        self.count += 1
        asked = (exchange.method, exchange.url, exchange.sent, exchange.status, exchange.content_type)
        self._conn.execute(
            f"INSERT INTO {_IN_HAND} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (self._unit, self.count, *asked, packed.hash, packed.size, packed.body),
        )

    def keep_first(self, answers: int) -> None:
        """Forget all but so many: what they said was not taken, and is asked for again in another way."""
        self._conn.execute(f"DELETE FROM {_IN_HAND} WHERE unit = ? AND position > ?", (self._unit, answers))
        self.count = answers

    def write(self, feed: int, cell: int, window: Window, fetched_at: int) -> None:
        """Keep them as what was answered for these days; to be called in the transaction of the unit's rows.

        ``fetched_at`` is in seconds since 1970. What earlier fetches were answered stays; a clock that went
        back does not make this fetch older than those.
        """
        self._conn.execute(
            f"INSERT INTO raw_answers SELECT hash, size, body FROM {_IN_HAND} WHERE unit = ? "
            "ON CONFLICT DO NOTHING",
            (self._unit,),
        )
        newest, before = self._conn.execute(
            "SELECT fetched_at, position FROM unit_answers WHERE feed = ? AND cell = ? "
            "ORDER BY fetched_at DESC, position DESC",
            (feed, cell),
        ).fetchone() or (fetched_at, 0)
        at = max(fetched_at, newest)
        days = to_ordinal(window.first_day), to_ordinal(window.last_day)
        self._conn.execute(
            f"INSERT INTO unit_answers (feed, cell, fetched_at, first_day, last_day, position, {_ASKED}) "
            f"SELECT ?, ?, ?, ?, ?, ? + position, {_ASKED} FROM {_IN_HAND} WHERE unit = ?",
            (feed, cell, at, *days, before if at == newest else 0, self._unit),
        )

    def release(self) -> None:
        """Give the room back."""
        if self.count:
            self.keep_first(0)


def read_answer(ledger: Ledger, sha256_hex: str) -> bytes:
    """The bytes of the answer that has this hash, which they are checked to have.

    Raises ConfigError when none has it, and LedgerError when the bytes are no longer what was fetched.
    """
    try:
        key = (bytes.fromhex(sha256_hex),)
    except ValueError:
        key = (b"",)
    row = ledger.conn.execute("SELECT body FROM raw_answers WHERE hash = ?", key).fetchone()
    if row is None:
        raise ConfigError(f"the ledger has no answer with the SHA-256 {sha256_hex}")
    changed = f"{ledger.path}: the answer {sha256_hex} is no longer what was fetched; restore a copy"
    try:
        body = gzip.decompress(row[0])
    except (OSError, EOFError, zlib.error) as error:
        raise LedgerError(changed) from error
    if sha256(body).hexdigest() != sha256_hex:
        raise LedgerError(changed)
    return body
