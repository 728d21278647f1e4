"""Pages to the last row, and parts that failed inside a good answer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, TransientError, Unit
from adtally_connectors.snapchat_ads import SnapchatAds

from .builders import ACCOUNT_ID, ROOT, bucket, series, stat

if TYPE_CHECKING:
    from .conftest import Api

DAY = date(2026, 10, 20)
STRANGE = "https://somewhere.appspot.com/v1/stats"
TOLD = bucket(DAY, conversion_sign_ups=1)


def following(cursor: str, host: str = STRANGE) -> str:
    return f"{host}?cursor={cursor}&limit=7"


def asked(unit: Unit, snapchat: SnapchatAds) -> list[str]:
    return [record.campaign_id for record in snapchat.conversions(unit)]


def test_of_the_link_to_the_next_page_only_the_cursor_is_used(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    api.broken_down("campaign", series("1", TOLD), following=following("Q1VSU09S"))
    api.broken_down("campaign", series("2", TOLD))

    assert asked(october, snapchat) == ["1", "2"]
    first, second = api.asked_of("/stats")
    assert second == {**first, "cursor": "Q1VSU09S"}
    assert {str(call.request.url).partition("?")[0] for call in api.calls} == {
        f"{ROOT}/adaccounts/{ACCOUNT_ID}/stats"
    }


def test_lists_are_followed_to_the_last_page_and_a_row_that_moves_comes_once(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    api.of_account("campaigns", {"id": "1"}, {"id": "2"}, following=following("a"))
    api.of_account("campaigns", following=following("b"))
    api.of_account("campaigns", {"id": "2"}, {"id": "3"})

    assert [found.campaign_id for found in snapchat.campaigns(october)] == ["1", "2", "3"]
    assert [each.get("cursor") for each in api.asked_of("/campaigns")] == [None, "a", "b"]


@pytest.mark.parametrize(
    ("links", "says"),
    [
        ([following("a"), following("a")], "never end"),
        ([following(str(number)) for number in range(11)], "never end"),
        ([STRANGE], "has no cursor"),
    ],
    ids=["the same cursor twice", "empty pages", "no cursor"],
)
def test_pages_that_lead_nowhere_are_refused(
    api: Api, snapchat: SnapchatAds, october: Unit, links: list[str], says: str
) -> None:
    for link in links:
        api.broken_down("campaign", following=link)

    with pytest.raises(ContractError, match=says):
        asked(october, snapchat)


def test_a_thing_that_comes_on_two_pages_of_stats_is_asked_for_again_later(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    api.broken_down("campaign", series("1", TOLD), following=following("a"))
    api.broken_down("campaign", series("1", TOLD))

    with pytest.raises(TransientError, match="1 came twice: sync again"):
        asked(october, snapchat)


def test_a_part_of_the_stats_is_no_answer(api: Api, snapchat: SnapchatAds, october: Unit) -> None:
    api.stats(stat(breakdown_stats={"campaign": []}), status="ERROR")

    with pytest.raises(TransientError, match="only a part of the stats: ERROR"):
        asked(october, snapchat)


@pytest.mark.parametrize("status", ["SUCCESS", "success"])
def test_one_thing_that_snapchat_fails_to_tell_is_named_and_the_rest_kept(
    api: Api, snapchat: SnapchatAds, october: Unit, caplog: pytest.LogCaptureFixture, status: str
) -> None:
    failed = {
        "sub_request_status": "ERROR",
        "sub_request_error_reason": "E3003: gone",
        "campaign": {"id": "2"},
    }
    items = [{"sub_request_status": status, "campaign": {"id": "1"}}, failed]
    api.answer(f"adaccounts/{ACCOUNT_ID}/campaigns", {"campaigns": items, "request_status": status})

    assert [found.campaign_id for found in snapchat.campaigns(october)] == ["1"]
    assert "one of the campaigns is passed over: E3003: gone" in caplog.text


def test_an_invoice_that_snapchat_fails_to_tell_fails_the_month(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    failed = {"sub_request_status": "ERROR", "invoice": {}}
    api.answer(f"adaccounts/{ACCOUNT_ID}/invoices", {"invoices": [failed]})

    with pytest.raises(TransientError, match="only a part of invoices"):
        list(snapchat.invoices(october))


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({}, "has no campaigns"),
        ({"campaigns": [{"sub_request_status": "SUCCESS"}]}, "campaigns: "),
        ({"campaigns": [{"sub_request_status": "SUCCESS", "campaign": {"name": "x"}}]}, "`id`"),
    ],
    ids=["no list", "no campaign", "no id"],
)
def test_a_list_of_another_shape_is_refused(
    api: Api, snapchat: SnapchatAds, october: Unit, document: dict[str, object], says: str
) -> None:
    api.answer(f"adaccounts/{ACCOUNT_ID}/campaigns", document)

    with pytest.raises(ContractError, match=says):
        list(snapchat.campaigns(october))


@pytest.mark.parametrize("item", [{"sub_request_status": "SUCCESS"}, {"timeseries_stat": stat()}])
def test_stats_without_their_days_are_refused(
    api: Api, snapchat: SnapchatAds, october: Unit, item: dict[str, object]
) -> None:
    api.answer(f"adaccounts/{ACCOUNT_ID}/stats", {"timeseries_stats": [item]})

    with pytest.raises(ContractError, match="has no time"):
        list(snapchat.account_daily(october))
