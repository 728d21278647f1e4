"""The view that people and BI tools read: one row per account, campaign and day in plain numbers."""

from adtally.ledger import Ledger
from adtally.records import Campaign

from .feeds import FIRST, delivery, feed, put, report, rows


def test_row_has_names_plain_numbers_and_ratios(ledger: Ledger) -> None:
    put(ledger, feed(ledger, report("campaigns", (Campaign,), cadence="snapshot")), [campaign()], window=None)
    put(ledger, feed(ledger), [delivery(impressions=2_000, clicks=10, cost_micros=2_500_000)])

    assert list(ledger.db.query("SELECT * FROM performance")) == [
        {
            "platform": "northwind",
            "connector": "north",
            "account_id": "1",
            "account": "Acme",
            "campaign_id": "c1",
            "campaign": "Brand",
            "day": "2026-10-01",
            "currency": "EUR",
            "impressions": 2_000,
            "clicks": 10,
            "interactions": 10,
            "conversions": None,
            "cost": 2.5,
            "revenue": None,
            "ctr": 0.005,
            "cpc": 0.25,
            "cpm": 1.25,
            "cost_per_interaction": 0.25,
        }
    ]


def test_nothing_is_divided_by_zero(ledger: Ledger) -> None:
    put(ledger, feed(ledger), [delivery(impressions=0, clicks=0, cost_micros=0)])

    assert rows(ledger, "performance", "cost", "ctr", "cpc", "cpm", "cost_per_interaction") == [
        (0.0, None, None, None, None)
    ]


def test_finer_rows_of_an_account_are_not_counted_on_top(ledger: Ledger) -> None:
    put(ledger, feed(ledger), [delivery(cost_micros=3_000_000)])
    ads = feed(ledger, report("ad_daily", grain="ad"))
    put(
        ledger,
        ads,
        [delivery(ad_id="a1", cost_micros=1_000_000), delivery(ad_id="a2", cost_micros=1_500_000)],
    )

    assert rows(ledger, "performance", "campaign_id", "cost") == [("c1", 3.0)]


def test_finer_rows_of_another_connector_are_not_counted_on_top_either(ledger: Ledger) -> None:
    put(ledger, feed(ledger), [delivery(cost_micros=3_000_000)])
    ads = feed(ledger, report("ad_daily", grain="ad"), connector="south")
    put(ledger, ads, [delivery(ad_id="a1", cost_micros=3_000_000)])

    assert rows(ledger, "performance", "connector", "cost") == [("north", 3.0)]


def test_finer_rows_count_by_their_sum_where_there_are_no_others(ledger: Ledger) -> None:
    ads = feed(ledger, report("ad_daily", grain="ad"))
    put(
        ledger,
        ads,
        [
            delivery(ad_id="a1", clicks=1, cost_micros=1_000_000),
            delivery(ad_id="a2", clicks=None, cost_micros=1_500_000),
        ],
    )

    assert rows(ledger, "performance", "campaign_id", "clicks", "cost") == [("c1", None, 2.5)]


def test_currencies_are_never_added(ledger: Ledger) -> None:
    ads = feed(ledger, report("ad_daily", grain="ad"))
    put(ledger, ads, [delivery(FIRST, ad_id="a1"), delivery(FIRST, ad_id="a2", currency="USD")])

    assert rows(ledger, "performance", "currency", "cost") == [("EUR", 1.0), ("USD", 1.0)]


def campaign() -> Campaign:
    return Campaign(campaign_id="c1", name="Brand")
