"""What only Apple has, against the fake over real HTTP; what all have is in the folder above."""

from collections.abc import Iterator

import pytest

from adtally import Campaign, Interaction, Order, Terms

from ..sandboxed import SEPTEMBER, Served, counted, owned, owned_groups, served, summed

SHOP, TOKYO = "610000101", "610000102"


@pytest.fixture(scope="module")
def apple() -> Iterator[Served]:
    with served("apple_ads") as one:
        yield one


def test_every_account_is_billed(apple: Served) -> None:
    assert {one.payment for one in apple.accounts.values()} == {"invoice"}


@pytest.mark.parametrize("report", ["campaign_daily", "ad_group_daily", "ad_daily"])
@pytest.mark.parametrize("account_id", [SHOP, TOKYO])
def test_taps_are_paid_for_and_installs_after_a_view_are_told_too(
    apple: Served, account_id: str, report: str
) -> None:
    grain = report.removesuffix("_daily")
    records = apple.deliveries(report, account_id, SEPTEMBER)

    happened = summed(account_id, SEPTEMBER, grain, ("clicks", "installs", "view_through"))
    assert counted(account_id, records, ("billable_units", "installs")) == {
        of: (taps, installs + seen)
        for of, (taps, installs, seen) in happened.items()
        if taps + installs + seen
    }


def test_installs_that_add_up_are_those_of_delivery(apple: Served) -> None:
    told = apple.told(Interaction, "conversions", TOKYO, SEPTEMBER)
    delivered = apple.deliveries("campaign_daily", TOKYO, SEPTEMBER)

    installs = sum(one.quantity_micros for one in told if one.in_total)
    assert installs == 1_000_000 * sum(one.installs or 0 for one in delivered) > 0


@pytest.mark.parametrize("account_id", [SHOP, TOKYO])
def test_terms_are_taps_with_a_cap_or_a_target_that_is_no_price(apple: Served, account_id: str) -> None:
    terms = apple.told(Terms, "terms", account_id, SEPTEMBER)

    assert {one.model for one in terms} == {"cpc"}
    assert {one.entity_id: (one.kind, one.rate_micros) for one in terms} == {
        group.ad_group_id: ("target", None) if campaign.goal else ("cap", group.bid_micros)
        for campaign, group in owned_groups(account_id)
    }


def test_campaigns_come_in_every_state_with_their_order(apple: Served) -> None:
    [order] = apple.told(Order, "orders", SHOP, SEPTEMBER)
    campaigns = apple.told(Campaign, "campaigns", SHOP, SEPTEMBER)

    assert order.purchase_order == "PO-610000101"
    assert {(one.budget_id, one.channel) for one in campaigns} == {(order.order_id, "APPSTORE_APP")}
    assert [(one.campaign_id, one.status) for one in campaigns] == [
        (one.campaign_id, "DELETED" if one.status == "removed" else "RUNNING")
        for one in owned(SHOP).campaigns
    ]
