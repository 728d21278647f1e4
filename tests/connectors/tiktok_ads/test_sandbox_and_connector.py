"""The connector against the fake, over real HTTP: what went into the world comes out of it."""

from collections.abc import Iterator
from datetime import date

import pytest
from pydantic import SecretStr

from adtally import Account, Delivery, DeniedError, Invoice, Unit, Window, world
from adtally.calendar import month
from adtally_connectors.tiktok_ads import TikTokAds
from adtally_connectors.tiktok_ads.sandbox import TikTokAdsFake

PACIFIC, KEA, TOKYO, DENIED = (f"701111111111111110{number}" for number in range(1, 5))
SEPTEMBER = month("2026-09")


@pytest.fixture(scope="module")
def played() -> world.World:
    return world.World.build(seed=7)


@pytest.fixture(scope="module")
def connector(played: world.World) -> Iterator[TikTokAds]:
    with world.serve(played, fakes={"tiktok_ads": TikTokAdsFake}) as sandbox:
        tiktok = TikTokAds(
            base_url=f"{sandbox.url}/tiktok_ads",
            access_token=SecretStr("sandbox-tiktok-token"),
            app_id="sandbox-app",
            app_secret=SecretStr("sandbox-app-secret"),
            bc_id="7000000000000000555",
            poll_seconds=0,
            requests_per_second=None,
        )
        tiktok.http.sleep = lambda _seconds: None
        yield tiktok


@pytest.fixture(scope="module")
def accounts(connector: TikTokAds) -> dict[str, Account]:
    return {account.id: account for account in connector.accounts()}


def fetch(
    connector: TikTokAds, report: str, account: Account, window: Window, campaigns: tuple[str, ...] = ()
) -> list[object]:
    declared = next(one for one in connector.declared() if one.name == report)
    unit = Unit(account, window, world.World.today, campaigns=campaigns)
    return list(connector.fetch(declared, unit))


def deliveries(connector: TikTokAds, report: str, account: Account, window: Window) -> list[Delivery]:
    return [record for record in fetch(connector, report, account, window) if isinstance(record, Delivery)]


@pytest.mark.parametrize("report", ["campaign_daily", "ad_group_daily", "ad_daily"])
def test_the_connector_reads_the_world_to_the_micro(
    connector: TikTokAds, accounts: dict[str, Account], played: world.World, report: str
) -> None:
    fetched: dict[tuple[str, str], int] = {}

    for account_id in (PACIFIC, KEA, TOKYO):
        for record in deliveries(connector, report, accounts[account_id], SEPTEMBER):
            key = account_id, record.campaign_id
            fetched[key] = fetched.get(key, 0) + (record.cost_micros or 0)

    assert fetched == {
        (account.account_id, campaign.campaign_id): sum(row.cost_micros for row in days)
        for account in played.of_platform("tiktok_ads")
        for campaign in account.campaigns
        if (days := [row for row in played.days[campaign.campaign_id] if row.day in SEPTEMBER])
    }


def test_the_accounts_own_days_are_the_sums_of_its_campaigns(
    connector: TikTokAds, accounts: dict[str, Account]
) -> None:
    metrics = ("impressions", "clicks", "cost_micros", "credited_micros")
    sums: dict[object, list[int]] = {}

    for record in deliveries(connector, "campaign_daily", accounts[TOKYO], SEPTEMBER):
        total = sums.setdefault(record.day, [0] * len(metrics))
        sums[record.day] = [known + getattr(record, name) for known, name in zip(total, metrics, strict=True)]

    assert {
        record.day: [getattr(record, name) for name in metrics]
        for record in deliveries(connector, "account_daily", accounts[TOKYO], SEPTEMBER)
        if record.campaign_id == ""
    } == sums
    assert len(sums) == SEPTEMBER.days


@pytest.mark.parametrize("report", ["campaign_daily", "ad_group_daily", "ad_daily", "conversions"])
def test_two_parts_of_the_campaigns_are_the_whole(
    connector: TikTokAds, accounts: dict[str, Account], played: world.World, report: str
) -> None:
    owner = next(one for one in played.of_platform("tiktok_ads") if one.account_id == PACIFIC)
    ids = [campaign.campaign_id for campaign in owner.campaigns]
    halves = tuple(ids[:1]), tuple(ids[1:])

    parts = [fetch(connector, report, accounts[PACIFIC], SEPTEMBER, half) for half in halves]

    assert all(parts)
    whole = fetch(connector, report, accounts[PACIFIC], SEPTEMBER)
    assert sorted(map(repr, [*parts[0], *parts[1]])) == sorted(map(repr, whole))


def test_what_a_voucher_paid_is_credited(
    connector: TikTokAds, accounts: dict[str, Account], played: world.World
) -> None:
    records = deliveries(connector, "campaign_daily", accounts[TOKYO], SEPTEMBER)
    without = deliveries(connector, "campaign_daily", accounts[PACIFIC], SEPTEMBER)

    assert all(
        0 < (record.credited_micros or 0) <= (record.cost_micros or 0) * 12 // 100 for record in records
    )
    assert {record.credited_micros for record in without} == {0}


def test_the_last_day_of_a_clock_ahead_is_not_lost(
    connector: TikTokAds, accounts: dict[str, Account]
) -> None:
    window = Window(date(2026, 11, 9), date(2026, 11, 10))

    days = {
        record.day
        for record in deliveries(connector, "campaign_daily", accounts[KEA], window)
        if record.cost_micros
    }

    assert days == {date(2026, 11, 9), date(2026, 11, 10)}


def test_each_invoice_comes_back_by_the_month_in_which_it_was_sent(
    connector: TikTokAds, accounts: dict[str, Account], played: world.World
) -> None:
    found = {
        (account_id, invoice.invoice_id): invoice.total_micros
        for account_id in (PACIFIC, KEA)
        for window in (month("2026-10"), month("2026-11"))
        for invoice in fetch(connector, "invoices", accounts[account_id], window)
        if isinstance(invoice, Invoice)
    }

    assert found == {
        (bill.account_id, bill.invoice_id): bill.total_micros
        for bill in played.bills
        if bill.connector == "tiktok"
    }


def test_an_account_without_access_says_so(connector: TikTokAds, accounts: dict[str, Account]) -> None:
    with pytest.raises(DeniedError):
        fetch(connector, "campaign_daily", accounts[DENIED], SEPTEMBER)
