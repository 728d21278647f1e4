"""What goes over the wire: Rest.li's own encoding, untouched on its way."""

from __future__ import annotations

import json
from datetime import date

import pytest
from pydantic import SecretStr

from adtally import Account, Unit, Window
from adtally.testing.loopback import Arrived, loopback
from adtally.world import Reply
from adtally_connectors.linkedin_ads import LinkedInAds, queries
from adtally_connectors.linkedin_ads.restli import parted, question, written

NOTHING = Reply(200, json.dumps({"elements": [], "id": 5, "currency": "EUR"}).encode())
UNIT = Unit(
    Account(id="5", currency="EUR", timezone="UTC"),
    Window(date(2026, 10, 1), date(2026, 11, 7)),
    date(2026, 12, 1),
)


def test_a_report_is_asked_for_with_these_bytes() -> None:
    arrived: list[Arrived] = []

    def answers(one: Arrived) -> Reply:
        arrived.append(one)
        return NOTHING

    with loopback(answers) as origin:
        connector = LinkedInAds(base_url=origin, access_token=SecretStr("tok_x"), requests_per_second=None)
        assert list(connector.account_daily(UNIT)) == []

    report = arrived[0]
    assert report.url.removeprefix(origin) == (
        "/rest/adAnalytics?q=analytics&pivot=ACCOUNT&timeGranularity=DAILY"
        "&dateRange=(start:(year:2026,month:10,day:1),end:(year:2026,month:11,day:7))"
        "&accounts=List(urn%3Ali%3AsponsoredAccount%3A5)"
        "&fields=dateRange,pivotValues,impressions,clicks,totalEngagements,videoViews,videoCompletions,sends,"
        "oneClickLeads,externalWebsiteConversions,conversionValueInLocalCurrency,costInLocalCurrency"
    )
    head = report.request.headers
    assert {
        name: head[name] for name in ("authorization", "linkedin-version", "x-restli-protocol-version")
    } == {
        "authorization": "Bearer tok_x",
        "linkedin-version": "202607",
        "x-restli-protocol-version": "2.0.0",
    }
    assert "tok_x" not in report.url


def test_a_page_token_comes_back_as_it_was_given() -> None:
    arrived: list[str] = []

    def answers(one: Arrived) -> Reply:
        arrived.append(one.request.query.get("pageToken", ""))
        token = "" if arrived[-1] else "a/b+c==(d),%3A é"
        return Reply(200, json.dumps({"metadata": {"nextPageToken": token}, "elements": []}).encode())

    with loopback(answers) as origin:
        connector = LinkedInAds(base_url=origin, access_token=SecretStr("tok_x"), requests_per_second=None)
        assert list(connector.accounts()) == []

    assert arrived == ["", "a/b+c==(d),%3A é"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("ACTIVE", "ACTIVE"),
        (7, "7"),
        ("urn:li:sponsoredCampaign:7", "urn%3Ali%3AsponsoredCampaign%3A7"),
        (["a,b", "(c)"], "List(a%2Cb,%28c%29)"),
        ([], "List()"),
        ({"status": {"values": ["ACTIVE", "PAUSED"]}}, "(status:(values:List(ACTIVE,PAUSED)))"),
    ],
)
def test_a_value_is_written_as_restli_wants_it(value: object, text: str) -> None:
    assert written(value) == text  # type: ignore[arg-type]


def test_fields_are_no_list() -> None:
    assert question("/x", {"q": "a"}, fields=("b", "c")) == "/x?q=a&fields=b,c"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("urn:li:sponsoredCreative:9", ("sponsoredCreative", "9")),
        ("urn:lla:llaPartnerConversion:104001", ("llaPartnerConversion", "104001")),
        ("UNKNOWN", ("", "UNKNOWN")),
    ],
)
def test_a_urn_has_a_kind_and_an_id(name: str, parts: tuple[str, str]) -> None:
    assert parted(name) == parts


def test_the_longest_question_is_short_enough_for_a_url() -> None:
    groups = tuple(str(10**11 + number) for number in range(queries.GROUPS_AT_ONCE))
    longest = tuple(sorted(queries.ACTIONS, key=len)[-queries.METRICS_AT_ONCE :])
    asked = queries.Report("5", queries.AD, UNIT.window, queries.ACTIONS, groups)

    assert len(queries.report(asked, longest)) < 4096
