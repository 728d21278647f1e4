"""The connector against the fake, over real HTTP: what went into the world comes out of it."""

from collections.abc import Iterator
from typing import Any

import pytest

from adtally import Account, Delivery, DeniedError, Interaction, Record, Terms, Unit, Window, world
from adtally.calendar import month
from adtally_connectors.apple_ads import AppleAds
from adtally_connectors.apple_ads.sandbox import AppleAdsFake, keys

SHOP, TOKYO, DENIED = "610000101", "610000102", "610000103"
SEPTEMBER = month("2026-09")


@pytest.fixture(scope="module")
def played() -> world.World:
    return world.World.build(seed=7)


@pytest.fixture(scope="module")
def connector(played: world.World) -> Iterator[AppleAds]:
    with world.serve(played, fakes={"apple_ads": AppleAdsFake}) as sandbox:
        fields = {**keys.table(), "base_url": f"{sandbox.url}/apple_ads"}
        apple = AppleAds.model_validate(fields)
        apple.http.sleep = lambda _seconds: None
        yield apple


@pytest.fixture(scope="module")
def accounts(connector: AppleAds) -> dict[str, Account]:
    return {account.id: account for account in connector.accounts()}


def fetch(
    connector: AppleAds, report: str, account: Account, window: Window, campaigns: tuple[str, ...] = ()
) -> list[Record]:
    declared = next(one for one in connector.declared() if one.name == report)
    return list(connector.fetch(declared, Unit(account, window, world.World.today, campaigns=campaigns)))


def deliveries(connector: AppleAds, report: str, account: Account, window: Window) -> list[Delivery]:
    return [one for one in fetch(connector, report, account, window) if isinstance(one, Delivery)]


def of_world(played: world.World, account_id: str) -> world.Account:
    return next(one for one in played.of_platform("apple_ads") if one.account_id == account_id)


def test_accounts_have_their_clock_and_their_way_to_pay(accounts: dict[str, Account]) -> None:
    told = [(one.id, one.currency, one.timezone, one.payment, one.manager_id) for one in accounts.values()]

    assert told == [
        (SHOP, "USD", "America/New_York", "invoice", "987"),
        (TOKYO, "JPY", "Asia/Tokyo", "invoice", "987"),
        (DENIED, "EUR", "UTC", "invoice", "987"),
    ]


@pytest.mark.parametrize(
    ("report", "ids"),
    [
        ("campaign_daily", ()),
        ("ad_group_daily", ("ad_group_id",)),
        ("ad_daily", ("ad_group_id", "ad_id")),
    ],
)
@pytest.mark.parametrize("account_id", [SHOP, TOKYO])
def test_the_connector_reads_the_world_to_the_micro(
    connector: AppleAds,
    accounts: dict[str, Account],
    played: world.World,
    report: str,
    ids: tuple[str, ...],
    account_id: str,
) -> None:
    expected: dict[tuple[Any, ...], list[int]] = {}
    for campaign in of_world(played, account_id).campaigns:
        for row in played.days[campaign.campaign_id]:
            if row.day in SEPTEMBER:
                key = row.day, campaign.campaign_id, *(getattr(row, name) for name in ids)
                total = expected.setdefault(key, [0, 0, 0, 0])
                installs = row.installs + row.view_through
                told = (row.cost_micros, row.impressions, row.clicks, installs)
                expected[key] = [known + more for known, more in zip(total, told, strict=True)]

    found: dict[tuple[Any, ...], list[int | None]] = {}
    for record in deliveries(connector, report, accounts[account_id], SEPTEMBER):
        assert record.interactions == record.billable_units == record.clicks
        key = record.day, record.campaign_id, *(getattr(record, name) for name in ids)
        numbers = [record.cost_micros, record.impressions, record.clicks, record.installs]
        if any(numbers):
            found[key] = numbers

    assert found == expected
    assert len(expected) > 20


def test_the_spend_of_removed_campaigns_comes(
    connector: AppleAds, accounts: dict[str, Account], played: world.World
) -> None:
    removed = next(one for one in of_world(played, SHOP).campaigns if one.status == "removed")

    records = deliveries(connector, "campaign_daily", accounts[SHOP], SEPTEMBER)

    cost = sum(one.cost_micros or 0 for one in records if one.campaign_id == removed.campaign_id)
    assert cost == sum(row.cost_micros for row in played.days[removed.campaign_id]) > 0


def test_a_single_day_is_that_day_of_the_month(connector: AppleAds, accounts: dict[str, Account]) -> None:
    day = Window(SEPTEMBER.last_day, SEPTEMBER.last_day)

    alone = deliveries(connector, "campaign_daily", accounts[SHOP], day)

    whole = deliveries(connector, "campaign_daily", accounts[SHOP], SEPTEMBER)
    assert alone == [one for one in whole if one.day == day.first_day and one.cost_micros]
    assert len(alone) == 2


@pytest.mark.parametrize("report", ["campaign_daily", "ad_group_daily", "ad_daily", "conversions"])
def test_two_parts_of_the_campaigns_are_the_whole(
    connector: AppleAds, accounts: dict[str, Account], played: world.World, report: str
) -> None:
    ids = [campaign.campaign_id for campaign in of_world(played, SHOP).campaigns]
    halves = tuple(ids[:1]), tuple(ids[1:])

    parts = [fetch(connector, report, accounts[SHOP], SEPTEMBER, half) for half in halves]

    assert all(parts)
    whole = fetch(connector, report, accounts[SHOP], SEPTEMBER)
    assert sorted(map(repr, [*parts[0], *parts[1]])) == sorted(map(repr, whole))


def test_installs_that_add_up_are_those_of_delivery(
    connector: AppleAds, accounts: dict[str, Account]
) -> None:
    told = fetch(connector, "conversions", accounts[TOKYO], SEPTEMBER)
    delivered = deliveries(connector, "campaign_daily", accounts[TOKYO], SEPTEMBER)

    installs = sum(one.quantity_micros for one in told if isinstance(one, Interaction) and one.in_total)
    assert installs == 1_000_000 * sum(one.installs or 0 for one in delivered) > 0


@pytest.mark.parametrize("account_id", [SHOP, TOKYO])
def test_terms_are_taps_with_a_cap_or_a_target_that_is_no_price(
    connector: AppleAds, accounts: dict[str, Account], played: world.World, account_id: str
) -> None:
    terms = {
        one.entity_id: one
        for one in fetch(connector, "terms", accounts[account_id], SEPTEMBER)
        if isinstance(one, Terms)
    }

    assert {one.model for one in terms.values()} == {"cpc"}
    assert {number: (one.kind, one.rate_micros) for number, one in terms.items()} == {
        group.ad_group_id: ("target", None) if campaign.goal else ("cap", group.bid_micros)
        for campaign in of_world(played, account_id).campaigns
        for group in campaign.ad_groups
    }


def test_entities_come_in_every_state_with_their_order(
    connector: AppleAds, accounts: dict[str, Account], played: world.World
) -> None:
    unit = Unit(accounts[SHOP], SEPTEMBER, world.World.today)

    [order], campaigns = list(connector.orders(unit)), list(connector.campaigns(unit))
    groups, ads = connector.ad_groups(unit), connector.ads(unit)

    assert order.purchase_order == "PO-610000101"
    owned = of_world(played, SHOP).campaigns
    assert [one.campaign_id for one in campaigns] == [one.campaign_id for one in owned]
    assert {(one.budget_id, one.channel) for one in campaigns} == {(order.order_id, "APPSTORE_APP")}
    assert [one.status for one in campaigns] == ["RUNNING", "RUNNING", "DELETED"]
    assert [one.ad_group_id for one in groups] == [g.ad_group_id for c in owned for g in c.ad_groups]
    assert [one.ad_id for one in ads] == [ad for c in owned for g in c.ad_groups for ad in g.ads]


def test_an_account_without_access_says_so(connector: AppleAds, accounts: dict[str, Account]) -> None:
    with pytest.raises(DeniedError):
        fetch(connector, "campaign_daily", accounts[DENIED], SEPTEMBER)
