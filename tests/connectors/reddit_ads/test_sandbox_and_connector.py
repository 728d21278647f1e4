"""What only Reddit has, against the fake over real HTTP; what all have is in the folder above."""

from collections.abc import Iterator
from datetime import date

import pytest

from adtally import AdGroup, Balance, Campaign, Interaction, Order, Terms, Window

from ..sandboxed import SEPTEMBER, Served, happened, owned, owned_groups, served
from ..trials import played

NEW_YORK = "a2_lindenhof1"
TODAY = Window(played().today, played().today)
NOVEMBER = Window(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture(scope="module")
def reddit() -> Iterator[Served]:
    with served("reddit_ads") as one:
        yield one


def test_what_was_removed_and_is_listed_no_more_is_told_with_its_terms(reddit: Served) -> None:
    groups = reddit.told(AdGroup, "ad_groups", NEW_YORK, TODAY)
    terms = reddit.told(Terms, "terms", NEW_YORK, TODAY)

    [removed] = [one.campaign_id for one in owned(NEW_YORK).campaigns if one.status == "removed"]
    assert {one.status for one in groups if one.campaign_id == removed} == {"DELETED"}
    assert {one.entity_id: (one.model, one.rate_micros, one.kind) for one in terms} == {
        group.ad_group_id: (campaign.model, *((None, "auto") if campaign.goal else (group.bid_micros, "cap")))
        for campaign, group in owned_groups(NEW_YORK)
    }


def test_campaigns_name_the_instrument_that_pays_and_its_debt_is_told(reddit: Served) -> None:
    campaigns = reddit.told(Campaign, "campaigns", NEW_YORK, TODAY)
    paying, ended = reddit.told(Order, "orders", NEW_YORK, TODAY)
    balances = reddit.told(Balance, "balances", NEW_YORK, TODAY)

    assert {one.budget_id for one in campaigns} == {paying.order_id}
    assert (paying.cap_micros, ended.last_day) == (5_000_000_000, date(2026, 7, 31))
    owed = sum(row.cost_micros for _, row in happened(NEW_YORK, NOVEMBER))
    assert {one.kind: one.amount_micros for one in balances} == {
        f"billable_amount {paying.order_id}": owed,
        f"billable_amount {ended.order_id}": 0,
        "amount_due": owed,
    }


def test_interactions_add_up_to_the_conversions_of_the_delivery(reddit: Served) -> None:
    records = reddit.told(Interaction, "conversions", NEW_YORK, SEPTEMBER)
    delivered = reddit.deliveries("campaign_daily", NEW_YORK, SEPTEMBER)

    found = [one for one in records if one.action == "key_conversion"]
    sums = {
        attribution: sum(one.quantity_micros for one in found if one.attribution == attribution)
        for attribution in ("click_week_view_day", "click_week", "view_day")
    }
    assert sums["click_week_view_day"] == sum(record.conversions_micros or 0 for record in delivered)
    assert sums["click_week"] + sums["view_day"] == sums["click_week_view_day"]
    assert {one.attribution for one in found if one.in_total} == {"click_week_view_day"}
    assert {one.attribution for one in found if one.view_through} == {"view_day"}
