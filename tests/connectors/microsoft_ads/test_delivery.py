"""Numbers of reports: which column becomes what, at each level."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, Delivery, Interaction, Unit
from adtally_connectors.microsoft_ads import MicrosoftAds, queries

from .builders import campaign, cells, csv_text

if TYPE_CHECKING:
    from .conftest import Api

DAY = date(2026, 10, 20)


def test_a_row_is_told_in_micros_counts_and_billable_units(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    api.campaigns()
    api.report(cells())

    assert list(microsoft.campaign_daily(october)) == [
        Delivery(
            day=DAY,
            campaign_id="41",
            currency="USD",
            view_definition="microsoft_view",
            impressions=1200,
            clicks=60,
            interactions=60,
            video_views=0,
            video_completions=0,
            installs=0,
            conversions_micros=2_500_000,
            revenue_micros=310_000_000,
            invalid_clicks=4,
            billable_units=60,
            cost_micros=48_300_000,
        )
    ]


def test_what_is_asked_names_every_column_the_clock_and_one_account(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    api.campaigns()
    api.report()

    list(microsoft.campaign_daily(october))

    [asked] = api.asked_of("/Submit")
    assert asked == {
        "ReportRequest": {
            "Type": "CampaignPerformanceReportRequest",
            "ReportName": "adtally",
            "Format": "Csv",
            "FormatVersion": "2.0",
            "ReturnOnlyCompleteData": False,
            "ExcludeReportHeader": False,
            "ExcludeReportFooter": False,
            "ExcludeColumnHeaders": False,
            "Aggregation": "Daily",
            "Columns": [
                *("TimePeriod", "AccountId", "CampaignId", "CurrencyCode", "Impressions", "Clicks", "Spend"),
                *("VideoViews", "CompletedVideoViews", "ConversionsQualified", "Revenue"),
                *("LowQualityClicks", "Installs"),
            ],
            "Scope": {"AccountIds": ["180001"]},
            "Time": {
                "CustomDateRangeStart": {"Year": 2026, "Month": 10, "Day": 1},
                "CustomDateRangeEnd": {"Year": 2026, "Month": 10, "Day": 30},
                "ReportTimeZone": "EasternTimeUSCanada",
            },
        }
    }


@pytest.mark.parametrize(
    ("report", "level", "ids"),
    [
        ("ad_group_daily", queries.AD_GROUP, {"campaign_id": "41", "ad_group_id": "51"}),
        ("ad_daily", queries.AD, {"campaign_id": "41", "ad_group_id": "51", "ad_id": "61"}),
    ],
)
def test_below_campaigns_nobody_tells_invalid_clicks(
    api: Api, microsoft: MicrosoftAds, october: Unit, report: str, level: queries.Level, ids: dict[str, str]
) -> None:
    api.campaigns()
    api.report(cells(level, AdGroupId="51", AdId="61"), level=level)

    [record] = getattr(microsoft, report)(october)

    assert {name: getattr(record, name) for name in ids} == ids
    assert (record.cost_micros, record.invalid_clicks, record.billable_units) == (48_300_000, None, 60)
    assert record.installs == (0 if report == "ad_group_daily" else None)


def test_the_accounts_own_days_leave_open_what_depends_on_campaigns(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    api.report(cells(queries.ACCOUNT), level=queries.ACCOUNT)

    [record] = microsoft.account_daily(october)

    assert (record.day, record.campaign_id, record.cost_micros) == (DAY, "", 48_300_000)
    assert (record.interactions, record.billable_units, record.invalid_clicks) == (None, None, 4)


@pytest.mark.parametrize("nothing", ["", "--"])
def test_what_is_not_told_is_no_zero(api: Api, microsoft: MicrosoftAds, october: Unit, nothing: str) -> None:
    api.campaigns()
    api.report(cells(Revenue=nothing, VideoViews=nothing, Spend="0.00"))

    [record] = microsoft.campaign_daily(october)

    assert (record.revenue_micros, record.video_views, record.view_definition) == (None, None, "")
    assert record.cost_micros == 0


def test_clicks_without_an_impression_on_that_day_are_kept(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    api.campaigns()
    api.report(cells(Impressions="0", Clicks="1", Spend="0.80"))

    [record] = microsoft.campaign_daily(october)

    assert (record.impressions, record.clicks, record.cost_micros) == (0, 1, 800_000)


@pytest.mark.parametrize("changes", [{"Spend": "1,048.30"}, {"Clicks": "1,060"}, {"Clicks": "60.5"}])
def test_numbers_with_separators_are_refused_and_not_guessed(
    api: Api, microsoft: MicrosoftAds, october: Unit, changes: dict[str, str]
) -> None:
    api.campaigns()
    api.report(cells(**changes))

    with pytest.raises(ContractError, match="not a"):
        list(microsoft.campaign_daily(october))


@pytest.mark.parametrize(
    ("scheme", "interactions", "units"),
    [
        ("ManualCpm", 60, 1200),
        ("ManualCpv", 700, None),
        ("ManualCpa", 60, None),
        ("SomethingNew", 60, None),
        ("InheritFromParent", 60, None),
    ],
)
def test_billable_units_follow_the_bidding_scheme(
    api: Api, microsoft: MicrosoftAds, october: Unit, scheme: str, interactions: int, units: int | None
) -> None:
    api.campaigns(campaign(BiddingScheme={"Type": f"{scheme}BiddingScheme"}))
    api.report(cells(VideoViews="700"))

    [record] = microsoft.campaign_daily(october)

    assert (record.interactions, record.billable_units) == (interactions, units)


def test_a_deleted_campaign_costs_and_its_billable_units_are_unknown(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    api.campaigns(None)
    api.report(cells())

    [record] = microsoft.campaign_daily(october)

    assert (record.cost_micros, record.interactions, record.billable_units) == (48_300_000, 60, None)


def test_conversions_come_by_goal_joined_with_what_the_goal_is(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    level = queries.RESULTS
    api.goals(
        {"Id": "61001", "Name": "Orders", "Type": "Event", "GoalCategory": "Purchase"},
        {"Id": "61002", "Type": "Url", "GoalCategory": "SubmitLeadForm", "ExcludeFromBidding": True},
        None,
    )
    seen = {"ViewThroughConversionsQualified": "1.00", "ViewThroughRevenue": "20.00"}
    nothing = {"AllConversionsQualified": "0.00", "AllRevenue": "0.00"}
    api.report(
        cells(level, **seen),
        cells(level, GoalId="61002", Goal="Form", AllConversionsQualified="3.00", AllRevenue="--"),
        cells(level, GoalId="61003", Goal="Old app", GoalType="AppInstall", AllRevenue="0.00"),
        cells(level, GoalId="61004", Goal="Idle", **nothing),
        level=level,
    )

    records = list(microsoft.conversions(october))

    assert records == [
        Interaction(
            day=DAY,
            campaign_id="41",
            action="Orders (61001)",
            attribution="default",
            kind="purchase",
            quantity_micros=2_500_000,
            value_micros=310_000_000,
            in_total=True,
        ),
        Interaction(
            day=DAY,
            campaign_id="41",
            action="view-through: Orders (61001)",
            attribution="view_through",
            kind="purchase",
            quantity_micros=1_000_000,
            value_micros=20_000_000,
            view_through=True,
        ),
        Interaction(
            day=DAY,
            campaign_id="41",
            action="Form (61002)",
            attribution="default",
            kind="lead",
            quantity_micros=3_000_000,
        ),
        Interaction(
            day=DAY,
            campaign_id="41",
            action="Old app (61003)",
            attribution="default",
            kind="install",
            quantity_micros=2_500_000,
            value_micros=0,
            in_total=True,
        ),
    ]


def test_a_report_of_some_campaigns_asks_for_these_alone_300_at_a_time(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    numbers = tuple(str(number) for number in range(1, 302))
    api.campaigns()
    api.ordered("1")
    api.ordered("2")
    api.looked_at("Success", url="https://download.example/1")
    api.looked_at("Success", url="https://download.example/2")
    api.file(csv_text(cells(CampaignId="7")), url="https://download.example/1")
    api.file(csv_text(cells(CampaignId="301")), url="https://download.example/2")

    records = list(microsoft.campaign_daily(october.within(october.window, numbers)))

    scopes = [asked["ReportRequest"]["Scope"] for asked in api.asked_of("/Submit")]  # type: ignore[index]
    assert [[one["CampaignId"] for one in scope["Campaigns"]] for scope in scopes] == [
        list(numbers[:300]),
        ["301"],
    ]
    assert [record.campaign_id for record in records] == ["7", "301"]
