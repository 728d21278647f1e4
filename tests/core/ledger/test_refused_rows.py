"""Rows that cannot be stored: named by their key, and the ledger stays as it was."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from adtally.errors import ContractError
from adtally.ledger import Ledger
from adtally.records import Balance, Campaign, Delivery, Evidence, Interaction, Invoice, Record

from .feeds import (
    LAST,
    NOON,
    WEEK,
    delivery,
    dump,
    evidence,
    feed,
    interaction,
    put,
    report,
    rows,
)

LATER = NOON + timedelta(hours=6)
SECOND = date(2026, 10, 2)
FACTS = ("delivery_facts", "delivery_facts_history", "entities")
BOTH = (Delivery, Interaction)


def temporary_tables(ledger: Ledger) -> list[tuple[object, ...]]:
    return ledger.conn.execute("SELECT name FROM temp.sqlite_master").fetchall()


@pytest.mark.parametrize("spill_rows", [1, 2, 100])
@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([delivery(), delivery(SECOND, "c2"), delivery(cost_micros=2)], "two rows for 2026-10-01 c1"),
        ([delivery(), delivery()], "two rows for 2026-10-01 c1"),
        ([interaction(), interaction()], "two rows for 2026-10-01 c1 purchase 7d"),
        ([evidence(SECOND), evidence(SECOND)], "two rows for 2026-10-02 shop o1 order"),
    ],
)
@pytest.mark.parametrize("is_fresh", [True, False])
def test_key_that_comes_twice_is_refused_by_name_and_nothing_changes(
    ledger: Ledger, spill_rows: int, records: list[Record], said: str, is_fresh: bool
) -> None:
    into = feed(ledger, report(records=(Delivery, Interaction, Evidence)))
    if not is_fresh:
        put(ledger, into, [delivery(), interaction(action="lead"), evidence(LAST)])
    before = dump(ledger, (*FACTS, "interaction_facts", "evidence_facts"))

    with pytest.raises(ContractError, match=rf"campaign_daily: {said}; nothing was changed"):
        put(ledger, into, records, now=LATER, spill_rows=spill_rows)

    assert dump(ledger, (*FACTS, "interaction_facts", "evidence_facts")) == before
    assert temporary_tables(ledger) == []


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (delivery(currency="EURO"), "unknown currency code 'EURO'"),
        (
            delivery(date(2026, 9, 30)),
            "campaign_daily yielded the day 2026-09-30, which is not in 2026-10-01..",
        ),
        (evidence(date(2026, 10, 8)), "campaign_daily yielded a Evidence, which it does not declare"),
        (interaction(date(2026, 10, 8)), "campaign_daily yielded the day 2026-10-08, which is not in"),
        (Campaign(campaign_id="c1"), "campaign_daily yielded a Campaign, which it does not declare"),
        (delivery(campaign_id=None), "campaign_daily: a value cannot be stored: NOT NULL constraint failed"),  # type: ignore[arg-type]
        (delivery(clicks="many"), "campaign_daily: a value cannot be stored: cannot store TEXT value in"),  # type: ignore[arg-type]
        (delivery(cost_micros=2**63), "campaign_daily: a value cannot be stored: Python int too large"),
    ],
)
def test_record_that_cannot_be_stored_changes_nothing(ledger: Ledger, record: Record, said: str) -> None:
    into = feed(ledger, report(records=BOTH))
    put(ledger, into, [delivery(cost_micros=5)])
    before = dump(ledger, FACTS)

    with pytest.raises(ContractError, match=re.escape(said)):
        put(ledger, into, [delivery(SECOND), record], now=LATER)

    assert dump(ledger, FACTS) == before


def test_stream_that_breaks_changes_nothing_also_when_it_spilled(ledger: Ledger) -> None:
    into = feed(ledger)
    put(ledger, into, [delivery(cost_micros=5)])

    def cut() -> Iterator[Delivery]:
        yield from (delivery(day, "c9") for day in WEEK)
        raise ContractError("cut")

    with pytest.raises(ContractError, match="cut"):
        put(ledger, into, cut(), now=LATER, spill_rows=2)

    assert rows(ledger, "delivery", "campaign_id", "cost_micros") == [("c1", 5)]
    assert rows(ledger, "delivery_history", "day") == []
    assert temporary_tables(ledger) == []


def test_refused_unit_leaves_the_next_one_free_to_name_its_entities(ledger: Ledger) -> None:
    into = feed(ledger)
    with pytest.raises(ContractError):
        put(ledger, into, [delivery(campaign_id="c7"), delivery(campaign_id="c7")])

    put(ledger, into, [delivery(campaign_id="c7"), delivery(campaign_id="c8")])

    assert rows(ledger, "entities", "campaign_id") == [("c7",), ("c8",)]


@pytest.mark.parametrize(
    ("records", "said"),
    [
        (
            [Campaign(campaign_id="c1", name="Brand"), Campaign(campaign_id="c1", name="Other")],
            "snapshot: two rows of campaigns for 1 c1 differ",
        ),
        ([Balance(at=NOON, kind="cash", amount_micros=1, currency="ZZZ")], "unknown currency code 'ZZZ'"),
    ],
)
def test_state_that_contradicts_itself_or_has_no_currency_changes_nothing(
    ledger: Ledger, records: list[Record], said: str
) -> None:
    into = feed(ledger, report("snapshot", records=(Campaign, Balance), cadence="snapshot"))
    put(ledger, into, [Campaign(campaign_id="c1", name="Old"), Campaign(campaign_id="c1", name="Old")])

    with pytest.raises(ContractError, match=re.escape(said)):
        put(ledger, into, records, now=LATER)

    assert rows(ledger, "campaigns", "campaign_id", "name") == [("c1", "Old")]
    assert rows(ledger, "balances", "at") == []


@pytest.mark.parametrize(
    ("issue_day", "last_day", "is_refused"),
    [
        (date(1999, 1, 1), None, True),
        (None, date(1999, 1, 1), True),
        (date(2026, 11, 3), date(2026, 10, 7), False),
        (date(2025, 11, 1), None, False),
        (None, None, False),
    ],
)
def test_document_of_quite_another_time_is_refused(
    ledger: Ledger, issue_day: date | None, last_day: date | None, is_refused: bool
) -> None:
    into = feed(ledger, report("bills", records=(Invoice,), cadence="monthly"))
    bill = Invoice(
        invoice_id="i1", kind="invoice", status="open", currency="EUR", total_micros=1, issue_day=issue_day
    )
    bill = replace(bill, last_day=last_day)

    if is_refused:
        with pytest.raises(
            ContractError, match="bills: invoice i1 of 1999-01-01 is no answer for 2026-10-01"
        ):
            put(ledger, into, [bill])
    else:
        put(ledger, into, [bill])
    assert rows(ledger, "invoices", "invoice_id") == ([] if is_refused else [("i1",)])
