"""What only Microsoft has, against the fake over real HTTP; what all have is in the folder above."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from adtally import Account, Campaign, Interaction, Invoice, Order, Terms, world
from adtally.calendar import month
from adtally_connectors.microsoft_ads import MicrosoftAds
from adtally_connectors.microsoft_ads.sandbox import MicrosoftAdsFake

from ..sandboxed import OCTOBER, SEPTEMBER, Served, happened, owned
from ..trials import played

DOLLARS, EUROS = "180000101", "180000102"


@pytest.fixture(scope="module")
def microsoft() -> Iterator[Served]:
    with world.serve(played(), fakes={"microsoft_ads": MicrosoftAdsFake}) as sandbox:
        fields = {**MicrosoftAdsFake(played()).table(), "base_url": f"{sandbox.url}/microsoft_ads"}
        connector = MicrosoftAds.model_validate(fields)
        connector.http.sleep = lambda _seconds: None
        accounts: dict[str, Account] = {account.id: account for account in connector.accounts()}
        yield Served(connector, accounts)


def test_a_removed_campaign_is_named_by_a_report_in_the_words_of_the_others(microsoft: Served) -> None:
    listed = microsoft.told(Campaign, "campaigns", DOLLARS, OCTOBER)

    states = {"enabled": "Active", "paused": "Paused", "removed": "Deleted"}
    types = {"search": "Search", "social": "Audience"}
    assert {(one.campaign_id, one.status, one.channel) for one in listed} == {
        (one.campaign_id, states[one.status], types[one.channel]) for one in owned(DOLLARS).campaigns
    }


def test_terms_are_those_of_the_campaigns_and_the_bids_of_their_ad_groups(microsoft: Served) -> None:
    terms = microsoft.told(Terms, "terms", DOLLARS, OCTOBER)

    bids = {group.bid_micros for one in owned(DOLLARS).campaigns for group in one.ad_groups}
    found = {(one.level, one.model, one.kind) for one in terms}
    assert found == {
        ("campaign", "cpc", "cap"),
        ("campaign", "cpc", "target"),
        ("campaign", "cpm", "auto"),
        ("ad_group", "cpc", "cap"),
        ("ad_group", "cpc", "target"),
        ("ad_group", "cpm", "cap"),
    }
    assert {one.rate_micros for one in terms} - {None} < bids


def test_goals_in_the_total_add_up_to_the_conversions_of_the_rows(microsoft: Served) -> None:
    for account_id in (DOLLARS, EUROS):
        told = microsoft.told(Interaction, "conversions", account_id, SEPTEMBER)
        delivered = microsoft.deliveries("campaign_daily", account_id, SEPTEMBER)

        in_total = [one for one in told if one.in_total]
        assert sum(one.quantity_micros for one in in_total) == sum(
            one.conversions_micros or 0 for one in delivered
        )
        assert sum(one.value_micros or 0 for one in in_total) == sum(
            one.revenue_micros or 0 for one in delivered
        )
        signed_up = sum(row.sign_ups for _, row in happened(account_id, SEPTEMBER))
        assert sum(one.quantity_micros for one in told if one.kind == "lead") == signed_up * 1_000_000


@pytest.mark.parametrize("account_id", [DOLLARS, EUROS])
def test_each_document_comes_back_once_with_the_month_that_it_bills(
    microsoft: Served, account_id: str
) -> None:
    found = [
        (one.invoice_id, one.kind, one.total_micros, one.issue_day, one.first_day, one.last_day)
        for window in map(month, ("2026-09", "2026-10", "2026-11"))
        for one in microsoft.told(Invoice, "invoices", account_id, window)
    ]

    assert sorted(found) == sorted(
        (
            one.invoice_id,
            one.kind,
            one.total_micros,
            one.issue_day,
            one.service.first_day,
            one.service.last_day,
        )
        for one in played().bills
        if one.connector == "microsoft" and one.account_id == account_id
    )


def test_a_declined_insertion_order_is_no_order(microsoft: Served) -> None:
    [order] = microsoft.told(Order, "orders", DOLLARS, OCTOBER)

    assert (order.order_id, order.purchase_order, order.cap_micros) == (f"{DOLLARS}1", "PO-101-1", 10**11)
