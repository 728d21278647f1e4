"""Feeds of a small ledger, and units that come in without a network."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from adtally.calendar import Window, to_ordinal
from adtally.connector import Cadence, Report
from adtally.ledger import Ledger
from adtally.ledger.intake import SPILL_ROWS, Intake
from adtally.ledger.keys import Feed, Keys, see_account, see_feed
from adtally.ledger.write import write_unit
from adtally.records import Account, Delivery, Evidence, Grain, Interaction, Record

NOON = datetime(2026, 10, 12, 12, tzinfo=UTC)
AT_NOON = "2026-10-12T12:00:00Z"
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 7)
WEEK = Window(FIRST, LAST)
ACCOUNT = Account(id="1", name="Acme", currency="EUR", timezone="Europe/Berlin")


def report(
    name: str = "campaign_daily",
    records: tuple[type[Record], ...] = (Delivery,),
    *,
    cadence: Cadence = "daily",
    grain: Grain = "campaign",
    max_days: int = 7,
    restated_days: int = 0,
    retention_days: int | None = None,
) -> Report:
    return Report(
        name=name,
        records=records,
        cadence=cadence,
        grain=grain,
        max_days=max_days,
        restated_days=restated_days,
        final_after={"cost": restated_days, "clicks": restated_days, "conversions": restated_days},
        retention_days=retention_days,
    )


def feed(
    ledger: Ledger, of: Report | None = None, *, account: Account = ACCOUNT, connector: str = "north"
) -> Feed:
    asked = of or report()
    with ledger.transaction():
        key = see_account(ledger.conn, connector, "northwind", account, NOON)
        return see_feed(ledger.conn, key, connector, account, asked)


def put(
    ledger: Ledger,
    into: Feed,
    records: Iterable[Record],
    *,
    window: Window | None = WEEK,
    now: datetime = NOON,
    today: date | None = None,
    spill_rows: int = SPILL_ROWS,
) -> dict[str, int]:
    """Take the records as the whole answer for the window (None: of a file) and write them."""
    keys = Keys(ledger.conn)
    intake = Intake(ledger.conn, keys, into, keys.entities(into.account_key), now, spill_rows)
    days = window or Window(date.min, date.max)
    first, last = to_ordinal(days.first_day), to_ordinal(days.last_day)
    try:
        intake.take(records, window)
        with ledger.transaction():
            return write_unit(ledger.conn, intake, first, last, today or now.date())
    finally:
        intake.release()


def delivery(
    day: date = FIRST,
    campaign_id: str = "c1",
    *,
    impressions: int | None = 100,
    clicks: int | None = None,
    cost_micros: int | None = 1_000_000,
    currency: str = "",
    ad_id: str = "",
) -> Delivery:
    return Delivery(
        day=day,
        campaign_id=campaign_id,
        ad_id=ad_id,
        impressions=impressions,
        clicks=clicks,
        cost_micros=cost_micros,
        currency=currency,
    )


def interaction(
    day: date = FIRST, action: str = "purchase", *, quantity_micros: int = 1_000_000
) -> Interaction:
    return Interaction(
        day=day,
        campaign_id="c1",
        action=action,
        attribution="7d",
        kind="purchase",
        quantity_micros=quantity_micros,
    )


def evidence(day: date = FIRST, record_id: str = "o1", *, value_micros: int | None = None) -> Evidence:
    return Evidence(
        source_id="shop",
        record_id=record_id,
        kind="order",
        day=day,
        key_kind="campaign_id",
        key_value="c1",
        value_micros=value_micros,
    )


def rows(ledger: Ledger, table: str, *columns: str) -> list[tuple[object, ...]]:
    """The columns of all rows of a public table, in order of the columns."""
    names = ", ".join(columns)
    return ledger.conn.execute(f"SELECT {names} FROM {table} ORDER BY {names}").fetchall()


def dump(ledger: Ledger, tables: Sequence[str]) -> dict[str, list[tuple[object, ...]]]:
    """Everything in these tables."""
    return {table: sorted(ledger.conn.execute(f"SELECT * FROM {table}"), key=repr) for table in tables}
