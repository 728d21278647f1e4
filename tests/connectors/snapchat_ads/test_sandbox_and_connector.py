"""What only Snapchat has, against the fake over real HTTP; what all have is in the folder above."""

from collections.abc import Iterator

import pytest

from adtally import Balance, Campaign, Invoice, Order, Terms
from adtally.calendar import month

from ..sandboxed import OCTOBER, Served, owned, owned_groups, served
from ..trials import played

BERLIN, PACIFIC = (f"1c0ffee0-0000-4000-8000-00000000000{number}" for number in (1, 2))


@pytest.fixture(scope="module")
def snapchat() -> Iterator[Served]:
    with served("snapchat_ads") as one:
        yield one


def test_campaigns_have_the_status_of_the_world(snapchat: Served) -> None:
    listed = snapchat.told(Campaign, "campaigns", BERLIN, OCTOBER)

    statuses = {"enabled": "ACTIVE", "paused": "PAUSED", "removed": "DELETED"}
    assert {one.campaign_id: one.status for one in listed} == {
        one.campaign_id: statuses[one.status] for one in owned(BERLIN).campaigns
    }


def test_terms_are_the_caps_of_the_ad_squads(snapchat: Served) -> None:
    records = snapchat.told(Terms, "terms", PACIFIC, OCTOBER)

    assert {one.entity_id: (one.model, one.kind, one.rate_micros) for one in records} == {
        group.ad_group_id: ("cpm", "cap", group.bid_micros) for _, group in owned_groups(PACIFIC)
    }


@pytest.mark.parametrize("text", ["2026-09", "2026-10"])
@pytest.mark.parametrize("account_id", [BERLIN, PACIFIC])
def test_invoices_of_a_service_month_are_the_bills_of_the_world(
    snapchat: Served, account_id: str, text: str
) -> None:
    records = snapchat.told(Invoice, "invoices", account_id, month(text))

    assert [
        (one.invoice_id, one.total_micros, one.currency, one.issue_day, one.first_day, one.last_day)
        for one in records
    ] == [
        (
            one.invoice_id,
            one.total_micros,
            one.currency,
            one.issue_day,
            one.service.first_day,
            one.service.last_day,
        )
        for one in played().bills
        if one.account_id == account_id and one.service == month(text)
    ]


def test_a_credit_line_is_an_order_and_what_is_left_of_it_a_balance(snapchat: Served) -> None:
    [order] = snapchat.told(Order, "orders", BERLIN, OCTOBER)
    balances = snapchat.told(Balance, "balances", BERLIN, OCTOBER)

    assert order.cap_micros == 50_000_000_000
    amounts = [one.amount_micros for one in balances]
    assert amounts[0] == amounts[1] < order.cap_micros
