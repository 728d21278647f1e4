"""The connector against the fake, over real HTTP: what went into the world comes out of it."""

from collections.abc import Iterator
from datetime import date

import pytest
from pydantic import SecretStr

from adtally import (
    Account,
    AdGroup,
    Balance,
    Campaign,
    Delivery,
    DeniedError,
    Interaction,
    Order,
    Terms,
    Unit,
    Window,
    world,
)
from adtally.calendar import month
from adtally_connectors.reddit_ads import RedditAds
from adtally_connectors.reddit_ads.sandbox import RedditAdsFake

NEW_YORK, KOLKATA, DENIED = "a2_lindenhof1", "a2_lindenhof2", "t2_sister1"
SEPTEMBER = month("2026-09")


@pytest.fixture(scope="module")
def played() -> world.World:
    return world.World.build(seed=7)


@pytest.fixture(scope="module")
def connector(played: world.World) -> Iterator[RedditAds]:
    with world.serve(played, fakes={"reddit_ads": RedditAdsFake}) as sandbox:
        reddit = RedditAds(
            base_url=f"{sandbox.url}/reddit_ads",
            client_id="sandbox-client",
            client_secret=SecretStr("sandbox-client-secret"),
            refresh_token=SecretStr("sandbox-refresh-token"),
            reddit_user="sandbox",
            requests_per_second=None,
        )
        reddit.http.sleep = lambda _seconds: None
        yield reddit


@pytest.fixture(scope="module")
def accounts(connector: RedditAds) -> dict[str, Account]:
    return {account.id: account for account in connector.accounts()}


def fetch(
    connector: RedditAds, report: str, account: Account, window: Window, campaigns: tuple[str, ...] = ()
) -> list[object]:
    declared = next(one for one in connector.declared() if one.name == report)
    unit = Unit(account, window, world.World.today, campaigns=campaigns)
    return list(connector.fetch(declared, unit))


def deliveries(connector: RedditAds, report: str, account: Account, window: Window) -> list[Delivery]:
    return [record for record in fetch(connector, report, account, window) if isinstance(record, Delivery)]


def test_the_accounts_are_told_with_their_clocks_and_the_one_without_access_too(
    accounts: dict[str, Account],
) -> None:
    assert {number: (one.currency, one.timezone, one.status) for number, one in accounts.items()} == {
        NEW_YORK: ("USD", "America/New_York", "VALID"),
        KOLKATA: ("EUR", "Asia/Kolkata", "VALID"),
        DENIED: ("EUR", "UTC", "VALID"),
    }


@pytest.mark.parametrize("report", ["campaign_daily", "ad_group_daily", "ad_daily"])
def test_the_connector_reads_the_world_to_the_micro(
    connector: RedditAds, accounts: dict[str, Account], played: world.World, report: str
) -> None:
    fetched: dict[tuple[str, str, date], list[int]] = {}

    for account_id in (NEW_YORK, KOLKATA):
        for record in deliveries(connector, report, accounts[account_id], SEPTEMBER):
            sums = fetched.setdefault((account_id, record.campaign_id, record.day), [0] * 5)
            told = (
                record.cost_micros,
                record.impressions,
                record.interactions,
                record.conversions_micros,
                record.revenue_micros,
            )
            for place, number in enumerate(told):
                sums[place] += number or 0

    expected: dict[tuple[str, str, date], list[int]] = {}
    for account in played.of_platform("reddit_ads"):
        for campaign in account.campaigns:
            for row in played.days[campaign.campaign_id]:
                if row.day in SEPTEMBER:
                    sums = expected.setdefault((account.account_id, campaign.campaign_id, row.day), [0] * 5)
                    used = row.video_views if campaign.channel == "reel" else row.clicks
                    counted = (row.conversions_micros, row.revenue_micros)
                    for place, number in enumerate((row.cost_micros, row.impressions, used, *counted)):
                        sums[place] += number
    assert fetched == expected


@pytest.mark.parametrize("account_id", [NEW_YORK, KOLKATA])
def test_the_accounts_own_days_are_the_sums_of_its_campaigns(
    connector: RedditAds, accounts: dict[str, Account], account_id: str
) -> None:
    metrics = ("impressions", "clicks", "cost_micros", "purchases", "revenue_micros")
    sums: dict[object, list[int]] = {}

    for record in deliveries(connector, "campaign_daily", accounts[account_id], SEPTEMBER):
        total = sums.setdefault(record.day, [0] * len(metrics))
        sums[record.day] = [known + getattr(record, name) for known, name in zip(total, metrics, strict=True)]

    assert {
        record.day: [getattr(record, name) for name in metrics]
        for record in deliveries(connector, "account_daily", accounts[account_id], SEPTEMBER)
    } == sums
    assert len(sums) == SEPTEMBER.days


@pytest.mark.parametrize("report", ["campaign_daily", "ad_group_daily", "ad_daily", "conversions"])
def test_two_parts_of_the_campaigns_are_the_whole(
    connector: RedditAds, accounts: dict[str, Account], played: world.World, report: str
) -> None:
    owner = next(one for one in played.of_platform("reddit_ads") if one.account_id == NEW_YORK)
    ids = [campaign.campaign_id for campaign in owner.campaigns]
    halves = tuple(ids[:1]), tuple(ids[1:])

    parts = [fetch(connector, report, accounts[NEW_YORK], SEPTEMBER, half) for half in halves]

    assert all(parts)
    whole = fetch(connector, report, accounts[NEW_YORK], SEPTEMBER)
    assert sorted(map(repr, [*parts[0], *parts[1]])) == sorted(map(repr, whole))


def test_what_was_removed_and_is_listed_no_more_is_told_with_its_terms(
    connector: RedditAds, accounts: dict[str, Account], played: world.World
) -> None:
    owner = next(one for one in played.of_platform("reddit_ads") if one.account_id == NEW_YORK)
    today = Window(played.today, played.today)
    removed = next(campaign for campaign in owner.campaigns if campaign.status == "removed")

    campaigns = [
        r for r in fetch(connector, "campaigns", accounts[NEW_YORK], today) if isinstance(r, Campaign)
    ]
    groups = [r for r in fetch(connector, "ad_groups", accounts[NEW_YORK], today) if isinstance(r, AdGroup)]
    terms = {
        record.entity_id: (record.model, record.rate_micros, record.kind)
        for record in fetch(connector, "terms", accounts[NEW_YORK], today)
        if isinstance(record, Terms)
    }

    assert {one.campaign_id: one.name for one in campaigns} == {
        one.campaign_id: one.name for one in owner.campaigns
    }
    assert {one.status for one in groups if one.campaign_id == removed.campaign_id} == {"DELETED"}
    assert terms == {
        group.ad_group_id: (campaign.model, *((None, "auto") if campaign.goal else (group.bid_micros, "cap")))
        for campaign in owner.campaigns
        for group in campaign.ad_groups
    }
    assert len(fetch(connector, "ads", accounts[NEW_YORK], today)) == sum(
        len(group.ads) for campaign in owner.campaigns for group in campaign.ad_groups
    )


def test_campaigns_name_the_instrument_that_pays_and_its_debt_is_told(
    connector: RedditAds, accounts: dict[str, Account], played: world.World
) -> None:
    today = Window(played.today, played.today)

    campaigns = fetch(connector, "campaigns", accounts[NEW_YORK], today)
    orders = [one for one in fetch(connector, "orders", accounts[NEW_YORK], today) if isinstance(one, Order)]
    balances = [
        one for one in fetch(connector, "balances", accounts[NEW_YORK], today) if isinstance(one, Balance)
    ]

    paying, ended = orders
    assert {one.budget_id for one in campaigns if isinstance(one, Campaign)} == {paying.order_id}
    assert (paying.cap_micros, ended.last_day) == (5_000_000_000, date(2026, 7, 31))
    owed = sum(
        row.cost_micros
        for campaign in next(
            a for a in played.of_platform("reddit_ads") if a.account_id == NEW_YORK
        ).campaigns
        for row in played.days[campaign.campaign_id]
        if row.day.month == 11
    )
    assert {one.kind: one.amount_micros for one in balances} == {
        f"billable_amount {paying.order_id}": owed,
        f"billable_amount {ended.order_id}": 0,
        "amount_due": owed,
    }


def test_interactions_add_up_to_the_conversions_of_the_delivery(
    connector: RedditAds, accounts: dict[str, Account]
) -> None:
    found = [
        record
        for record in fetch(connector, "conversions", accounts[NEW_YORK], SEPTEMBER)
        if isinstance(record, Interaction) and record.action == "key_conversion"
    ]

    sums = {
        attribution: sum(one.quantity_micros for one in found if one.attribution == attribution)
        for attribution in ("click_week_view_day", "click_week", "view_day")
    }
    delivered = deliveries(connector, "campaign_daily", accounts[NEW_YORK], SEPTEMBER)
    assert sums["click_week_view_day"] == sum(record.conversions_micros or 0 for record in delivered)
    assert sums["click_week"] + sums["view_day"] == sums["click_week_view_day"]
    assert {one.attribution for one in found if one.in_total} == {"click_week_view_day"}
    assert {one.attribution for one in found if one.view_through} == {"view_day"}


@pytest.mark.parametrize("day", [SEPTEMBER.first_day, date(2026, 11, 1), date(2026, 11, 9)])
@pytest.mark.parametrize("account_id", [NEW_YORK, KOLKATA])
def test_a_single_day_is_whole_and_alone(
    connector: RedditAds, accounts: dict[str, Account], played: world.World, account_id: str, day: date
) -> None:
    """November 1 has 25 hours in New York; Kolkata's midnight is no whole hour of UTC."""
    found = deliveries(connector, "account_daily", accounts[account_id], Window(day, day))

    account = next(one for one in played.of_platform("reddit_ads") if one.account_id == account_id)
    rows = [row for c in account.campaigns for row in played.days[c.campaign_id] if row.day == day]
    assert [(one.day, one.cost_micros) for one in found] == [(day, sum(row.cost_micros for row in rows))]


def test_an_account_without_access_says_so(connector: RedditAds, accounts: dict[str, Account]) -> None:
    with pytest.raises(DeniedError):
        fetch(connector, "campaign_daily", accounts[DENIED], SEPTEMBER)
