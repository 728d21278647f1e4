"""Counts of campaigns, by the pieces of a month in which no rate changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ..calendar import Window, to_ordinal
from ..ledger import Connection
from . import sql
from .facts import Counts
from .owners import AccountId, Owners
from .reading import bounds

Sums = dict[tuple[int, str, str], dict[int, Counts]]
"""By account key, campaign and currency, then by the number of the piece."""


def read_sums(conn: Connection, pieces: Sequence[Window], month: Window) -> Sums:
    """What each campaign counted in each piece; None where some row of it does not say."""
    conn.execute(
        "CREATE TEMP TABLE IF NOT EXISTS segments (segment INTEGER, first_day INTEGER, last_day INTEGER)"
    )
    conn.execute("DELETE FROM temp.segments")
    rows = [(n, to_ordinal(piece.first_day), to_ordinal(piece.last_day)) for n, piece in enumerate(pieces)]
    conn.executemany("INSERT INTO temp.segments VALUES (?, ?, ?)", rows)
    found: defaultdict[tuple[int, str, str], dict[int, Counts]] = defaultdict(dict)
    for key, campaign_id, currency, segment, count, view, other_view, *values in conn.execute(
        sql.CAMPAIGN_SEGMENTS, bounds(month)
    ):
        pairs = zip(sql.METRICS, values[::2], values[1::2], strict=True)
        counts = {name: total if known == count else None for name, total, known in pairs}
        if view != other_view:  # views by different definitions are never added
            counts["video_views"] = None
        found[key, campaign_id, currency][segment] = Counts(**counts)
    return dict(found)


def account_costs(sums: Sums, owners: Owners) -> dict[AccountId, dict[str, int | None]]:
    """What each account cost, by currency; None where some row does not say."""
    found: defaultdict[AccountId, dict[str, int | None]] = defaultdict(dict)
    for (key, _, currency), pieces in sums.items():
        costs = found[owners.by_key[key].account]
        for counts in pieces.values():
            known, more = costs.get(currency, 0), counts.cost_micros
            costs[currency] = None if known is None or more is None else known + more
    return dict(found)


def total(parts: Iterable[Counts]) -> Counts:
    """The sums over all parts; unknown where it is unknown in one of them."""
    parts = list(parts)
    totals: dict[str, int | None] = {}
    for name in Counts.__struct_fields__:
        values = [getattr(part, name) for part in parts]
        totals[name] = None if None in values else sum(values)
    return Counts(**totals)


def offered(parts: Iterable[Counts]) -> set[str]:
    """The counts that are known in some part: those that the platform offers."""
    return {name for counts in parts for name in sql.METRICS if getattr(counts, name) is not None}


def none_of(names: Iterable[str]) -> Counts:
    """Zero of these counts; the others are not offered."""
    return Counts(**dict.fromkeys(names, 0))
