"""The law about days: they are the account's own, wherever its clock is."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from zoneinfo import available_timezones

from ..calendar import DAY, local_day
from ..world import Reply
from .documents import decoded, texts, with_texts
from .hearing import Change, Hearing
from .loopback import Arrived
from .trial import Broken

EDGES = ("Pacific/Kiritimati", "Pacific/Pago_Pago")
"""UTC+14 and UTC-11: at noon UTC it is tomorrow in one of them, and barely today in the other."""


def own_days(hearing: Hearing) -> str:
    """Let the platform say that its accounts are where a day ends first, and last; sync until yesterday."""
    plain = hearing.plain()
    if not any(_is_zone(text) for each in plain.exchanges for text in texts(decoded(each.reply.body))):
        return "no answer names a time zone as the IANA does, so that it could be moved"
    first_day = hearing.trial.today - timedelta(days=3)
    daily = {stream.report.name for stream in plain.streams if stream.report.cadence == "daily"}
    for zone in EDGES:
        tables = hearing.sync(_moved_to(zone), window=(first_day, None), reports=frozenset(daily)).tables
        yesterday = local_day(hearing.now, zone) - DAY
        for account in tables["accounts"]:
            if account["timezone"] != zone:
                told = f"the platform says {zone}, the connector {account['timezone']}"
                raise Broken(f"account {account['account_id']}: {told}")
        for report in sorted(daily):
            days = [_day(row["last_day"]) for row in tables["units"] if row["report"] == report]
            if max(days, default=yesterday) != yesterday:
                raise Broken(
                    f"{report}: days until {max(days)} are asked for, in {zone} {yesterday} is the last"
                )
    return ""


def _moved_to(zone: str) -> Change:
    def change(_asked: Arrived, reply: Reply) -> Reply:
        return with_texts(reply, lambda text: zone if _is_zone(text) else text)

    return change


@cache
def _is_zone(text: str) -> bool:
    return text == "UTC" or ("/" in text and text in available_timezones())


def _day(value: object) -> date:
    return date.fromisoformat(str(value))
