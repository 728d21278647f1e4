"""What CM360 counted of a placement on a day, as evidence.

Source: metrics of STANDARD reports (read 2026-11). CM360 writes 0 also for what it cannot count: a zero is
told only where the placement is known to be counted that way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from adtally import Account, Evidence

from . import wire
from .sheet import Row

SOURCE = "cm360"
MEASURABLE = "dfa:activeViewMeasurableImpressions"
VIDEO = "IN_STREAM_VIDEO"


class Count(NamedTuple):
    """A metric as a kind of evidence; ``flags`` part two counts of one kind."""

    metric: str
    kind: str
    flags: str = ""


COUNTS = (
    Count("dfa:impressions", "impression"),
    Count("dfa:activeViewViewableImpressions", "viewable_impression"),
    Count("dfa:clicks", "click"),
    Count("dfa:richMediaVideoPlays", "view"),
    Count("dfa:richMediaVideoCompletions", "completion"),
    Count("dfa:richMediaInteractions", "engagement"),
    Count("dfa:activityClickThroughConversions", "conversion", "click_through"),
    Count("dfa:activityViewThroughConversions", "conversion", "view_through"),
)


def to_evidence(
    rows: Iterable[Row], placements: Mapping[str, wire.Placement], account: Account
) -> Iterator[Evidence]:
    """One record for each kind of count of a row, under the publisher's campaign id where it is known."""
    for row in rows:
        placement = placements.get(row.placement_id)
        key_kind, key_value = _key(placement, row)
        for count in COUNTS:
            quantity = row.counts[count.metric]
            if quantity or (quantity == 0 and _is_counted(count.kind, placement, row)):
                yield Evidence(
                    source_id=SOURCE,
                    record_id=" ".join(filter(None, (str(row.day), row.placement_id, count.flags))),
                    kind=count.kind,
                    day=row.day,
                    key_kind=key_kind,
                    key_value=key_value,
                    quantity_micros=quantity,
                    timezone=account.timezone,
                    evidence_class="E2",
                    flags=count.flags,
                )


def _key(placement: wire.Placement | None, row: Row) -> tuple[Literal["campaign_id", "name"], str]:
    if placement is not None and placement.external_id:
        return "campaign_id", placement.external_id
    return "name", (placement.name if placement else "") or row.placement


def _is_counted(kind: str, placement: wire.Placement | None, row: Row) -> bool:
    """Whether a zero of this kind says that there was none."""
    match kind:
        case "impression" | "click":
            return True
        case "viewable_impression":
            return bool(row.counts[MEASURABLE])
        case "view" | "completion":
            return placement is not None and placement.compatibility == VIDEO
        case _:
            return False
