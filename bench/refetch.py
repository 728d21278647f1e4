"""The same answers once more, by a whole sync over HTTP: no row and no page of the facts is written again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from .figures import Figure, say, unmeasured
from .server import ACTING, google
from .synced import NOW, configured, sync_windows

ACCOUNTS, WINDOWS = 3, 3
TABLES = ("delivery", "interactions")
PAGES = "SELECT pageno FROM dbstat WHERE name GLOB 'delivery_facts*' OR name GLOB 'interaction_facts*'"
"""Of the facts, their histories, and the indexes of both."""
PAGE, WAL_HEAD, FRAME_HEAD = 4096, 32, 24


def figures(folder: Path) -> Iterator[Figure]:
    say("syncing delivery and interactions twice")
    rows, pages = "synced again: rows of facts written", "synced again: pages of facts written"
    with google() as url:
        settings = configured(folder / "synced", url + ACTING, ACCOUNTS)
        path = sync_windows(settings, WINDOWS).path
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            stored = [reader.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in TABLES]
            if not all(stored):
                raise SystemExit("the sync brought no delivery or no interactions: what is asked has changed")
            again = sync_windows(settings, WINDOWS, now=NOW + timedelta(days=1))
            yield Figure(rows, sum(again.rows[table] for table in TABLES), 0, 0, "{:.0f}")
            # The reader's snapshot kept the write-ahead log from starting over: it holds every page written.
            log = path.with_name(f"{path.name}-wal").read_bytes()
            try:
                before = fact_pages(reader)
            except sqlite3.OperationalError:
                yield unmeasured(pages, "dbstat", 0, 0, "{:.0f}")
                return
            reader.execute("COMMIT")
            facts = before | fact_pages(reader)
    heads = range(WAL_HEAD, len(log), FRAME_HEAD + PAGE)
    written = [page for at in heads if (page := int.from_bytes(log[at : at + 4], "big")) in facts]
    if not heads:
        raise SystemExit("the second sync left no write-ahead log to read")
    yield Figure(pages, len(written), 0, 0, "{:.0f}")


def fact_pages(conn: sqlite3.Connection) -> set[int]:
    """The numbers of the pages that hold facts, as the connection sees the file."""
    return {page for (page,) in conn.execute(PAGES)}
