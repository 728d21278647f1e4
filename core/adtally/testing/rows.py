"""Laws about records: their days, their keys, how many are stored, and whose they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from ..calendar import local_day
from ..connector import Connector, Unit
from ..errors import AdtallyError, NotOffered
from ..records import (
    Account,
    Ad,
    AdGroup,
    Balance,
    Campaign,
    Change,
    CountryCost,
    Delivery,
    Evidence,
    HourlyCost,
    Interaction,
    Invoice,
    InvoiceLine,
    Order,
    Record,
    Terms,
)
from .hearing import PLAIN, Hearing, days_of, difference
from .trial import Broken

TABLES: dict[type[Record], str] = {
    Campaign: "campaigns",
    AdGroup: "ad_groups",
    Ad: "ads",
    Change: "changes",
    Terms: "terms",
    Delivery: "delivery",
    Interaction: "interactions",
    HourlyCost: "delivery_hourly",
    CountryCost: "delivery_by_country",
    Order: "orders",
    Balance: "balances",
    Invoice: "invoices",
    Evidence: "evidence",
}
_PLACE = ("day", "campaign_id", "ad_group_id", "ad_id")
KEYS: dict[type[Record], tuple[str, ...]] = {
    Campaign: ("campaign_id",),
    AdGroup: ("ad_group_id",),
    Ad: ("ad_group_id", "ad_id"),
    Change: ("level", "entity_id", "at", "field"),
    Terms: ("level", "entity_id"),
    Delivery: _PLACE,
    Interaction: (*_PLACE, "action", "attribution"),
    HourlyCost: ("hour", "campaign_id"),
    CountryCost: ("month", "country"),
    Order: ("order_id",),
    Balance: ("at", "kind"),
    Invoice: ("invoice_id",),
    InvoiceLine: ("invoice_id", "line"),
    Evidence: ("source_id", "record_id", "kind", "day"),
}


def key_of(record: Record) -> tuple[object, ...]:
    return tuple(getattr(record, name) for name in KEYS[type(record)])


def in_the_window(hearing: Hearing) -> str:
    """Ask each daily report for the first day alone and for the last day alone, then sync all days."""
    plain, connector = hearing.plain(), hearing.connector()
    accounts = {account.id: account for account in connector.accounts()}
    daily = [stream for stream in plain.streams if stream.report.by_days]
    asked = 0
    for account_id, report in dict.fromkeys((stream.account_id, stream.report.name) for stream in daily):
        account = accounts[account_id]
        for window in days_of(hearing.trial.window):
            for record in _asked(connector, report, Unit(account, window, hearing.trial.today)):
                asked += 1
                if (day := _day(record, account)) is not None and day not in window:
                    raise Broken(f"{report}, asked for {window} alone, yields a record of {day}")
    return "" if asked else "no daily report has records on the first or the last day"


def unique_keys(hearing: Hearing) -> str:
    """Look for a key that comes twice in one unit, or that has no value."""
    for stream in hearing.plain().streams:
        known = set[tuple[object, ...]]()
        for record in stream.records:
            key, kind = (type(record), *key_of(record)), type(record).__name__
            where = f"{stream.report.name}, {stream.window}"
            if None in key:
                raise Broken(f"{where}: a {kind} has None in its key {_words(record)}")
            if key in known:
                raise Broken(f"{where}: two {kind} records for {_words(record)}")
            known.add(key)
    return ""


def all_stored(hearing: Hearing) -> str:
    """Compare the records that came, in all units of an account, with the rows that there are."""
    course = hearing.plain()
    sources = defaultdict[tuple[type[Record], object], list[str]](list)
    came = defaultdict[type[Record], set[object]](set)
    for stream in course.streams:
        for kind, key in dict.fromkeys((type(record), key_of(record)) for record in stream.records):
            source = sources[kind, (stream.account_id, key)]
            source.append(f"{stream.report.name} {stream.window}")
            if len(source) > 1:
                which = ", ".join(map(str, filter(None, key)))
                raise Broken(f"the same {kind.__name__} ({which}) comes from {' and from '.join(source)}")
            # One document may bill several accounts, and each of them is told of it.
            came[kind].add(key if kind is Invoice else (stream.account_id, key))
    for kind, table in TABLES.items():
        stored = {
            tuple(row.get(name) for name in ("account_id", *KEYS[kind])) for row in course.tables[table]
        }
        if len(stored) != len(came[kind]):
            raise Broken(f"{len(came[kind])} {kind.__name__} records came, {len(stored)} are in {table}")
    return ""


def same_again(hearing: Hearing) -> str:
    """Fetch everything again a minute later."""
    before = hearing.plain()
    after = hearing.sync(ledger=PLAIN, minutes=1)
    hearing.expect_sound(after)
    if (changed := difference(before.tables, after.tables)) or any(after.run.rows.values()):
        raise Broken(f"a second run writes {_counted(after.run.rows)}; {changed}")
    return ""


def every_state(hearing: Hearing) -> str:
    """Look for each campaign that the trial says spent money."""
    course = hearing.plain()
    if not hearing.trial.spenders:
        return "the trial names no spenders: campaigns in every state that spent money"
    delivered = {row["campaign_id"] for row in course.tables["delivery"]}
    listed = {row["campaign_id"] for row in course.tables["campaigns"]}
    lists = any(Campaign in report.records for report in hearing.connector().reports())
    for campaign in sorted(hearing.trial.spenders):
        if campaign not in delivered:
            raise Broken(f"campaign {campaign} spent money and has no delivery: ask for every state")
        if lists and campaign not in listed:
            raise Broken(
                f"campaign {campaign} spent money and is not among the campaigns: ask for every state"
            )
    return "" if lists else "the connector lists no campaigns: only delivery was looked at"


def _asked(connector: Connector, name: str, unit: Unit) -> Iterator[Record]:
    """The records of one report that is asked without core in between."""
    report = next(report for report in connector.reports() if report.name == name)
    try:
        yield from connector.fetch(report, unit)
    except NotOffered:
        return
    except AdtallyError as error:
        raise Broken(f"{name}, asked for {unit.window} alone, fails: {error}") from error


def _day(record: Record, account: Account) -> date | None:
    if isinstance(record, Change):
        return local_day(record.at, account.timezone)
    if isinstance(record, HourlyCost):
        return local_day(record.hour, account.timezone)
    return record.day if isinstance(record, Delivery | Interaction | Evidence) else None


def _words(record: Record) -> str:
    return ", ".join(
        f"{name} {value}" for name in KEYS[type(record)] if (value := getattr(record, name)) != ""
    )


def _counted(rows: dict[str, int]) -> str:
    return ", ".join(f"{count} {table}" for table, count in rows.items() if count) or "nothing"
