"""One row of a report, as both of AppsFlyer's APIs tell it, and what must hold of all rows.

Source: groupings of the Master API and headers of aggregate pull reports (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from adtally import ContractError, Window

from . import columns
from .wire import Cell

YES, NO = {"", "true", "yes", "1"}, {"false", "no", "0"}
AGAIN, BACK = "reattribution", "reengagement"
"""Who installs anew after an ad, and whom an ad brings back to an app that is still there."""


class Row(NamedTuple):
    """Counts of a day, media source and campaign; by kind, in millionths, None = not told."""

    day: date
    source: str
    campaign_id: str
    campaign: str
    touch: str
    counts: dict[str, int | None]


def to_rows(
    records: Iterable[Mapping[str, Cell]],
    titles: Mapping[str, str],
    counted: Mapping[str, str],
    window: Window,
) -> Iterator[Row]:
    """The rows that count: without assists and without those whom an ad only brought back.

    ``titles`` has the title of each column, ``counted`` the column of each kind. Raises ContractError for a
    row of another day, and for one that comes twice.
    """
    told = {kind: titles[column] for kind, column in counted.items()}
    own = [title for name, title in titles.items() if name not in counted.values()]
    seen = set[tuple[Cell, ...]]()
    for record in records:
        cells = {name: record.get(title) for name, title in titles.items()}
        on = columns.day(titles["day"], cells["day"])
        if on not in window:
            raise ContractError(f"a row of {on} came, which was not asked for")
        if (key := tuple(record.get(title) for title in own)) in seen:
            raise ContractError(f"a row of {on}, {columns.text(cells.get('source'))[:40]} comes twice")
        seen.add(key)
        if _is_primary(columns.text(cells.get("primary"))) and _is_install(cells):
            yield Row(
                day=on,
                source=columns.text(cells.get("source")),
                campaign_id=columns.text(cells.get("campaign_id")),
                campaign=columns.text(cells.get("campaign")),
                touch=columns.text(cells.get("touch")),
                counts={kind: columns.count(title, record.get(title)) for kind, title in told.items()},
            )


def _is_primary(said: str) -> bool:
    """Whether the row is the attribution itself; an assist is one more source of the same install."""
    if said.lower() not in YES | NO:
        raise ContractError(f"whether a row is primary is not understood: {said[:40]!r}")
    return said.lower() in YES


def _is_install(cells: Mapping[str, Cell]) -> bool:
    """Whether a row of retargeting tells installs; so does any row of other reports."""
    if "conversion_type" not in cells:
        return True
    said = columns.plain(columns.text(cells["conversion_type"]))
    if said not in (AGAIN, BACK):
        raise ContractError(f"the conversion type {said[:40]!r} is not known")
    return said == AGAIN
