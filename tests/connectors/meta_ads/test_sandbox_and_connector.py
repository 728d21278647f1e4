"""The connector against the fake, over real HTTP: what went into the world comes out of it."""

from collections.abc import Iterator
from datetime import date

import pytest
from pydantic import SecretStr

from adtally import (
    Account,
    Balance,
    Delivery,
    DeniedError,
    Interaction,
    Invoice,
    NotOffered,
    TransientError,
    Unit,
    Window,
    world,
)
from adtally.calendar import month
from adtally_connectors.meta_ads import MetaAds
from adtally_connectors.meta_ads.sandbox import MetaAdsFake

BERLIN, TAIPEI, BAKERY, DENIED = "3000000201", "3000000204", "3000000205", "3000000208"
SEPTEMBER, OCTOBER = month("2026-09"), month("2026-10")


@pytest.fixture(scope="module")
def played() -> world.World:
    return world.World.build(seed=7)


@pytest.fixture(scope="module")
def connector(played: world.World) -> Iterator[MetaAds]:
    with world.serve(played, fakes={"meta_ads": MetaAdsFake}) as sandbox:
        yield asking(sandbox.url)


def asking(url: str, *, compare_totals: bool = True) -> MetaAds:
    """The connector for the sandbox at ``url``; it never waits."""
    meta = MetaAds(
        base_url=f"{url}/meta_ads",
        access_token=SecretStr("sandbox-meta-token"),
        app_secret=SecretStr("sandbox-meta-secret"),
        business_id="555000111",
        poll_seconds=0,
        compare_totals=compare_totals,
    )
    meta.http.sleep = lambda _seconds: None
    return meta


def fetch(
    connector: MetaAds, report: str, account: Account, window: Window, campaigns: tuple[str, ...] = ()
) -> list[object]:
    declared = next(one for one in connector.declared() if one.name == report)
    unit = Unit(account, window, world.World.today, campaigns=campaigns)
    return list(connector.fetch(declared, unit))


@pytest.fixture(scope="module")
def accounts(connector: MetaAds) -> dict[str, Account]:
    return {account.id: account for account in connector.accounts()}


def test_the_connector_reads_the_world_to_the_micro(
    connector: MetaAds, accounts: dict[str, Account], played: world.World
) -> None:
    fetched: dict[tuple[str, str], int] = {}

    for account_id in accounts.keys() - {DENIED}:
        for record in fetch(connector, "campaign_daily", accounts[account_id], SEPTEMBER):
            assert isinstance(record, Delivery)
            key = account_id, record.campaign_id
            fetched[key] = fetched.get(key, 0) + (record.cost_micros or 0)

    assert fetched == {
        (account.account_id, campaign.campaign_id): sum(row.cost_micros for row in days)
        for account in played.of_platform("meta_ads")
        for campaign in account.campaigns
        if (days := [row for row in played.days[campaign.campaign_id] if row.day in SEPTEMBER])
    }


def test_ads_of_deleted_campaigns_are_there_and_add_up(
    connector: MetaAds, accounts: dict[str, Account], played: world.World
) -> None:
    ads: dict[str, int] = {}

    for record in fetch(connector, "ad_daily", accounts[BERLIN], SEPTEMBER):
        assert isinstance(record, Delivery)
        ads[record.campaign_id] = ads.get(record.campaign_id, 0) + (record.cost_micros or 0)

    assert ads == {
        campaign.campaign_id: sum(
            row.cost_micros for row in played.days[campaign.campaign_id] if row.day in SEPTEMBER
        )
        for account in played.of_platform("meta_ads")
        if account.account_id == BERLIN
        for campaign in account.campaigns
    }


def test_the_accounts_own_days_are_the_sums_of_its_campaigns(
    connector: MetaAds, accounts: dict[str, Account]
) -> None:
    metrics = ("impressions", "clicks", "purchases", "revenue_micros", "cost_micros")
    sums: dict[object, list[int]] = {}

    for record in fetch(connector, "campaign_daily", accounts[BERLIN], SEPTEMBER):
        assert isinstance(record, Delivery)
        total = sums.setdefault(record.day, [0] * len(metrics))
        sums[record.day] = [known + getattr(record, name) for known, name in zip(total, metrics, strict=True)]

    assert {
        record.day: [getattr(record, name) for name in metrics]
        for record in fetch(connector, "account_daily", accounts[BERLIN], SEPTEMBER)
        if isinstance(record, Delivery) and record.campaign_id == ""
    } == sums
    assert len(sums) == SEPTEMBER.days


@pytest.mark.parametrize("report", ["campaign_daily", "ad_group_daily", "ad_daily", "conversions"])
def test_two_parts_of_the_campaigns_are_the_whole(
    connector: MetaAds, accounts: dict[str, Account], played: world.World, report: str
) -> None:
    owner = next(one for one in played.of_platform("meta_ads") if one.account_id == BERLIN)
    ids = [campaign.campaign_id for campaign in owner.campaigns]
    halves = tuple(ids[:1]), tuple(ids[1:])

    parts = [fetch(connector, report, accounts[BERLIN], SEPTEMBER, half) for half in halves]

    assert all(parts)
    whole = fetch(connector, report, accounts[BERLIN], SEPTEMBER)
    assert sorted(map(repr, [*parts[0], *parts[1]])) == sorted(map(repr, whole))


def test_windows_lie_beside_each_other_and_the_default_holds_clicks_and_views(
    connector: MetaAds, accounts: dict[str, Account], played: world.World
) -> None:
    installs: dict[tuple[str, bool], int] = {}

    for record in fetch(connector, "conversions", accounts[TAIPEI], OCTOBER):
        assert isinstance(record, Interaction)
        if record.kind == "install" and record.action == "mobile_app_install":
            key = record.attribution, record.view_through
            installs[key] = installs.get(key, 0) + record.quantity_micros // 1_000_000

    rows = [
        row
        for account in played.accounts
        if account.account_id == TAIPEI
        for campaign in account.campaigns
        for row in played.days[campaign.campaign_id]
        if row.day in OCTOBER
    ]
    every, seen = sum(row.installs for row in rows), sum(row.view_through for row in rows)
    clicked = dict.fromkeys([(f"{days}d_click", False) for days in (1, 7, 28)], every - seen)
    assert installs == {("default", False): every, ("1d_view", True): seen} | clicked


def test_each_invoice_comes_back_with_lines_that_add_up(
    connector: MetaAds, accounts: dict[str, Account], played: world.World
) -> None:
    found: dict[str, int] = {}

    for account_id in (BERLIN, "3000000203", TAIPEI, "3000000207"):
        for window in (SEPTEMBER, OCTOBER):
            for invoice in fetch(connector, "invoices", accounts[account_id], window):
                assert isinstance(invoice, Invoice)
                assert sum(line.amount_micros for line in invoice.lines) == invoice.total_micros
                found[invoice.invoice_id] = invoice.total_micros

    assert found == {bill.invoice_id: bill.total_micros for bill in played.bills if bill.connector == "meta"}


def test_a_card_is_charged_and_its_balance_is_in_whole_cents(
    connector: MetaAds, accounts: dict[str, Account], played: world.World
) -> None:
    charged = {
        record.issue_day: record.total_micros
        for record in fetch(connector, "charges", accounts[BAKERY], OCTOBER)
        if isinstance(record, Invoice)
    }
    today = Window(world.World.today, world.World.today)
    balances = {
        record.kind: record.amount_micros
        for record in fetch(connector, "balances", accounts[BAKERY], today)
        if isinstance(record, Balance)
    }

    assert charged == {
        charge.day: charge.amount_micros
        for charge in played.charges
        if charge.account_id == BAKERY and charge.day in OCTOBER
    }
    assert balances["amount_due"] == 0
    assert date(2026, 10, 1) in charged


@pytest.mark.parametrize(
    "report", ["campaigns", "campaign_daily", "account_daily", "ad_daily", "conversions"]
)
def test_rows_that_the_platform_leaves_out_are_missed(
    accounts: dict[str, Account], played: world.World, report: str
) -> None:
    with world.serve(played, fakes={"meta_ads": MetaAdsFake}, faults="missing-page") as sandbox:
        struck, careless = (asking(sandbox.url, compare_totals=compares) for compares in (True, False))

        with pytest.raises(
            TransientError, match=r"^rows are missing: [\d,]+ of [\d,]+( impressions)? came; sync again$"
        ):
            fetch(struck, report, accounts[BERLIN], SEPTEMBER)

        assert fetch(careless, report, accounts[BERLIN], SEPTEMBER)


def test_accounts_without_access_or_invoices_say_so(connector: MetaAds, accounts: dict[str, Account]) -> None:
    with pytest.raises(DeniedError):
        fetch(connector, "campaign_daily", accounts[DENIED], OCTOBER)
    with pytest.raises(NotOffered):
        fetch(connector, "invoices", accounts[BAKERY], OCTOBER)
