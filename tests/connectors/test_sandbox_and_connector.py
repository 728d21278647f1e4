"""Each connector against its platform's fake, over real HTTP: what went into the world comes out of it."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

import adtally
from adtally import (
    Ad,
    AdGroup,
    AdtallyError,
    Campaign,
    CountryCost,
    Delivery,
    DeniedError,
    HourlyCost,
    Record,
    Window,
    local_day,
    world,
)

from .sandboxed import (
    OCTOBER,
    SEPTEMBER,
    Served,
    counted,
    happened,
    key,
    owned,
    owned_groups,
    served_by,
    summed,
)
from .trials import played

PLATFORMS = tuple(sorted({account.platform for account in played().accounts} & world.installed().keys()))
"""Sources of evidence alone have no advertisers; their own tests hold them against the world."""
DELIVERING = tuple(name for name in PLATFORMS if name != "cm360")
"""Campaign Manager 360 counts what others deliver; its own tests hold that against the world."""
DELIVERED = [
    (platform, report.name)
    for platform in PLATFORMS
    for report in adtally.connectors()[platform].declared()
    if report.records == (Delivery,)
]
SPLIT = [
    (platform, report.name)
    for platform in DELIVERING
    for report in adtally.connectors()[platform].declared()
    if report.by_campaign
]


def telling(record: type[Record]) -> list[str]:
    return [
        platform
        for platform in PLATFORMS
        if any(record in report.records for report in adtally.connectors()[platform].declared())
    ]


EDGES = {
    "the end of September": Window(date(2026, 9, 29), date(2026, 10, 2)),
    "the end of October, with a day of 25 hours": Window(date(2026, 10, 30), date(2026, 11, 2)),
    "an edge that is running": Window(date(2026, 10, 30), date(2026, 10, 31)),
}
FORGETFUL = {"apple_ads"}
"""Hours are told for a week; the platform's own tests ask in time."""
TELLING_NO_CLICKS = {"meta_ads"}
"""Which clicks are charged for is not told by hour."""
WINDOWS = {
    "a month": SEPTEMBER,
    "while the clocks change": Window(date(2026, 10, 20), date(2026, 11, 3)),
    "the first day": Window(SEPTEMBER.first_day, SEPTEMBER.first_day),
    "the last day of a month": Window(SEPTEMBER.last_day, SEPTEMBER.last_day),
    "a day of 25 hours": Window(date(2026, 11, 1), date(2026, 11, 1)),
    "yesterday": Window(date(2026, 11, 9), date(2026, 11, 9)),
    "until a clock ahead is": Window(date(2026, 11, 9), date(2026, 11, 10)),
}
"""Europe sets its clocks back on 25 October, America on 1 November; Kolkata is no whole hours from UTC."""

STATUS = {
    "amazon_ads": "",
    "apple_ads": "ACTIVE",
    "cm360": "APPROVED",
    "dv360": "ENTITY_STATUS_ACTIVE",
    "google_ads": "ENABLED",
    "linkedin_ads": "ACTIVE",
    "meta_ads": "ACTIVE",
    "microsoft_ads": "Active",
    "pinterest_ads": "",
    "reddit_ads": "VALID",
    "snapchat_ads": "ACTIVE",
    "tiktok_ads": "STATUS_ENABLE",
    "x_ads": "ACCEPTED",
}
"""Of an account that is open, also where we are denied access."""
REACHED_FROM_ABOVE = {"2000000104": "1000000000"}
"""Google names the manager through which we came, which is above the one of the account."""

SHOWN = ("cost_micros", "impressions", "clicks")
WATCHED = ("engagements", "video_views", "video_completions")
BOUGHT = ("installs", "purchases", "revenue_micros")
COUNTED = {
    "amazon_ads": (*SHOWN, "purchases", "revenue_micros", "interactions"),
    "apple_ads": (*SHOWN, "interactions"),
    "dv360": (
        *SHOWN,
        *WATCHED,
        "interactions",
        "measurable_impressions",
        "viewable_impressions",
        "invalid_clicks",
    ),
    "google_ads": (
        *SHOWN,
        *WATCHED,
        "measurable_impressions",
        "viewable_impressions",
        "conversions_micros",
        "revenue_micros",
    ),
    "linkedin_ads": (*SHOWN, *WATCHED, "interactions", "leads"),
    "meta_ads": (*SHOWN, *WATCHED, "leads", "installs", "purchases"),
    "microsoft_ads": (
        *SHOWN,
        "video_views",
        "video_completions",
        "interactions",
        "conversions_micros",
        "revenue_micros",
    ),
    "pinterest_ads": (*SHOWN, *WATCHED, *BOUGHT, "interactions", "leads", "conversions_micros"),
    "reddit_ads": (*SHOWN, *BOUGHT, "interactions", "leads", "conversions_micros"),
    "snapchat_ads": (*SHOWN, *WATCHED, *BOUGHT, "interactions", "leads"),
    "tiktok_ads": (*SHOWN, "interactions", "engagements", "leads", "installs", "revenue_micros"),
    "x_ads": (*SHOWN, *WATCHED, *BOUGHT, "interactions"),
}
"""What is told of every campaign, ad group and ad as the world counts it."""
OF_THE_DAY = {
    "dv360": (
        *SHOWN,
        "engagements",
        "video_completions",
        "measurable_impressions",
        "viewable_impressions",
        "invalid_clicks",
        "conversions_micros",
        "credited_micros",
    ),
    "google_ads": (*COUNTED["google_ads"], "interactions", "invalid_clicks"),
    "linkedin_ads": (*SHOWN, *WATCHED, "leads"),
    "meta_ads": (*SHOWN, "leads", *BOUGHT),
    "microsoft_ads": (
        *SHOWN,
        "video_views",
        "video_completions",
        "conversions_micros",
        "revenue_micros",
        "invalid_clicks",
        "installs",
    ),
    "pinterest_ads": (
        *SHOWN,
        "engagements",
        "video_views",
        "leads",
        "conversions_micros",
        "purchases",
        "revenue_micros",
    ),
    "reddit_ads": (*SHOWN, *BOUGHT, "leads", "conversions_micros"),
    "snapchat_ads": ("cost_micros",),
    "tiktok_ads": (*SHOWN, "engagements", "leads", "installs", "revenue_micros", "credited_micros"),
    "x_ads": ("cost_micros",),
}
"""What the account's own days tell; Amazon and Apple have none."""

ANSWERED = {
    "meta_ads": {"invoices"},
    "snapchat_ads": {"orders", "balances"},
    "tiktok_ads": {"balances", "invoices", "charges"},
    "x_ads": {"balances"},
}
"""Reports that ask those who pay and not the account, and so hold also where it denies access."""


@pytest.fixture(scope="module")
def all_served() -> Iterator[dict[str, Served]]:
    with world.serve(played()) as sandbox:
        yield {platform: served_by(sandbox, platform) for platform in PLATFORMS}


@pytest.fixture
def served(all_served: dict[str, Served], platform: str) -> Served:
    return all_served[platform]


def ids(platform: str, access: str = "open") -> list[str]:
    return [one.account_id for one in played().of_platform(platform) if one.access == access]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_account_is_listed_once_with_its_currency_clock_and_manager(
    served: Served, platform: str
) -> None:
    assert sorted(
        (one.id, one.name, one.currency, one.timezone, one.manager_id, one.status)
        for one in served.connector.accounts()
    ) == sorted(
        (
            one.account_id,
            one.name,
            one.currency,
            one.timezone,
            REACHED_FROM_ABOVE.get(one.account_id, one.manager_id),
            "CANCELED" if one.access == "cancelled" else STATUS[platform],
        )
        for one in played().of_platform(platform)
    )


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
@pytest.mark.parametrize(("platform", "report"), DELIVERED)
def test_the_connector_reads_the_world_to_the_micro(
    served: Served, platform: str, report: str, window: Window
) -> None:
    grain = report.removesuffix("_daily")
    names = COUNTED[platform]
    if grain == "account":
        names = tuple(name for name in SHOWN if name in OF_THE_DAY[platform])

    for account_id in ids(platform):
        records = served.deliveries(report, account_id, window)

        assert counted(account_id, records, names) == summed(account_id, window, grain, names)


@pytest.mark.parametrize("window", EDGES.values(), ids=EDGES)
@pytest.mark.parametrize("platform", sorted({*telling(HourlyCost)} - FORGETFUL))
def test_the_hours_of_each_campaign_are_its_days_to_the_micro(
    served: Served, platform: str, window: Window
) -> None:
    for account_id in ids(platform):
        sums: Counter[tuple[object, ...]] = Counter()
        known = set[tuple[object, ...]]()
        for one in served.told(HourlyCost, "campaign_hourly", account_id, window):
            assert (one.hour, one.campaign_id) not in known
            known.add((one.hour, one.campaign_id))
            day = local_day(one.hour, served.accounts[account_id].timezone)
            assert day in window
            for name in SHOWN:
                sums[day, one.campaign_id, name] += getattr(one, name) or 0

        days: Counter[tuple[object, ...]] = Counter()
        for campaign, row in happened(account_id, window):
            for name in SHOWN:
                if name != "clicks" or platform not in TELLING_NO_CLICKS:
                    days[row.day, campaign.campaign_id, name] += getattr(row, name)
        assert +sums == +days


@pytest.mark.parametrize("month", [SEPTEMBER, OCTOBER], ids=str)
@pytest.mark.parametrize("platform", telling(CountryCost))
def test_the_countries_of_each_account_are_its_month_to_the_micro(
    served: Served, platform: str, month: Window
) -> None:
    for account_id in ids(platform):
        rows = [row for _, row in happened(account_id, month)]
        told = served.told(CountryCost, "country_monthly", account_id, month)

        assert {one.month for one in told} <= {month.first_day}
        assert {one.country: one.cost_micros for one in told if one.cost_micros} == {
            country: cost for country, cost in world.country_costs(owned(account_id), rows).items() if cost
        }


@pytest.mark.parametrize("window", ["a month", "while the clocks change"])
@pytest.mark.parametrize("platform", OF_THE_DAY)
def test_the_accounts_own_days_are_the_sums_of_its_campaigns(
    served: Served, platform: str, window: str
) -> None:
    names = OF_THE_DAY[platform]

    for account_id in ids(platform):
        days = served.deliveries("account_daily", account_id, WINDOWS[window])
        sums: dict[tuple[object, ...], list[int]] = {}
        for one in served.deliveries("campaign_daily", account_id, WINDOWS[window]):
            known = sums.setdefault(key(account_id, one.day), [0 for _ in names])
            for place, name in enumerate(names):
                known[place] += getattr(one, name)

        assert sums
        assert counted(account_id, days, names) == {of: tuple(counts) for of, counts in sums.items()}


@pytest.mark.parametrize(("platform", "report"), SPLIT)
def test_the_parts_of_the_campaigns_are_the_whole(served: Served, platform: str, report: str) -> None:
    account_id = ids(platform)[0]
    first, *others = [campaign.campaign_id for campaign in owned(account_id).campaigns]

    whole = served.fetch(report, account_id, SEPTEMBER)
    one, rest = (served.fetch(report, account_id, SEPTEMBER, part) for part in ((first,), tuple(others)))
    alone = [more for name in others for more in served.fetch(report, account_id, SEPTEMBER, (name,))]

    assert one
    assert rest
    assert sorted(map(repr, [*one, *rest])) == sorted(map(repr, whole))
    assert sorted(map(repr, alone)) == sorted(map(repr, rest))


@pytest.mark.parametrize("platform", DELIVERING)
def test_everything_is_listed_in_every_state(served: Served, platform: str) -> None:
    for account_id in ids(platform):
        campaigns = served.told(Campaign, "campaigns", account_id, SEPTEMBER)
        groups = served.told(AdGroup, "ad_groups", account_id, SEPTEMBER)
        ads = served.told(Ad, "ads", account_id, SEPTEMBER)

        assert sorted((one.campaign_id, one.name) for one in campaigns) == sorted(
            (one.campaign_id, one.name) for one in owned(account_id).campaigns
        )
        assert sorted((one.ad_group_id, one.campaign_id) for one in groups) == sorted(
            (group.ad_group_id, campaign.campaign_id) for campaign, group in owned_groups(account_id)
        )
        assert sorted((one.ad_id, one.ad_group_id, one.campaign_id) for one in ads) == sorted(
            (ad, group.ad_group_id, campaign.campaign_id)
            for campaign, group in owned_groups(account_id)
            for ad in group.ads
        )


@pytest.mark.parametrize("platform", DELIVERING)
def test_a_removed_campaign_that_spent_is_listed_and_its_cost_is_told(served: Served, platform: str) -> None:
    removed = [
        (account_id, campaign.campaign_id)
        for account_id in ids(platform)
        for campaign in owned(account_id).campaigns
        if campaign.status == "removed"
    ]

    assert removed
    for account_id, campaign_id in removed:
        listed = served.told(Campaign, "campaigns", account_id, SEPTEMBER)
        told = served.deliveries("ad_daily", account_id, SEPTEMBER)

        spent = [row.cost_micros for row in played().days[campaign_id] if row.day in SEPTEMBER]
        costs = [one.cost_micros or 0 for one in told if one.campaign_id == campaign_id]
        assert [one.campaign_id for one in listed].count(campaign_id) == 1
        assert sum(costs) == sum(spent) > 0


@pytest.mark.parametrize("platform", PLATFORMS)
def test_an_account_without_access_says_so_in_every_report_about_it(served: Served, platform: str) -> None:
    [denied] = ids(platform, "denied")
    refused: dict[str, type[AdtallyError]] = {}

    for report in served.connector.declared():
        try:
            served.fetch(report.name, denied, SEPTEMBER)
        except AdtallyError as error:
            refused[report.name] = type(error)

    every = {report.name for report in served.connector.declared()}
    assert refused == dict.fromkeys(every - ANSWERED.get(platform, set()), DeniedError)
