"""The connector against the fake, over real HTTP: what went into the world comes out of it."""

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from adtally import Account, AdtallyError, Delivery, DeniedError, Interaction, Terms, Unit, Window, world
from adtally.calendar import month
from adtally_connectors.linkedin_ads import LinkedInAds
from adtally_connectors.linkedin_ads.sandbox import LinkedInAdsFake

LINDENHOF, PACIFIC, DENIED = (f"51234560{number}" for number in (1, 2, 3))
SEPTEMBER = month("2026-09")
COUNTS = ("impressions", "clicks", "engagements", "video_views", "video_completions", "leads", "cost_micros")


@pytest.fixture(scope="module")
def played() -> world.World:
    return world.World.build(seed=7)


@pytest.fixture(scope="module")
def connector(played: world.World) -> Iterator[LinkedInAds]:
    with world.serve(played, fakes={"linkedin_ads": LinkedInAdsFake}) as sandbox:
        linkedin = LinkedInAds(
            base_url=f"{sandbox.url}/linkedin_ads",
            client_id="sandbox-linkedin-client",
            client_secret=SecretStr("sandbox-linkedin-secret"),
            refresh_token=SecretStr("sandbox-linkedin-refresh"),
            requests_per_second=None,
        )
        linkedin.http.sleep = lambda _seconds: None
        yield linkedin


@pytest.fixture(scope="module")
def accounts(connector: LinkedInAds) -> dict[str, Account]:
    return {account.id: account for account in connector.accounts()}


def fetch(
    connector: LinkedInAds, report: str, account: Account, window: Window, campaigns: tuple[str, ...] = ()
) -> list[object]:
    declared = next(one for one in connector.declared() if one.name == report)
    return list(connector.fetch(declared, Unit(account, window, world.World.today, campaigns=campaigns)))


def deliveries(connector: LinkedInAds, report: str, account: Account) -> list[Delivery]:
    return [record for record in fetch(connector, report, account, SEPTEMBER) if isinstance(record, Delivery)]


def happened(played: world.World, account_id: str) -> Iterator[tuple[world.Campaign, world.Row]]:
    for account in played.of_platform("linkedin_ads"):
        for campaign in account.campaigns if account.account_id == account_id else ():
            for row in played.days[campaign.campaign_id]:
                if row.day in SEPTEMBER:
                    yield campaign, row


@pytest.mark.parametrize(
    ("report", "key"),
    [
        ("account_daily", ()),
        ("campaign_daily", ("campaign_id",)),
        ("ad_group_daily", ("campaign_id", "ad_group_id")),
        ("ad_daily", ("campaign_id", "ad_group_id", "ad_id")),
    ],
)
@pytest.mark.parametrize("account_id", [LINDENHOF, PACIFIC])
def test_the_connector_reads_the_world_to_the_micro(
    connector: LinkedInAds,
    accounts: dict[str, Account],
    played: world.World,
    account_id: str,
    report: str,
    key: tuple[str, ...],
) -> None:
    wanted: dict[tuple[object, ...], list[int]] = {}
    for campaign, row in happened(played, account_id):
        ids = {"campaign_id": campaign.campaign_id, "ad_group_id": row.ad_group_id, "ad_id": row.ad_id}
        sums = wanted.setdefault((row.day, *(ids[name] for name in key)), [0] * len(COUNTS))
        for place, name in enumerate(COUNTS):
            sums[place] += getattr(row, name)

    found = {
        (record.day, *(getattr(record, name) for name in key)): [getattr(record, name) for name in COUNTS]
        for record in deliveries(connector, report, accounts[account_id])
    }

    assert found == {of: sums for of, sums in wanted.items() if any(sums)}


@pytest.mark.parametrize("report", ["campaign_daily", "ad_group_daily", "ad_daily"])
def test_each_campaign_counts_what_it_pays_for(
    connector: LinkedInAds, accounts: dict[str, Account], played: world.World, report: str
) -> None:
    models = {campaign.campaign_id: campaign.model for campaign, _ in happened(played, LINDENHOF)}
    models |= {campaign.campaign_id: campaign.model for campaign, _ in happened(played, PACIFIC)}
    columns = {"cpm": "impressions", "cpc": "clicks", "cpv": "video_views"}
    records = [
        record
        for account_id in (LINDENHOF, PACIFIC)
        for record in deliveries(connector, report, accounts[account_id])
    ]

    assert set(models.values()) == {"cpm", "cpc", "cpv"}
    for record in records:
        model = models[record.campaign_id]
        assert record.billable_units == getattr(record, columns[model])
        assert record.interactions == (record.video_views if model == "cpv" else record.clicks)


def test_results_are_those_of_the_campaigns_that_aim_at_them(
    connector: LinkedInAds, accounts: dict[str, Account], played: world.World
) -> None:
    rows = [row for campaign, row in happened(played, LINDENHOF) if campaign.goal]
    sums: dict[tuple[str, str], list[int]] = {}

    for record in fetch(connector, "conversions", accounts[LINDENHOF], SEPTEMBER):
        assert isinstance(record, Interaction)
        if record.attribution:
            total = sums.setdefault((record.action, record.attribution), [0, 0])
            sums[record.action, record.attribution] = [
                total[0] + record.quantity_micros,
                total[1] + (record.value_micros or 0),
            ]

    all_of_them = [sum(row.conversions_micros for row in rows), sum(row.revenue_micros for row in rows)]
    seen = sum(row.view_through for row in rows) * 1_000_000
    assert seen
    assert sums == {
        (action, attribution): told
        for action in ("externalWebsiteConversions", "Purchase #104001")
        for attribution, told in (
            ("default", all_of_them),
            ("click", [all_of_them[0] - seen, 0]),
            ("view_through", [seen, 0]),
        )
    }


@pytest.mark.parametrize("report", ["campaign_daily", "ad_group_daily", "ad_daily", "conversions"])
def test_two_parts_of_the_campaigns_are_the_whole(
    connector: LinkedInAds, accounts: dict[str, Account], played: world.World, report: str
) -> None:
    ids = list(dict.fromkeys(campaign.campaign_id for campaign, _ in happened(played, LINDENHOF)))
    halves = tuple(ids[:2]), tuple(ids[2:])

    parts = [fetch(connector, report, accounts[LINDENHOF], SEPTEMBER, half) for half in halves]

    assert all(parts)
    whole = fetch(connector, report, accounts[LINDENHOF], SEPTEMBER)
    assert sorted(map(repr, [*parts[0], *parts[1]])) == sorted(map(repr, whole))


def test_terms_and_things_in_every_state_are_told(
    connector: LinkedInAds, accounts: dict[str, Account], played: world.World
) -> None:
    owner = next(one for one in played.of_platform("linkedin_ads") if one.account_id == LINDENHOF)
    account = accounts[LINDENHOF]

    terms = {
        record.entity_id: (record.campaign_id, record.model, record.kind, record.rate_micros)
        for record in fetch(connector, "terms", account, SEPTEMBER)
        if isinstance(record, Terms)
    }
    listed = [
        len(fetch(connector, report, account, SEPTEMBER)) for report in ("campaigns", "ad_groups", "ads")
    ]

    assert terms == {
        group.ad_group_id: (
            campaign.campaign_id,
            campaign.model,
            "auto" if campaign.goal else "cap",
            None if campaign.goal else group.bid_micros,
        )
        for campaign in owner.campaigns
        for group in campaign.ad_groups
    }
    groups = [group for campaign in owner.campaigns for group in campaign.ad_groups]
    assert listed == [len(owner.campaigns), len(groups), sum(len(group.ads) for group in groups)]
    assert "removed" in {campaign.status for campaign in owner.campaigns}


def test_an_account_without_access_says_so_in_every_report(
    connector: LinkedInAds, accounts: dict[str, Account]
) -> None:
    failures: dict[str, type[AdtallyError]] = {}

    for report in connector.declared():
        with pytest.raises(AdtallyError) as caught:
            fetch(connector, report.name, accounts[DENIED], SEPTEMBER)
        failures[report.name] = caught.type

    assert set(failures.values()) == {DeniedError}
