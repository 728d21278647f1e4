"""A unit's rows are replaced as a whole: what changed, what vanished, what stayed as it was."""

from datetime import UTC, date, datetime, timedelta

import pytest

from adtally.calendar import Window
from adtally.ledger import Ledger
from adtally.records import Campaign, Delivery, Evidence, Interaction, Order, Record

from .feeds import (
    ACCOUNT,
    AT_NOON,
    FIRST,
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
AT_LATER = "2026-10-12T18:00:00Z"
SECOND = date(2026, 10, 2)
SHORT = ("day", "campaign_id", "impressions", "cost_micros", "as_of")
FACTS = ("delivery_facts", "delivery_facts_history", "entities")
BOTH = (Delivery, Interaction)


def temporary_tables(ledger: Ledger) -> list[tuple[object, ...]]:
    return ledger.conn.execute("SELECT name FROM temp.sqlite_master").fetchall()


def test_fresh_rows_stand_under_their_natural_keys(ledger: Ledger) -> None:
    full = Delivery(
        day=FIRST,
        campaign_id="c1",
        ad_group_id="g1",
        ad_id="a1",
        currency="USD",
        view_definition="2 s",
        impressions=1,
        measurable_impressions=2,
        viewable_impressions=3,
        clicks=4,
        interactions=5,
        engagements=6,
        video_views=7,
        video_completions=8,
        leads=9,
        installs=10,
        conversions_micros=11,
        purchases=12,
        revenue_micros=13,
        invalid_clicks=14,
        billable_units=15,
        cost_micros=16,
        credited_micros=-17,
    )

    changed = put(ledger, feed(ledger, report(grain="ad")), [full, delivery(SECOND, impressions=None)])

    assert changed == {"delivery": 2}
    assert list(ledger.db.query("SELECT * FROM delivery WHERE day = '2026-10-01'")) == [
        {
            "connector": "north",
            "account_id": "1",
            "day": "2026-10-01",
            "grain": "ad",
            "campaign_id": "c1",
            "ad_group_id": "g1",
            "ad_id": "a1",
            "currency": "USD",
            "impressions": 1,
            "measurable_impressions": 2,
            "viewable_impressions": 3,
            "clicks": 4,
            "interactions": 5,
            "engagements": 6,
            "video_views": 7,
            "video_completions": 8,
            "view_definition": "2 s",
            "leads": 9,
            "installs": 10,
            "conversions_micros": 11,
            "purchases": 12,
            "revenue_micros": 13,
            "invalid_clicks": 14,
            "billable_units": 15,
            "cost_micros": 16,
            "credited_micros": -17,
            "as_of": AT_NOON,
        }
    ]
    assert rows(ledger, "delivery", "day", "ad_id", "currency", "impressions") == [
        ("2026-10-01", "a1", "USD", 1),
        ("2026-10-02", "", "EUR", None),
    ]


def test_equal_answer_writes_nothing_and_keeps_as_of(ledger: Ledger) -> None:
    into = feed(ledger)
    put(ledger, into, [delivery(), delivery(SECOND)])
    before = dump(ledger, FACTS)

    changed = put(ledger, into, [delivery(SECOND), delivery()], now=LATER)

    assert changed == {"delivery": 0}
    assert dump(ledger, FACTS) == before
    assert rows(ledger, "delivery_history", "day") == []


def test_changed_row_moves_to_the_history_before_it_is_replaced(ledger: Ledger) -> None:
    into = feed(ledger)
    put(ledger, into, [delivery(cost_micros=5), delivery(SECOND)])

    changed = put(ledger, into, [delivery(cost_micros=4), delivery(SECOND)], now=LATER)

    assert changed == {"delivery": 2}
    assert rows(ledger, "delivery", *SHORT) == [
        ("2026-10-01", "c1", 100, 4, AT_LATER),
        ("2026-10-02", "c1", 100, 1_000_000, AT_NOON),
    ]
    assert rows(ledger, "delivery_history", *SHORT, "superseded_at") == [
        ("2026-10-01", "c1", 100, 5, AT_NOON, AT_LATER)
    ]


def test_unknown_that_becomes_zero_is_a_change(ledger: Ledger) -> None:
    into = feed(ledger)
    put(ledger, into, [delivery(clicks=None)])

    put(ledger, into, [delivery(clicks=0)], now=LATER)

    assert rows(ledger, "delivery", "clicks", "as_of") == [(0, AT_LATER)]
    assert rows(ledger, "delivery_history", "clicks", "as_of") == [(None, AT_NOON)]


def test_row_that_did_not_come_again_is_gone_but_remembered(ledger: Ledger) -> None:
    into = feed(ledger)
    put(ledger, into, [delivery(), delivery(campaign_id="c2")])

    changed = put(ledger, into, [delivery()], now=LATER)

    assert changed == {"delivery": 2}
    assert rows(ledger, "delivery", "campaign_id") == [("c1",)]
    assert rows(ledger, "delivery_history", "campaign_id", "superseded_at") == [("c2", AT_LATER)]


def test_empty_answer_empties_its_days_only(ledger: Ledger) -> None:
    into = feed(ledger)
    put(ledger, into, [delivery(), delivery(LAST)])

    put(ledger, into, [], window=Window(FIRST, SECOND), now=LATER)

    assert rows(ledger, "delivery", "day") == [("2026-10-07",)]
    assert rows(ledger, "delivery_history", "day") == [("2026-10-01",)]


def test_empty_answer_to_a_fresh_unit_stores_nothing(ledger: Ledger) -> None:
    assert put(ledger, feed(ledger), []) == {"delivery": 0}
    assert rows(ledger, "delivery", "day") == []


def test_other_report_of_the_account_is_left_alone(ledger: Ledger) -> None:
    put(ledger, feed(ledger), [delivery()])
    ads = feed(ledger, report("ad_daily", grain="ad"))
    put(ledger, ads, [delivery(ad_id="a1")])

    put(ledger, ads, [], now=LATER)

    assert rows(ledger, "delivery", "grain", "ad_id") == [("campaign", "")]


def test_interactions_and_delivery_of_one_report_are_replaced_together(ledger: Ledger) -> None:
    into = feed(ledger, report(records=BOTH))
    put(ledger, into, [delivery(), interaction(), interaction(action="lead")])

    changed = put(ledger, into, [delivery(), interaction(quantity_micros=500_000)], now=LATER)

    assert changed == {"delivery": 0, "interactions": 4}
    assert list(ledger.db.query("SELECT * FROM interactions")) == [
        {
            "connector": "north",
            "account_id": "1",
            "day": "2026-10-01",
            "grain": "campaign",
            "campaign_id": "c1",
            "ad_group_id": "",
            "ad_id": "",
            "action": "purchase",
            "attribution": "7d",
            "kind": "purchase",
            "quantity_micros": 500_000,
            "value_micros": None,
            "view_through": 0,
            "in_total": 0,
            "as_of": AT_LATER,
        }
    ]
    assert rows(ledger, "interactions_history", "action", "quantity_micros") == [
        ("lead", 1_000_000),
        ("purchase", 1_000_000),
    ]


def test_evidence_is_replaced_by_days(ledger: Ledger) -> None:
    into = feed(ledger, report("orders", (Evidence,)))
    put(ledger, into, [evidence(), evidence(SECOND, "o2", value_micros=7)])

    put(ledger, into, [evidence(SECOND, "o2", value_micros=6)], now=LATER)

    assert rows(ledger, "evidence", "record_id", "day", "value_micros", "as_of") == [
        ("o2", "2026-10-02", 6, AT_LATER)
    ]
    assert rows(ledger, "evidence_history", "record_id", "value_micros", "superseded_at") == [
        ("o1", None, AT_LATER),
        ("o2", 7, AT_LATER),
    ]


@pytest.mark.parametrize("spill_rows", [1, 2, 3, 5])
def test_unit_that_outgrows_its_buffer_is_stored_as_a_small_one(ledger: Ledger, spill_rows: int) -> None:
    into = feed(ledger, report(records=BOTH))
    first: list[Record] = [delivery(day, f"c{n}", clicks=n) for day in WEEK for n in (3, 1, 2)]
    first += [interaction(day) for day in WEEK]
    put(ledger, into, first, spill_rows=spill_rows)
    again: list[Record] = [delivery(day, f"c{n}", clicks=n + (n == 2)) for day in WEEK for n in (1, 2)]

    changed = put(ledger, into, again, now=LATER, spill_rows=spill_rows)

    assert changed == {"delivery": 14 + 7 + 7, "interactions": 7 + 7}  # remembered, replaced, deleted
    assert rows(ledger, "delivery", "day", "campaign_id", "clicks", "as_of") == [
        (str(day), campaign, clicks, as_of)
        for day in WEEK
        for campaign, clicks, as_of in (("c1", 1, AT_NOON), ("c2", 3, AT_LATER))
    ]
    assert temporary_tables(ledger) == []


def test_what_was_believed_at_an_instant_can_be_told_afterwards(ledger: Ledger) -> None:
    into = feed(ledger)
    answers = [[delivery(cost_micros=5)], [delivery(cost_micros=4), delivery(SECOND)], []]
    for hours, answer in enumerate(answers):
        put(ledger, into, answer, now=NOON + timedelta(hours=hours))

    told = [believed(ledger, NOON + timedelta(hours=hours, minutes=30)) for hours in (-1, 0, 1, 2)]

    assert told == [
        [],
        [("2026-10-01", "c1", 5)],
        [("2026-10-01", "c1", 4), ("2026-10-02", "c1", 1_000_000)],
        [],
    ]


def believed(ledger: Ledger, at: datetime) -> list[tuple[object, ...]]:
    columns, instant = "day, campaign_id, cost_micros", at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return ledger.conn.execute(
        f"SELECT {columns} FROM delivery WHERE as_of <= :at UNION ALL "
        f"SELECT {columns} FROM delivery_history WHERE as_of <= :at AND :at < superseded_at ORDER BY 1, 2",
        {"at": instant},
    ).fetchall()


def test_newest_state_of_an_entity_wins(ledger: Ledger) -> None:
    into = feed(ledger, report("campaigns", (Campaign,), cadence="snapshot"))
    put(ledger, into, [Campaign(campaign_id="c1", name="Old"), Campaign(campaign_id="c2")], window=None)

    changed = put(ledger, into, [Campaign(campaign_id="c1", name="New", budget_micros=7)], window=None)
    unchanged = put(ledger, into, [Campaign(campaign_id="c1", name="New", budget_micros=7)], window=None)

    assert (changed, unchanged) == ({"campaigns": 1}, {"campaigns": 0})
    assert rows(ledger, "campaigns", "campaign_id", "name", "budget_micros") == [
        ("c1", "New", 7),
        ("c2", "", None),
    ]


def test_order_without_a_currency_has_its_accounts(ledger: Ledger) -> None:
    into = feed(ledger, report("orders", (Order,), cadence="snapshot"))

    put(ledger, into, [Order(order_id="o1", cap_micros=5), Order(order_id="o2", currency="JPY")], window=None)

    assert rows(ledger, "orders", "order_id", "account_id", "currency") == [
        ("o1", ACCOUNT.id, "EUR"),
        ("o2", ACCOUNT.id, "JPY"),
    ]
