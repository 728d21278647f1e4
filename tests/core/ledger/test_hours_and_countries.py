"""Hours around the ends of months, and countries by month: replaced, kept in the history, refused."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from adtally.calendar import Window, month
from adtally.errors import ContractError
from adtally.ledger import Ledger
from adtally.ledger.shown_day import read_day
from adtally.records import Account, CountryCost, HourlyCost, Record

from .feeds import ACCOUNT, AT_NOON, NOON, dump, feed, put, report, rows

EDGE = Window(date(2026, 10, 30), date(2026, 11, 2))
OCTOBER = month("2026-10")
LATER, AT_LATER = NOON + timedelta(hours=6), "2026-10-12T18:00:00Z"
HOURLY = report("campaign_hourly", (HourlyCost,), cadence="edges")
COUNTRIES = report("country_monthly", (CountryCost,), cadence="monthly")
HOUR_COLUMNS = (
    *("connector", "account_id", "hour", "campaign_id", "span_hours", "currency"),
    *("impressions", "clicks", "cost_micros", "as_of"),
)
COUNTRY_COLUMNS = ("connector", "account_id", "month", "country", "currency", "cost_micros", "as_of")
FACTS = ("hourly_facts", "hourly_facts_history", "country_facts", "country_facts_history")


def hour(
    at: datetime = datetime(2026, 10, 31, 23, tzinfo=UTC),
    campaign_id: str = "c1",
    *,
    cost_micros: int | None = 5,
    currency: str = "",
) -> HourlyCost:
    return HourlyCost(
        hour=at,
        campaign_id=campaign_id,
        currency=currency,
        impressions=10,
        clicks=1,
        cost_micros=cost_micros,
    )


def country(code: str = "AT", cost_micros: int | None = 5, *, of: date = OCTOBER.first_day) -> CountryCost:
    return CountryCost(month=of, country=code, cost_micros=cost_micros)


def test_an_hour_stands_under_its_natural_key_and_its_accounts_currency(ledger: Ledger) -> None:
    into = feed(ledger, HOURLY)

    changed = put(ledger, into, [hour(), hour(campaign_id="c2", currency="USD")], window=EDGE)

    assert changed == {"delivery_hourly": 2}
    assert rows(ledger, "delivery_hourly", *HOUR_COLUMNS) == [
        ("north", "1", "2026-10-31T23:00:00Z", "c1", 1, "EUR", 10, 1, 5, AT_NOON),
        ("north", "1", "2026-10-31T23:00:00Z", "c2", 1, "USD", 10, 1, 5, AT_NOON),
    ]


def test_an_hour_belongs_to_the_accounts_own_day(ledger: Ledger) -> None:
    """In Berlin the 31st of October ends at 23:00 UTC."""
    into = feed(ledger, HOURLY)
    put(ledger, into, [hour(), hour(datetime(2026, 10, 31, 22, tzinfo=UTC))], window=EDGE)

    first = Window(date(2026, 11, 1), date(2026, 11, 1))
    put(ledger, into, [hour(cost_micros=6)], window=first, now=LATER)

    assert rows(ledger, "delivery_hourly", "hour", "cost_micros", "as_of") == [
        ("2026-10-31T22:00:00Z", 5, AT_NOON),
        ("2026-10-31T23:00:00Z", 6, AT_LATER),
    ]
    assert rows(ledger, "delivery_hourly_history", "hour", "cost_micros", "superseded_at") == [
        ("2026-10-31T23:00:00Z", 5, AT_LATER)
    ]


@pytest.mark.parametrize(
    ("zone", "first", "count"),
    [
        ("Europe/Berlin", datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
        ("Europe/Berlin", datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        ("America/New_York", datetime(2026, 11, 1, 4, tzinfo=UTC), 25),
        ("Asia/Kolkata", datetime(2026, 10, 31, 18, 30, tzinfo=UTC), 24),
        ("UTC", datetime(2026, 11, 1, tzinfo=UTC), 24),
    ],
)
def test_every_hour_of_a_day_is_kept_however_many_it_has(
    ledger: Ledger, zone: str, first: datetime, count: int
) -> None:
    account = Account(id="1", currency="EUR", timezone=zone)
    into = feed(ledger, HOURLY, account=account)
    day = (first + timedelta(hours=12)).date()
    records = [hour(first + timedelta(hours=number)) for number in range(count)]

    put(ledger, into, records, window=Window(day, day))

    kept = [str(at) for (at,) in rows(ledger, "delivery_hourly", "hour")]
    assert kept == [f"{one.hour:%Y-%m-%dT%H:%M}:00Z" for one in records]
    for beyond in (first - timedelta(hours=1), first + timedelta(hours=count)):
        with pytest.raises(ContractError, match="which is not in"):
            put(ledger, into, [hour(beyond)], window=Window(day, day))


def test_an_hour_is_the_same_instant_whatever_offset_it_bears(ledger: Ledger) -> None:
    into = feed(ledger, HOURLY)
    there = datetime(2026, 11, 1, 0, tzinfo=timezone(timedelta(hours=1)))

    put(ledger, into, [hour(there)], window=EDGE)
    changed = put(ledger, into, [hour()], window=EDGE, now=LATER)

    assert changed == {"delivery_hourly": 0}
    assert rows(ledger, "delivery_hourly", "hour", "as_of") == [("2026-10-31T23:00:00Z", AT_NOON)]


def test_countries_of_a_month_are_replaced_as_a_whole(ledger: Ledger) -> None:
    into = feed(ledger, COUNTRIES)
    put(ledger, into, [country("AT"), country("DE", 7), country("", None)], window=OCTOBER)
    put(ledger, into, [country(of=date(2026, 9, 1))], window=month("2026-09"))

    changed = put(ledger, into, [country("AT", 6), country("DE", 7)], window=OCTOBER, now=LATER)

    assert changed == {"delivery_by_country": 4}  # one to the history and anew, one to the history and gone
    assert rows(ledger, "delivery_by_country", *COUNTRY_COLUMNS) == [
        ("north", "1", "2026-09-01", "AT", "EUR", 5, AT_NOON),
        ("north", "1", "2026-10-01", "AT", "EUR", 6, AT_LATER),
        ("north", "1", "2026-10-01", "DE", "EUR", 7, AT_NOON),
    ]
    assert rows(ledger, "delivery_by_country_history", "country", "cost_micros", "superseded_at") == [
        ("", None, AT_LATER),
        ("AT", 5, AT_LATER),
    ]


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([hour(), hour()], "two rows for 2026-11-01 c1 2026-10-31T23:00:00Z"),
        ([hour(datetime(2026, 10, 31, 23))], "yielded the hour 2026-10-31 23:00:00 without a time zone"),  # noqa: DTZ001
        ([hour(datetime(2026, 10, 29, 22, tzinfo=UTC))], "yielded the day 2026-10-29, which is not in"),
        ([hour(currency="EURO")], "unknown currency code 'EURO'"),
        ([country()], "yielded a CountryCost, which it does not declare"),
    ],
)
def test_hours_that_cannot_be_stored_change_nothing(ledger: Ledger, records: list[Record], said: str) -> None:
    into = feed(ledger, HOURLY)
    put(ledger, into, [hour()], window=EDGE)
    before = dump(ledger, FACTS)

    with pytest.raises(ContractError, match=re.escape(said)):
        put(ledger, into, [hour(campaign_id="c2"), *records], window=EDGE, now=LATER)

    assert dump(ledger, FACTS) == before


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([country(), country()], "two rows for 2026-10-01 AT"),
        ([country("at")], "yielded the country 'at': expected two upper case letters"),
        ([country("AUT")], "yielded the country 'AUT'"),
        ([country(of=date(2026, 9, 1))], "yielded the day 2026-09-01, which is not in 2026-10-01.."),
        ([country(of=date(2026, 10, 2))], "yielded the day 2026-10-02, which is not in"),
    ],
)
def test_countries_that_cannot_be_stored_change_nothing(
    ledger: Ledger, records: list[Record], said: str
) -> None:
    into = feed(ledger, COUNTRIES)
    put(ledger, into, [country("ES")], window=OCTOBER)
    before = dump(ledger, FACTS)

    with pytest.raises(ContractError, match=re.escape(said)):
        put(ledger, into, [country("DE"), *records], window=OCTOBER, now=LATER)

    assert dump(ledger, FACTS) == before


@pytest.mark.parametrize("spill_rows", [1, 3])
def test_an_edge_that_outgrows_its_buffer_is_stored_as_a_small_one(ledger: Ledger, spill_rows: int) -> None:
    into = feed(ledger, HOURLY)
    start = datetime(2026, 10, 29, 23, tzinfo=UTC)
    records = [
        hour(start + timedelta(hours=number), campaign) for number in range(96) for campaign in ("c2", "c1")
    ]

    put(ledger, into, records, window=EDGE, spill_rows=spill_rows)

    assert rows(ledger, "delivery_hourly", "COUNT(*)", "SUM(cost_micros)") == [(192, 960)]


def test_a_day_is_shown_with_its_hours(ledger: Ledger) -> None:
    put(ledger, feed(ledger, HOURLY), [hour()], window=EDGE)

    shown = read_day(ledger, "north", ACCOUNT.id, date(2026, 11, 1))

    [row] = shown.rows["delivery_hourly"]
    assert (row["hour"], row["campaign_id"], row["currency"], row["cost_micros"]) == (
        "2026-10-31T23:00:00Z",
        "c1",
        "EUR",
        5,
    )
    assert read_day(ledger, "north", ACCOUNT.id, date(2026, 10, 31)).rows == {}
