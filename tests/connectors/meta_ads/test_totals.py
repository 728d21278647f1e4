"""What came, compared with what Meta says is there in all."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
import requests

from adtally import AdtallyError, ContractError, DeniedError, TransientError, Unit, Window
from adtally_connectors.meta_ads import MetaAds

if TYPE_CHECKING:
    from tests.connectors.meta_ads.conftest import Api, Json

RUN = "777000111222333"
ACT = "act_900100200"
CAMPAIGNS, INSIGHTS, RESULT = f"{ACT}/campaigns", f"{ACT}/insights", f"{RUN}/insights"
REDUCE = "Please reduce the amount of data you're asking for, then retry your request"


@pytest.fixture
def trusting(meta: MetaAds) -> MetaAds:
    """The connector with the comparison switched off."""
    off = meta.model_copy(update={"compare_totals": False})
    off.http.sleep = lambda _: None
    return off


def count(rows: int) -> Json:
    return {"total_count": rows}


def shown(impressions: int) -> Json:
    """The summary of insights, as text like every number of Meta's."""
    return {"impressions": str(impressions)}


def ad(api: Api, number: str = "1401", **changes: object) -> Json:
    return api.row(adset_id="1301", ad_id=number, **changes)


def says(message: str) -> str:
    return f"^{re.escape(message)}$"


def ids(meta: MetaAds, unit: Unit) -> list[str]:
    return [record.campaign_id for record in meta.campaigns(unit)]


def delivered(meta: MetaAds, unit: Unit) -> list[str]:
    return [record.campaign_id for record in meta.campaign_daily(unit)]


def ads(meta: MetaAds, unit: Unit) -> list[str]:
    return [record.ad_id for record in meta.ad_daily(unit)]


def test_an_edge_of_as_many_rows_as_meta_counts_is_whole(api: Api, meta: MetaAds, october: Unit) -> None:
    api.edge(CAMPAIGNS, {"id": "1201"}, {"id": "1202"}, following="after=MQ", summary=count(3))
    api.edge(CAMPAIGNS, {"id": "1203"}, summary=count(3))
    api.insights()

    assert ids(meta, october) == ["1201", "1202", "1203"]
    assert api.asked[0]["summary"] == "true"


@pytest.mark.parametrize(
    ("counted", "error", "message"),
    [
        (9, TransientError, "rows are missing: 3 of 9 came; sync again"),
        (2, ContractError, "too many rows: 3 came, the platform counts 2"),
    ],
)
def test_an_edge_of_other_rows_than_meta_counts_fails(
    api: Api, meta: MetaAds, october: Unit, counted: int, error: type[AdtallyError], message: str
) -> None:
    api.edge(CAMPAIGNS, {"id": "1201"}, {"id": "1202"}, following="after=MQ", summary=count(counted))
    api.edge(CAMPAIGNS, {"id": "1203"})

    with pytest.raises(error, match=says(message)):
        ids(meta, october)


@pytest.mark.parametrize(
    ("report", "edge"),
    [
        ("campaigns", "campaigns"),
        ("ad_groups", "adsets"),
        ("ads", "ads"),
        ("terms", "campaigns"),
        ("campaign_daily", "adsets"),
    ],
)
def test_an_empty_edge_that_meta_counts_rows_of_fails_whatever_it_is_read_for(
    api: Api, meta: MetaAds, october: Unit, report: str, edge: str
) -> None:
    api.edge(f"{ACT}/{edge}", summary=count(1))

    with pytest.raises(TransientError, match=says("rows are missing: 0 of 1 came; sync again")):
        list(getattr(meta, report)(october))


def test_a_number_that_comes_with_half_a_page_is_compared_too(api: Api, meta: MetaAds, october: Unit) -> None:
    api.refuse(CAMPAIGNS, 1, status=500, message=REDUCE)
    api.edge(CAMPAIGNS, {"id": "1201"}, summary=count(2))

    with pytest.raises(TransientError, match=says("rows are missing: 1 of 2 came; sync again")):
        ids(meta, october)


def test_only_campaigns_ad_sets_and_ads_are_counted(api: Api, meta: MetaAds, october: Unit) -> None:
    api.edge("me/adaccounts", summary=count(5))
    api.edge("555000/business_invoices", summary=count(5))
    api.edge(f"{ACT}/activities", summary=count(5))

    assert [*meta.accounts(), *meta.invoices(october), *meta.charges(october)] == []
    assert all("summary" not in asked for asked in api.asked)


def test_rows_with_the_impressions_of_metas_total_are_whole(api: Api, meta: MetaAds, october: Unit) -> None:
    api.billed_on()
    api.insights(api.row(impressions="7"), following="after=MQ", summary=shown(12))
    api.insights(api.row(campaign_id="1202", impressions="5"))

    assert delivered(meta, october) == ["1201", "1202"]
    assert api.asked[1]["default_summary"] == "true"


@pytest.mark.parametrize(
    ("total", "error", "message"),
    [
        (20_000, TransientError, "rows are missing: 12,000 of 20,000 impressions came; sync again"),
        (11_999, ContractError, "too many rows: 12,000 impressions came, the platform counts 11,999"),
    ],
)
def test_rows_with_other_impressions_than_metas_total_fail(
    api: Api, meta: MetaAds, october: Unit, total: int, error: type[AdtallyError], message: str
) -> None:
    api.billed_on()
    api.insights(api.row(impressions="7000"), following="after=MQ", summary=shown(total))
    api.insights(api.row(campaign_id="1202", impressions="5000"))

    with pytest.raises(error, match=says(message)):
        delivered(meta, october)


@pytest.mark.parametrize("report", ["account_daily", "ad_group_daily"])
def test_accounts_and_ad_sets_are_compared_like_campaigns(
    api: Api, meta: MetaAds, october: Unit, report: str
) -> None:
    api.billed_on()
    api.insights(api.row(adset_id="1301", impressions="7"), summary=shown(12))

    with pytest.raises(TransientError, match=says("rows are missing: 7 of 12 impressions came; sync again")):
        list(getattr(meta, report)(october))


def test_while_impressions_move_one_page_is_compared_and_several_are_not(
    api: Api, meta: MetaAds, moving: Unit
) -> None:
    api.billed_on()
    api.insights(api.row(impressions="7"), following="after=MQ", summary=shown(12))
    api.insights(api.row(campaign_id="1202", impressions="6"))
    api.billed_on()
    api.insights(api.row(impressions="7"), summary=shown(12))

    assert delivered(meta, moving) == ["1201", "1202"]
    with pytest.raises(TransientError, match=says("rows are missing: 7 of 12 impressions came; sync again")):
        delivered(meta, moving)


def test_impressions_rest_on_the_fourth_day_after_the_window(api: Api, meta: MetaAds, moving: Unit) -> None:
    later = Unit(moving.account, moving.window, date(2026, 11, 4))
    for _ in range(2):
        api.billed_on()
        api.insights(api.row(impressions="7"), following="after=MQ", summary=shown(12))
        api.insights()

    assert delivered(meta, moving) == ["1201"]
    with pytest.raises(TransientError, match="rows are missing"):
        delivered(meta, later)


@pytest.mark.parametrize("summary", [None, {}, {"spend": "3.20"}])
def test_where_meta_tells_no_total_nothing_is_compared(
    api: Api, meta: MetaAds, october: Unit, summary: Json | None
) -> None:
    api.billed_on()
    api.insights(api.row(), summary=summary)

    assert delivered(meta, october) == ["1201"]


def test_a_row_that_leaves_its_impressions_out_leaves_nothing_to_compare(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    bare = {name: value for name, value in api.row().items() if name != "impressions"}
    api.billed_on()
    api.insights(bare, api.row(campaign_id="1202"), summary=shown(1))

    assert delivered(meta, october) == ["1201", "1202"]


def test_a_report_is_compared_with_the_same_question_asked_for_its_total(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    api.billed_on()
    api.run()
    api.result(ad(api, impressions="7"), following="after=MQ", summary=shown(12))
    api.edge(RESULT, ad(api, "1402", impressions="5"))

    assert ads(meta, october) == ["1401", "1402"]
    assert api.paths[1:] == [INSIGHTS, RUN, INSIGHTS, RESULT, RESULT]
    assert api.asked[3] == {**api.asked[1], "limit": "1", "default_summary": "true"}


@pytest.mark.parametrize("report", ["ad_daily", "conversions"])
@pytest.mark.parametrize(
    ("total", "error", "message"),
    [
        (12, TransientError, "rows are missing: 7 of 12 impressions came; sync again"),
        (5, ContractError, "too many rows: 7 impressions came, the platform counts 5"),
    ],
)
def test_a_report_of_other_impressions_fails_and_is_not_read_again(
    api: Api,
    meta: MetaAds,
    october: Unit,
    report: str,
    total: int,
    error: type[AdtallyError],
    message: str,
) -> None:
    if report == "ad_daily":
        api.billed_on()
    api.run()
    api.result(ad(api, impressions="7"), summary=shown(total))

    with pytest.raises(error, match=says(message)):
        list(getattr(meta, report)(october))

    assert october.remembered == {}


def test_a_report_of_days_that_move_is_not_compared(api: Api, meta: MetaAds, moving: Unit) -> None:
    api.billed_on()
    api.run()
    api.edge(RESULT, ad(api))

    assert ads(meta, moving) == ["1401"]
    assert api.paths[1:] == [INSIGHTS, RUN, RESULT]


@pytest.mark.parametrize(
    ("code", "subcode", "message", "times"),
    [(1, 0, REDUCE, 1), (100, 1504018, "timed out", 1), (2, 1504044, "unknown", 2), (1, 99, "unknown", 6)],
)
def test_a_report_is_not_compared_where_its_total_is_too_much_to_ask(
    api: Api, meta: MetaAds, october: Unit, code: int, subcode: int, message: str, times: int
) -> None:
    api.billed_on()
    api.run()
    api.refuse(INSIGHTS, code, subcode, status=500, message=message, times=times)
    api.edge(RESULT, ad(api))

    assert ads(meta, october) == ["1401"]
    assert api.paths[3:] == [INSIGHTS] * times + [RESULT]


def test_a_report_is_not_compared_where_its_total_does_not_come_in_time(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    api.billed_on()
    api.run()
    for _ in range(2):
        api.mock.get(f"https://graph.facebook.com/v26.0/{INSIGHTS}", body=requests.ReadTimeout())
    api.edge(RESULT, ad(api))

    assert ads(meta, october) == ["1401"]


def test_another_refusal_of_the_total_fails_and_keeps_the_report(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    api.billed_on()
    api.run()
    api.refuse(INSIGHTS, 200, status=403)

    with pytest.raises(DeniedError, match="ads_read"):
        ads(meta, october)

    assert list(october.remembered.values()) == [RUN]


def test_more_campaigns_than_a_url_holds_are_not_compared(api: Api, meta: MetaAds, october: Unit) -> None:
    names = tuple(str(number) for number in range(1201, 1302))
    api.billed_on()
    api.run()
    api.edge(RESULT, ad(api))

    assert ads(meta, october.within(Window(date(2026, 10, 20), date(2026, 10, 20)), names)) == ["1401"]
    assert api.paths[1:] == [INSIGHTS, RUN, RESULT]


def test_names_of_what_spent_have_no_impressions_and_no_total(api: Api, meta: MetaAds, october: Unit) -> None:
    gone = {"campaign_id": "1209", "campaign_name": "Old"}
    api.edge(CAMPAIGNS)
    api.insights(gone, summary=shown(12))
    api.edge(CAMPAIGNS)
    api.refuse(INSIGHTS, 100, 1504018)
    api.run()
    api.edge(RESULT, gone)

    assert ids(meta, october) == ids(meta, october) == ["1209"]
    assert all("default_summary" not in asked for asked in api.asked)
    assert api.paths[3:] == [INSIGHTS, INSIGHTS, RUN, RESULT]


def test_without_the_comparison_no_edge_is_counted(api: Api, trusting: MetaAds, october: Unit) -> None:
    api.edge(CAMPAIGNS, {"id": "1201"}, summary=count(9))
    api.insights()

    assert ids(trusting, october) == ["1201"]
    assert "summary" not in api.asked[0]


def test_without_the_comparison_no_total_of_insights_is_asked_for(
    api: Api, trusting: MetaAds, october: Unit
) -> None:
    api.billed_on()
    api.insights(api.row(), summary=shown(1))
    api.billed_on()
    api.run()
    api.edge(RESULT, ad(api))

    assert (delivered(trusting, october), ads(trusting, october)) == (["1201"], ["1401"])
    assert api.paths == [f"{ACT}/adsets", INSIGHTS, f"{ACT}/adsets", INSIGHTS, RUN, RESULT]
    assert all("default_summary" not in asked for asked in api.asked)
