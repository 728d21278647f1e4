"""The connector against the fake, over real HTTP: what went into the world comes out of it."""

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from adtally import Account, Delivery, DeniedError, Invoice, NotOffered, Unit, Window, world
from adtally.calendar import month
from adtally_connectors.google_ads import GoogleAds
from adtally_connectors.google_ads.sandbox import GoogleAdsFake

BERLIN, TOKYO, BAKERY, CLOSED, SISTER = "2000000101", "2000000104", "2000000105", "2000000106", "2000000107"
OCTOBER = month("2026-10")


@pytest.fixture(scope="module")
def played() -> world.World:
    return world.World.build(seed=7)


@pytest.fixture(scope="module")
def connector(played: world.World) -> Iterator[GoogleAds]:
    with world.serve(played, fakes={"google_ads": GoogleAdsFake}) as sandbox:
        google = GoogleAds(
            base_url=f"{sandbox.url}/google_ads",
            client_id="sandbox-client",
            client_secret=SecretStr("sandbox-client-secret"),
            refresh_token=SecretStr("sandbox-refresh-token"),
        )
        google.http.sleep = lambda _seconds: None
        yield google


def fetch(
    connector: GoogleAds, report: str, account: Account, window: Window, campaigns: tuple[str, ...] = ()
) -> list[object]:
    declared = next(one for one in connector.declared() if one.name == report)
    unit = Unit(account, window, world.World.today, campaigns=campaigns)
    return list(connector.fetch(declared, unit))


def test_the_connector_reads_the_world_to_the_micro(connector: GoogleAds, played: world.World) -> None:
    accounts = {account.id: account for account in connector.accounts()}
    fetched: dict[tuple[str, str], int] = {}

    for account_id in ("2000000101", "2000000102", "2000000103", TOKYO, BAKERY):
        for record in fetch(connector, "campaign_daily", accounts[account_id], OCTOBER):
            assert isinstance(record, Delivery)
            key = account_id, record.campaign_id
            fetched[key] = fetched.get(key, 0) + (record.cost_micros or 0)

    assert fetched == {
        (account.account_id, campaign.campaign_id): sum(row.cost_micros for row in days)
        for account in played.of_platform("google_ads")
        for campaign in account.campaigns
        if (days := [row for row in played.days[campaign.campaign_id] if row.day in OCTOBER])
    }


def test_ads_add_up_to_their_campaigns_and_performance_max_has_none(
    connector: GoogleAds, played: world.World
) -> None:
    account = next(account for account in connector.accounts() if account.id == BERLIN)
    ads: dict[str, int] = {}

    for record in fetch(connector, "ad_daily", account, OCTOBER):
        assert isinstance(record, Delivery)
        ads[record.campaign_id] = ads.get(record.campaign_id, 0) + (record.cost_micros or 0)

    assert ads == {
        campaign.campaign_id: sum(
            row.cost_micros for row in played.days[campaign.campaign_id] if row.day in OCTOBER
        )
        for campaign in played.accounts[0].campaigns
        if campaign.ad_groups
    }
    assert len(ads) < len(played.accounts[0].campaigns)


def test_the_accounts_own_days_are_the_sums_of_its_campaigns(connector: GoogleAds) -> None:
    account = next(account for account in connector.accounts() if account.id == BERLIN)
    metrics = ("impressions", "clicks", "interactions", "conversions_micros", "invalid_clicks", "cost_micros")
    sums: dict[object, list[int]] = {}

    for record in fetch(connector, "campaign_daily", account, OCTOBER):
        assert isinstance(record, Delivery)
        total = sums.setdefault(record.day, [0] * len(metrics))
        sums[record.day] = [known + getattr(record, name) for known, name in zip(total, metrics, strict=True)]

    assert {
        record.day: [getattr(record, name) for name in metrics]
        for record in fetch(connector, "account_daily", account, OCTOBER)
        if isinstance(record, Delivery) and record.campaign_id == ""
    } == sums
    assert len(sums) == OCTOBER.days


@pytest.mark.parametrize("report", ["campaign_daily", "ad_group_daily", "ad_daily", "conversions"])
def test_two_parts_of_the_campaigns_are_the_whole(
    connector: GoogleAds, played: world.World, report: str
) -> None:
    account = next(account for account in connector.accounts() if account.id == BERLIN)
    ids = [campaign.campaign_id for campaign in played.accounts[0].campaigns]
    halves = tuple(ids[:2]), tuple(ids[2:])

    parts = [fetch(connector, report, account, OCTOBER, half) for half in halves]

    assert all(parts)
    whole = fetch(connector, report, account, OCTOBER)
    assert sorted(map(repr, [*parts[0], *parts[1]])) == sorted(map(repr, whole))


def test_each_invoice_comes_back_with_lines_that_add_up(connector: GoogleAds, played: world.World) -> None:
    found: dict[str, int] = {}

    for account in connector.accounts():
        if account.id in (BERLIN, "2000000103", TOKYO):
            for name in ("2026-09", "2026-10"):
                for invoice in fetch(connector, "invoices", account, month(name)):
                    assert isinstance(invoice, Invoice)
                    assert sum(line.amount_micros for line in invoice.lines) == invoice.total_micros
                    found[invoice.invoice_id] = invoice.total_micros

    assert found == {
        bill.invoice_id: bill.total_micros for bill in played.bills if bill.connector == "google"
    }


def test_accounts_without_access_or_invoices_say_so(connector: GoogleAds) -> None:
    accounts = {account.id: account for account in connector.accounts()}

    with pytest.raises(NotOffered, match="cancelled"):
        fetch(connector, "campaign_daily", accounts[CLOSED], OCTOBER)
    with pytest.raises(DeniedError):
        fetch(connector, "campaign_daily", accounts[SISTER], OCTOBER)
    with pytest.raises(NotOffered, match="monthly invoicing"):
        fetch(connector, "invoices", accounts[BAKERY], OCTOBER)
