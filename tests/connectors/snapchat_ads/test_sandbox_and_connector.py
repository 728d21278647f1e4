"""The connector against the fake, over real HTTP: what went into the world comes out of it."""

from collections.abc import Iterator
from datetime import date

import pytest

from adtally import (
    Account,
    Balance,
    Campaign,
    Delivery,
    DeniedError,
    Invoice,
    Order,
    Terms,
    Unit,
    Window,
    world,
)
from adtally.calendar import month
from adtally_connectors.snapchat_ads import SnapchatAds
from adtally_connectors.snapchat_ads.sandbox import SnapchatAdsFake

BERLIN, PACIFIC, DENIED = (f"1c0ffee0-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))
SEPTEMBER = Window(date(2026, 9, 1), date(2026, 9, 28))
CLOCK = Window(date(2026, 10, 20), date(2026, 11, 3))
"""Europe sets its clocks back on 25 October, America on 1 November."""


@pytest.fixture(scope="module")
def played() -> world.World:
    return world.World.build(seed=7)


@pytest.fixture(scope="module")
def connector(played: world.World) -> Iterator[SnapchatAds]:
    with world.serve(played, fakes={"snapchat_ads": SnapchatAdsFake}) as sandbox:
        table = SnapchatAdsFake(played).table()
        snapchat = SnapchatAds.model_validate({"base_url": f"{sandbox.url}/snapchat_ads", **table})
        snapchat.http.sleep = lambda _seconds: None
        yield snapchat


@pytest.fixture(scope="module")
def accounts(connector: SnapchatAds) -> dict[str, Account]:
    return {account.id: account for account in connector.accounts()}


def fetch(
    connector: SnapchatAds, report: str, account: Account, window: Window, campaigns: tuple[str, ...] = ()
) -> list[object]:
    declared = next(one for one in connector.declared() if one.name == report)
    unit = Unit(account, window, world.World.today, campaigns=campaigns)
    return list(connector.fetch(declared, unit))


def told(records: list[object]) -> dict[tuple[object, ...], tuple[int | None, ...]]:
    return {
        (one.day, one.campaign_id, one.ad_group_id, one.ad_id): (
            *(one.impressions, one.clicks, one.engagements, one.video_views),
            *(one.leads, one.purchases, one.revenue_micros, one.cost_micros),
        )
        for one in records
        if isinstance(one, Delivery)
    }


def summed(
    played: world.World, account_id: str, window: Window, grain: str
) -> dict[tuple[object, ...], tuple[int, ...]]:
    found: dict[tuple[object, ...], list[int]] = {}
    [account] = (one for one in played.accounts if one.account_id == account_id)
    for campaign in account.campaigns:
        for row in played.days[campaign.campaign_id]:
            if row.day in window:
                ad_group_id = "" if grain == "campaign" else row.ad_group_id
                key = (row.day, campaign.campaign_id, ad_group_id, row.ad_id if grain == "ad" else "")
                counts = (
                    *(row.impressions, row.clicks, row.engagements, row.video_views),
                    *(row.leads, row.purchases, row.revenue_micros, row.cost_micros),
                )
                before = found.get(key, [0] * len(counts))
                found[key] = [one + more for one, more in zip(before, counts, strict=True)]
    return {key: tuple(counts) for key, counts in found.items()}


def test_every_account_is_listed_with_its_currency_and_clock(
    accounts: dict[str, Account], played: world.World
) -> None:
    assert [(one.id, one.name, one.currency, one.timezone, one.manager_id) for one in accounts.values()] == [
        (one.account_id, one.name, one.currency, one.timezone, one.manager_id)
        for one in played.of_platform("snapchat_ads")
    ]


@pytest.mark.parametrize("account_id", [BERLIN, PACIFIC])
@pytest.mark.parametrize("window", [SEPTEMBER, CLOCK])
@pytest.mark.parametrize("grain", ["campaign", "ad_group", "ad"])
def test_the_connector_reads_the_world_to_the_micro(
    connector: SnapchatAds,
    accounts: dict[str, Account],
    played: world.World,
    account_id: str,
    window: Window,
    grain: str,
) -> None:
    records = fetch(connector, f"{grain}_daily", accounts[account_id], window)

    assert told(records) == summed(played, account_id, window, grain)


def test_the_accounts_own_days_are_the_sums_of_its_campaigns(
    connector: SnapchatAds, accounts: dict[str, Account]
) -> None:
    campaigns = told(fetch(connector, "campaign_daily", accounts[BERLIN], CLOCK))
    days = told(fetch(connector, "account_daily", accounts[BERLIN], CLOCK))

    assert {key[0]: counts[-1] for key, counts in days.items()} == {
        day: sum(counts[-1] or 0 for key, counts in campaigns.items() if key[0] == day) for day in CLOCK
    }


@pytest.mark.parametrize("report", ["campaign_daily", "ad_group_daily", "ad_daily", "conversions"])
def test_campaigns_that_are_asked_for_alone_tell_the_same(
    connector: SnapchatAds, accounts: dict[str, Account], report: str
) -> None:
    every = fetch(connector, report, accounts[BERLIN], SEPTEMBER)
    ids = sorted({str(getattr(one, "campaign_id", "")) for one in every})

    alone = [one for name in ids for one in fetch(connector, report, accounts[BERLIN], SEPTEMBER, (name,))]

    assert len(ids) == 3
    assert sorted(map(repr, alone)) == sorted(map(repr, every))


def test_removed_campaigns_are_listed_and_their_ads_name_them(
    connector: SnapchatAds, accounts: dict[str, Account], played: world.World
) -> None:
    listed = fetch(connector, "campaigns", accounts[BERLIN], CLOCK)
    ads = fetch(connector, "ads", accounts[BERLIN], CLOCK)

    [account] = (one for one in played.accounts if one.account_id == BERLIN)
    statuses = {"enabled": "ACTIVE", "paused": "PAUSED", "removed": "DELETED"}
    assert {one.campaign_id: one.status for one in listed if isinstance(one, Campaign)} == {
        one.campaign_id: statuses[one.status] for one in account.campaigns
    }
    assert {getattr(ad, "campaign_id", "") for ad in ads} == {one.campaign_id for one in account.campaigns}


def test_terms_are_the_caps_of_the_ad_squads(
    connector: SnapchatAds, accounts: dict[str, Account], played: world.World
) -> None:
    records = fetch(connector, "terms", accounts[PACIFIC], CLOCK)

    [account] = (one for one in played.accounts if one.account_id == PACIFIC)
    assert {
        one.entity_id: (one.model, one.kind, one.rate_micros) for one in records if isinstance(one, Terms)
    } == {
        group.ad_group_id: ("cpm", "cap", group.bid_micros)
        for campaign in account.campaigns
        for group in campaign.ad_groups
    }


@pytest.mark.parametrize("text", ["2026-09", "2026-10"])
@pytest.mark.parametrize("account_id", [BERLIN, PACIFIC])
def test_invoices_of_a_service_month_are_the_bills_of_the_world(
    connector: SnapchatAds, accounts: dict[str, Account], played: world.World, account_id: str, text: str
) -> None:
    records = fetch(connector, "invoices", accounts[account_id], month(text))

    assert [
        (one.invoice_id, one.total_micros, one.currency, one.issue_day, one.first_day, one.last_day)
        for one in records
        if isinstance(one, Invoice)
    ] == [
        (
            one.invoice_id,
            one.total_micros,
            one.currency,
            one.issue_day,
            one.service.first_day,
            one.service.last_day,
        )
        for one in played.bills
        if one.account_id == account_id and one.service == month(text)
    ]


def test_a_credit_line_is_an_order_and_what_is_left_of_it_a_balance(
    connector: SnapchatAds, accounts: dict[str, Account]
) -> None:
    [order] = fetch(connector, "orders", accounts[BERLIN], CLOCK)
    balances = fetch(connector, "balances", accounts[BERLIN], CLOCK)

    assert isinstance(order, Order)
    assert order.cap_micros == 50_000_000_000
    amounts = [one.amount_micros for one in balances if isinstance(one, Balance)]
    assert amounts[0] == amounts[1] < order.cap_micros


@pytest.mark.parametrize("report", ["campaigns", "terms", "campaign_daily", "account_daily", "invoices"])
def test_an_account_without_access_refuses(
    connector: SnapchatAds, accounts: dict[str, Account], report: str
) -> None:
    with pytest.raises(DeniedError):
        fetch(connector, report, accounts[DENIED], CLOCK)
