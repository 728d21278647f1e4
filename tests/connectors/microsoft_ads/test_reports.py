"""Reports that Microsoft makes ready, and the file that each comes in."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, TooLarge, TransientError, Unit, Window
from adtally_connectors.microsoft_ads import MicrosoftAds, queries

from .builders import FILE, REPORTS, cells, csv_text

if TYPE_CHECKING:
    from .conftest import Api


def test_a_report_is_waited_for_and_its_file_gets_no_credentials(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    api.campaigns()
    api.ordered()
    api.looked_at("Pending", "Pending", "Success")
    api.file(csv_text(cells()))

    assert len(list(microsoft.campaign_daily(october))) == 1

    [submitted] = api.heads_of("/Submit")
    assert {name: submitted[name] for name in ("Authorization", "DeveloperToken", "Accept")} == {
        "Authorization": "Bearer at-1",
        "DeveloperToken": "dt_hush",
        "Accept": "application/json",
    }
    for head in (submitted, *api.heads_of("/Poll")):
        assert (head["CustomerId"], head["CustomerAccountId"]) == ("5", "180001")
    [file] = [dict(call.request.headers) for call in api.mock.calls if call.request.url == FILE]
    assert not {"Authorization", "DeveloperToken", "CustomerId"} & file.keys()
    assert api.asked_of("/Poll") == [{"ReportRequestId": "70428694472"}] * 3


def test_success_without_a_link_has_no_rows(api: Api, microsoft: MicrosoftAds, october: Unit) -> None:
    api.campaigns()
    api.ordered()
    api.looked_at("Success", url=None)

    assert list(microsoft.campaign_daily(october)) == []


def test_an_ordered_report_is_not_ordered_again_after_a_restart(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    api.campaigns()
    api.looked_at("Success")
    api.file(csv_text(cells()))
    october.remembered[f"report_1 {october.window}"] = "70428694472"

    assert len(list(microsoft.campaign_daily(october))) == 1
    assert api.asked_of("/Submit") == []


@pytest.mark.parametrize("code", [2100, 2101])
def test_a_report_that_is_no_longer_known_is_ordered_anew(
    api: Api, microsoft: MicrosoftAds, october: Unit, code: int
) -> None:
    october.remembered[f"report_1 {october.window}"] = "1"
    api.campaigns()
    api.refuse(code, f"{REPORTS}/Poll")
    api.ordered("2")
    api.looked_at("Success")
    api.file(csv_text(cells()))

    assert len(list(microsoft.campaign_daily(october))) == 1
    assert [asked["ReportRequestId"] for asked in api.asked_of("/Poll")] == ["1", "2"]


def test_a_report_that_fails_twice_is_asked_for_in_parts(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    api.campaigns()
    api.ordered("1")
    api.ordered("2")
    api.looked_at("Error", "Error")

    with pytest.raises(TooLarge, match="failed to make the report, twice"):
        list(microsoft.campaign_daily(october))


def test_an_unknown_state_is_no_reason_to_wait_for_ever(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    api.campaigns()
    api.ordered()
    api.looked_at("Cancelled")

    with pytest.raises(ContractError, match="unknown state Cancelled"):
        list(microsoft.campaign_daily(october))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (csv_text(cells(), head={"Rows": "3"}), "1 of 3 came"),
        (csv_text(cells(), head={"Rows": "left out"}, foot=None), "without its footer"),
        (csv_text(cells()[:5]), "5 cells of 13"),
        (csv_text(cells(), head={"Potential Incomplete Data": "true"}), "still counts 2026-10-30"),
        ('"Report Name: d"\r\n"Rows: 2"\r\n', "ends before its columns"),
        ("", "ends before its columns"),
    ],
)
def test_a_file_with_less_than_it_should_have_is_asked_for_anew(
    api: Api, microsoft: MicrosoftAds, october: Unit, text: str, says: str
) -> None:
    api.campaigns()
    api.finished(text)

    with pytest.raises(TransientError, match=says):
        list(microsoft.campaign_daily(october))

    assert october.remembered == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (csv_text(cells(), cells(), head={"Rows": "2"}), "two rows of 2026-10-20 41"),
        (csv_text(cells(), cells(CampaignId="42"), head={"Rows": "1"}), "too many rows"),
        (csv_text(cells(AccountId="180002")), "a row of account 180002"),
        (csv_text(cells(TimePeriod="2026-10-31")), "outside of"),
        (csv_text(cells(TimePeriod="10/20/2026")), "no day"),
        (csv_text(cells(CampaignId="--")), "a row without CampaignId"),
        (csv_text(cells(), columns=("TimePeriod", "AccountId", "Campaign")), "others were asked for"),
        ('"Something else"\r\n', "where its columns should stand"),
    ],
)
def test_a_file_with_something_else_than_was_asked_for_is_refused(
    api: Api, microsoft: MicrosoftAds, october: Unit, text: str, says: str
) -> None:
    api.campaigns()
    api.finished(text)

    with pytest.raises(ContractError, match=says):
        list(microsoft.campaign_daily(october))


def test_a_row_of_a_campaign_that_was_not_asked_for_is_refused(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    api.campaigns()
    api.report(cells(CampaignId="42"))

    with pytest.raises(ContractError, match="campaign 42, which was not asked for"):
        list(microsoft.campaign_daily(october.within(october.window, ("41",))))


@pytest.mark.parametrize(
    "text",
    [
        csv_text(cells(), foot=None),
        csv_text(cells(), head={"Rows": "left out"}),
        csv_text(cells()).replace('"48.30"', '"48.30\0"'),
        csv_text(cells()).partition("\r\n\r\n")[2],
    ],
    ids=["no footer", "no count of rows", "a NUL", "no block before the columns"],
)
def test_a_file_is_whole_by_its_count_or_by_its_footer(
    api: Api, microsoft: MicrosoftAds, october: Unit, text: str
) -> None:
    api.campaigns()
    api.finished(text)

    [record] = microsoft.campaign_daily(october)

    assert record.cost_micros == 48_300_000


def test_a_day_that_has_just_ended_may_be_incomplete(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    yesterday = replace(october, today=date(2026, 10, 31))
    api.campaigns()
    api.finished(csv_text(cells(), head={"Potential Incomplete Data": "true"}))

    assert len(list(microsoft.campaign_daily(yesterday))) == 1


@pytest.mark.parametrize(
    ("shown", "warned"),
    [
        ("(GMT-05:00) Eastern Time (US & Canada)", False),
        ("(GMT-04:00) Eastern Time (US & Canada)", False),
        ("(GMT-08:00) Pacific Time (US & Canada); Tijuana", True),
        ("(GMT) Greenwich Mean Time", True),
        ("Eastern", False),
    ],
)
def test_a_report_by_another_clock_is_logged(
    api: Api,
    microsoft: MicrosoftAds,
    october: Unit,
    caplog: pytest.LogCaptureFixture,
    shown: str,
    warned: bool,
) -> None:
    api.campaigns()
    api.finished(csv_text(cells(), head={"Time Zone": shown}))

    with caplog.at_level(logging.WARNING, logger="adtally_connectors"):
        list(microsoft.campaign_daily(october))

    assert ("the account by America/New_York" in caplog.text) == warned


def test_what_was_deleted_is_named_by_reports_over_all_days_that_they_know(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    today = Window(date(2026, 12, 15), date(2026, 12, 15))
    api.campaigns()
    api.finished(
        csv_text(
            ["180001", "41", "Brand, US", "Active", "Search & content", "9"],
            ["180001", "40", "Old shop", "Deleted", "Search & content", "7"],
            ["180001", "40", "Older shop", "Deleted", "Search & content", "2"],
            level=queries.EVER_CAMPAIGNS,
        )
    )

    records = list(microsoft.campaigns(october.within(today)))

    assert [(one.campaign_id, one.name, one.status, one.channel) for one in records] == [
        ("41", "Brand, US", "Active", "Search"),
        ("40", "Old shop", "Deleted", "Search"),
    ]
    [asked] = api.asked_of("/Submit")
    request = asked["ReportRequest"]
    assert isinstance(request, dict)
    assert (request["Aggregation"], "TimePeriod" in request["Columns"]) == ("Summary", False)
    assert request["Time"]["CustomDateRangeStart"] == {"Year": 2023, "Month": 12, "Day": 31}
    assert request["Time"]["CustomDateRangeEnd"] == {"Year": 2026, "Month": 12, "Day": 15}
