"""The connector against the fake, over real HTTP: what went into the world comes out of it."""

from collections.abc import Iterator
from datetime import date

import pytest
from pydantic import SecretStr

from adtally import Account, Delivery, DeniedError, Interaction, Terms, Unit, Window, world
from adtally.calendar import month
from adtally_connectors.x_ads import XAds
from adtally_connectors.x_ads.sandbox import XAdsFake

ANGELES, TOKYO, DENIED = (f"18ce54d4xa{number}" for number in range(1, 4))
SEPTEMBER = month("2026-09")
CLOCK = Window(date(2026, 10, 30), date(2026, 11, 3))
"""Among them is the day on which the clock of Los Angeles goes back."""


@pytest.fixture(scope="module")
def played() -> world.World:
    return world.World.build(seed=7)


@pytest.fixture(scope="module")
def connector(played: world.World) -> Iterator[XAds]:
    with world.serve(played, fakes={"x_ads": XAdsFake}) as sandbox:
        x = XAds(
            base_url=f"{sandbox.url}/x_ads",
            consumer_key="sandbox-x-consumer",
            consumer_secret=SecretStr("sandbox-x-consumer-secret"),
            access_token=SecretStr("sandbox-x-token"),
            access_token_secret=SecretStr("sandbox-x-token-secret"),
            poll_seconds=0,
            requests_per_second=None,
        )
        x.http.sleep = lambda _seconds: None
        yield x


@pytest.fixture(scope="module")
def accounts(connector: XAds) -> dict[str, Account]:
    return {account.id: account for account in connector.accounts()}


def fetch(
    connector: XAds, report: str, account: Account, window: Window, campaigns: tuple[str, ...] = ()
) -> list[object]:
    declared = next(one for one in connector.declared() if one.name == report)
    unit = Unit(account, window, world.World.today, campaigns=campaigns)
    return list(connector.fetch(declared, unit))


def deliveries(connector: XAds, report: str, account: Account, window: Window) -> list[Delivery]:
    return [record for record in fetch(connector, report, account, window) if isinstance(record, Delivery)]


def test_every_account_is_listed_with_its_currency_and_clock(accounts: dict[str, Account]) -> None:
    assert [(one.id, one.currency, one.timezone) for one in accounts.values()] == [
        (ANGELES, "USD", "America/Los_Angeles"),
        (TOKYO, "JPY", "Asia/Tokyo"),
        (DENIED, "EUR", "UTC"),
    ]


@pytest.mark.parametrize("window", [SEPTEMBER, CLOCK], ids=str)
@pytest.mark.parametrize("report", ["campaign_daily", "ad_group_daily", "ad_daily"])
def test_the_connector_reads_the_world_to_the_micro_and_by_day(
    connector: XAds, accounts: dict[str, Account], played: world.World, report: str, window: Window
) -> None:
    fetched: dict[object, list[int]] = {}
    expected: dict[object, list[int]] = {}

    for account_id in (ANGELES, TOKYO):
        for record in deliveries(connector, report, accounts[account_id], window):
            known = fetched.setdefault((record.campaign_id, record.day), [0] * 5)
            for place, name in enumerate(
                ("cost_micros", "impressions", "interactions", "purchases", "revenue_micros")
            ):
                known[place] += getattr(record, name)

    for account in played.of_platform("x_ads"):
        for campaign in account.campaigns:
            for row in played.days[campaign.campaign_id]:
                if row.day in window:
                    known = expected.setdefault((campaign.campaign_id, row.day), [0] * 5)
                    acted = row.video_views if campaign.model == "cpv" else row.clicks
                    told = (row.cost_micros, row.impressions, acted, row.purchases, row.revenue_micros)
                    for place, number in enumerate(told):
                        known[place] += number
    assert fetched == expected


@pytest.mark.parametrize("account_id", [ANGELES, TOKYO])
def test_the_accounts_own_days_are_the_sums_of_its_campaigns(
    connector: XAds, accounts: dict[str, Account], account_id: str
) -> None:
    sums: dict[date, int] = {}

    for record in deliveries(connector, "campaign_daily", accounts[account_id], SEPTEMBER):
        sums[record.day] = sums.get(record.day, 0) + (record.cost_micros or 0)

    totals = deliveries(connector, "account_daily", accounts[account_id], SEPTEMBER)
    assert {record.day: record.cost_micros for record in totals} == sums
    assert len(sums) == SEPTEMBER.days


@pytest.mark.parametrize("report", ["campaign_daily", "ad_group_daily", "ad_daily", "conversions"])
def test_two_parts_of_the_campaigns_are_the_whole(
    connector: XAds, accounts: dict[str, Account], played: world.World, report: str
) -> None:
    owner = next(one for one in played.of_platform("x_ads") if one.account_id == ANGELES)
    ids = [campaign.campaign_id for campaign in owner.campaigns]
    halves = tuple(ids[:1]), tuple(ids[1:])

    parts = [fetch(connector, report, accounts[ANGELES], SEPTEMBER, half) for half in halves]

    assert all(parts)
    whole = fetch(connector, report, accounts[ANGELES], SEPTEMBER)
    assert sorted(map(repr, [*parts[0], *parts[1]])) == sorted(map(repr, whole))


def test_a_removed_campaign_that_spent_is_told_of_with_its_groups_ads_and_cost(
    connector: XAds, accounts: dict[str, Account], played: world.World
) -> None:
    owner = next(one for one in played.of_platform("x_ads") if one.account_id == ANGELES)
    [removed] = [campaign for campaign in owner.campaigns if campaign.status == "removed"]
    spent = sum(row.cost_micros for row in played.days[removed.campaign_id] if row.day in SEPTEMBER)

    listed = {
        report: [
            record
            for record in fetch(connector, report, accounts[ANGELES], SEPTEMBER)
            if getattr(record, "campaign_id", "") == removed.campaign_id
        ]
        for report in ("campaigns", "ad_groups", "ads", "terms", "ad_daily")
    }

    assert all(listed.values())
    costs = [record.cost_micros for record in listed["ad_daily"] if isinstance(record, Delivery)]
    assert sum(cost or 0 for cost in costs) == spent > 0


def test_terms_are_those_of_the_world(
    connector: XAds, accounts: dict[str, Account], played: world.World
) -> None:
    for account in played.of_platform("x_ads")[:2]:
        records = fetch(connector, "terms", accounts[account.account_id], SEPTEMBER)

        assert {
            (record.entity_id, record.model, record.rate_micros)
            for record in records
            if isinstance(record, Terms)
        } == {
            (group.ad_group_id, campaign.model, None if campaign.goal else group.bid_micros)
            for campaign in account.campaigns
            for group in campaign.ad_groups
        }


def test_what_may_be_added_up_is_what_the_world_counts_as_results(
    connector: XAds, accounts: dict[str, Account], played: world.World
) -> None:
    owner = next(one for one in played.of_platform("x_ads") if one.account_id == ANGELES)

    totals = sum(
        record.quantity_micros
        for record in fetch(connector, "conversions", accounts[ANGELES], SEPTEMBER)
        if isinstance(record, Interaction) and record.in_total
    )

    assert totals == sum(
        row.conversions_micros
        for campaign in owner.campaigns
        for row in played.days[campaign.campaign_id]
        if row.day in SEPTEMBER
    )


def test_the_last_day_of_a_clock_ahead_is_not_lost(connector: XAds, accounts: dict[str, Account]) -> None:
    window = Window(date(2026, 11, 9), date(2026, 11, 10))

    records = deliveries(connector, "campaign_daily", accounts[TOKYO], window)

    assert {record.day for record in records if record.cost_micros} == set(window)


def test_an_account_without_access_says_so(connector: XAds, accounts: dict[str, Account]) -> None:
    with pytest.raises(DeniedError):
        fetch(connector, "campaign_daily", accounts[DENIED], SEPTEMBER)
