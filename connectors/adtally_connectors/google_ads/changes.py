"""Changes of status, budget and flight from ``change_event``.

Source: "Change event" guide and ``resources/change_event.proto`` of Google Ads API v26: a change shows up
within 3 minutes; only changed fields are filled in, on creation all of them. Times are the account's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from adtally import Change, ContractError

from . import wire
from .billing import tail
from .queries import CHANGES_AT_ONCE

Level: TypeAlias = Literal["account", "campaign", "ad_group", "ad"]

FIELDS = {
    "status": "status",
    "start_date_time": "first_day",
    "end_date_time": "last_day",
    "amount_micros": "budget_micros",
    "total_amount_micros": "budget_micros",
}
"""What is told of each thing, by the name of its column in the ledger."""


def all_changes(
    ask: Callable[[datetime, datetime], Iterable[wire.ChangeRow]],
    start: datetime,
    end: datetime,
    timezone: str,
) -> Iterator[Change]:
    """The changes from ``start`` to just before ``end``; in halves, where Google does not list all at once.

    Raises ContractError where a single second has more.
    """
    events = [row.change_event for row in ask(start, end)]
    if len(events) < CHANGES_AT_ONCE:
        yield from to_changes(events, start, end, timezone)
    elif end - start <= timedelta(seconds=1):
        raise ContractError(f"more than {CHANGES_AT_ONCE:,} changes within the second of {start}")
    else:
        middle = start + timedelta(seconds=(end - start).total_seconds() // 2)
        yield from all_changes(ask, start, middle, timezone)
        yield from all_changes(ask, middle, end, timezone)


def to_changes(
    events: Iterable[wire.ChangeEvent], start: datetime, end: datetime, timezone: str
) -> Iterator[Change]:
    """The changes from ``start`` to just before ``end``; events in order of time.

    A budget that several campaigns share is told once, of the account, under the budget's id. Several events
    of one instant and field are one change, from the first old value to the last new one.
    """
    clock = ZoneInfo(timezone)
    found: dict[tuple[Level, str, datetime, str], Change] = {}
    for event in events:
        moment = datetime.fromisoformat(event.change_date_time)
        if not start <= moment < end:
            continue
        at = moment.replace(tzinfo=clock).astimezone(UTC)
        level, entity_id, old, new = _entity(event)
        for name, field in FIELDS.items():
            before, after = _text(old, name), _text(new, name)
            if name == "status" and event.resource_change_operation == "REMOVE":
                after = "REMOVED"
            if before == after:
                continue
            key = (level, entity_id, at, field)
            if key in found:
                found[key] = replace(found[key], new=after)
            else:
                found[key] = Change(
                    level=level, entity_id=entity_id, at=at, field=field, old=before, new=after
                )
    yield from found.values()


def _entity(event: wire.ChangeEvent) -> tuple[Level, str, wire.Changed, wire.Changed]:
    """Whose change it is, and the thing before and after."""
    old, new = event.old_resource, event.new_resource
    entity_id = tail(event.change_resource_name)
    nothing = wire.Changed()
    match event.change_resource_type:
        case "CAMPAIGN":
            return "campaign", entity_id, old.campaign or nothing, new.campaign or nothing
        case "CAMPAIGN_BUDGET":
            before, after = old.campaign_budget or nothing, new.campaign_budget or nothing
            if event.campaign:
                return "campaign", tail(event.campaign), _of_budget(before), _of_budget(after)
            return "account", entity_id, _of_budget(before), _of_budget(after)
        case "AD_GROUP":
            return "ad_group", entity_id, old.ad_group or nothing, new.ad_group or nothing
        case _:
            ad_id = entity_id.rpartition("~")[2]
            return "ad", ad_id, old.ad_group_ad or nothing, new.ad_group_ad or nothing


def _text(thing: wire.Changed, name: str) -> str:
    """One value as the ledger's column has it."""
    text: str = getattr(thing, name)
    if name == "start_date_time":
        return str(wire.first_day(text) or "")
    if name == "end_date_time":
        return str(wire.last_day(text) or "")
    return text


def _of_budget(budget: wire.Changed) -> wire.Changed:
    """A budget's amounts alone: its own status is not the campaign's."""
    return replace(budget, status="")
