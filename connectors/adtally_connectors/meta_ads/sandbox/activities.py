"""The activity log: charges of a card, and campaigns that were paused and switched on again.

Source: ``AdActivity`` of facebook-business 26.0.3 (API v26.0), read 2026-11. ``extra_data`` is JSON as text;
an amount in it is counted in 1/offset of the currency.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from adtally import world

from .entities import offset_units
from .fields import ACTIVITY, OF_ACTIVITIES
from .graph import Refusal, check_names, selected

DAYS_BY_DEFAULT = 7


def activities(
    account: world.Account, played: world.World, given: Mapping[str, str]
) -> list[dict[str, object]]:
    """The entries from ``since`` to just before ``until``, newest first; of one week without bounds."""
    check_names(given, OF_ACTIVITIES)
    midnight = datetime.combine(played.today + timedelta(days=1), time.min, ZoneInfo(account.timezone))
    until = _instant(given, "until", account) or midnight
    since = _instant(given, "since", account) or until - timedelta(days=DAYS_BY_DEFAULT)
    if since > until:
        raise Refusal(100, "(#100) Param since must be before until.")
    events = [*_charges(account, played), *_stops(account, played)]
    return [
        selected(event, given.get("fields", "event_time,event_type"), ACTIVITY, "AdActivity")
        for at, event in sorted(events, key=lambda pair: pair[0], reverse=True)
        if since <= at < until
    ]


def _instant(given: Mapping[str, str], name: str, account: world.Account) -> datetime | None:
    """A Unix time, or the account's midnight at the beginning of a day."""
    text = given.get(name)
    if text is None:
        return None
    if text.isdigit():
        return datetime.fromtimestamp(int(text), UTC)
    try:
        return datetime.combine(date.fromisoformat(text), time.min, ZoneInfo(account.timezone))
    except ValueError:
        raise Refusal(100, f"(#100) Param {name} must be a Unix time or a date.") from None


def _charges(account: world.Account, played: world.World) -> Iterator[tuple[datetime, dict[str, object]]]:
    for charge in played.charges:
        if charge.account_id == account.account_id:
            extra = {
                "currency": account.currency,
                "new_value": int(offset_units(charge.amount_micros, account.currency)),
                "transaction_id": charge.charge_id,
                "action": 67,
                "type": "payment_amount",
            }
            yield _event(
                account, charge.day, time(18, 5, 9), "ad_account_billing_charge", account.account_id, extra
            )


def _stops(account: world.Account, played: world.World) -> Iterator[tuple[datetime, dict[str, object]]]:
    for campaign in account.campaigns:
        of = campaign.campaign_id
        if campaign.status == "paused" and campaign.days.last_day <= played.today:
            yield _switched(account, campaign.days.last_day, time(23, 50, 12), of, "Active", "Inactive")
        still = campaign.still_on
        if still and still <= played.today:
            before, after = still - timedelta(days=1), still + timedelta(days=1)
            yield _switched(account, before, time(23, 50, 12), of, "Active", "Inactive")
            yield _switched(account, after, time(0, 1, 30), of, "Inactive", "Active")


def _switched(
    account: world.Account, day: date, at: time, campaign_id: str, old: str, new: str
) -> tuple[datetime, dict[str, object]]:
    extra = {"old_value": old, "new_value": new}
    return _event(account, day, at, "update_campaign_run_status", campaign_id, extra)


def _event(
    account: world.Account, day: date, at: time, kind: str, object_id: str, extra: Mapping[str, object]
) -> tuple[datetime, dict[str, object]]:
    instant = datetime.combine(day, at, ZoneInfo(account.timezone))
    return instant, {
        "event_time": instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "event_type": kind,
        "translated_event_type": kind.replace("_", " ").capitalize(),
        "date_time_in_timezone": instant.strftime("%m/%d/%Y at %I:%M %p"),
        "extra_data": msgspec.json.encode(extra).decode(),
        "actor_name": "Media desk",
        "object_id": object_id,
        "object_type": "ACCOUNT" if kind.startswith("ad_account") else "CAMPAIGN",
    }
