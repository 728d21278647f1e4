"""Reports that Pinterest makes ready: ordered, looked at, and fetched behind a link that lapses soon."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import responses

from adtally import ContractError, DeniedError, NotReady, TooLarge, TransientError, Unit
from adtally_connectors.pinterest_ads import PinterestAds
from adtally_connectors.pinterest_ads.queries import CAMPAIGN as BY_CAMPAIGN, columns
from adtally_connectors.pinterest_ads.wire import DeliveryRow

from .builders import ACCOUNT, CAMPAIGN, FILE, row
from .conftest import connector

if TYPE_CHECKING:
    from .conftest import Api

NEW_LINK = f"{FILE}?Signature=2"
HEAD = ",".join(["DATE", *columns(BY_CAMPAIGN, DeliveryRow)])


def costs(pinterest: PinterestAds, unit: Unit) -> list[int | None]:
    return [record.cost_micros for record in pinterest.campaign_daily(unit)]


def test_a_report_is_ordered_by_date_for_days_of_utc(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    api.groups()
    api.finished(row())

    assert costs(pinterest, october) == [12_500_001]

    [body] = api.bodies
    names = body.pop("columns")
    assert isinstance(names, list)
    assert body == {
        "start_date": "2026-10-01",
        "end_date": "2026-10-31",
        "granularity": "DAY",
        "level": "CAMPAIGN",
        "primary_sort": "BY_DATE",
        "report_format": "JSON",
        "reporting_timezone": "PINTEREST_TIME_ZONE",
        "click_window_days": 30,
        "engagement_window_days": 30,
        "view_window_days": 1,
        "conversion_report_time": "TIME_OF_AD_ACTION",
    }
    assert names == columns(BY_CAMPAIGN, DeliveryRow)
    assert names[:4] == ["AD_ACCOUNT_ID", "CAMPAIGN_ID", "SPEND_IN_MICRO_DOLLAR", "IMPRESSION_1"]
    assert api.asked_of("/reports") == [{"token": ["abc123"]}]
    assert api.asked_of("/reports", "POST") == [{}]


@pytest.mark.parametrize(
    ("report", "level", "ids"),
    [
        ("ad_group_daily", "AD_GROUP", ["AD_ACCOUNT_ID", "CAMPAIGN_ID", "AD_GROUP_ID"]),
        ("ad_daily", "PIN_PROMOTION", ["AD_ACCOUNT_ID", "CAMPAIGN_ID", "AD_GROUP_ID", "AD_ID"]),
    ],
)
def test_each_grain_has_its_level_and_the_ids_above_it(
    api: Api, pinterest: PinterestAds, october: Unit, report: str, level: str, ids: list[str]
) -> None:
    api.groups()
    api.finished()

    assert list(getattr(pinterest, report)(october)) == []

    [body] = api.bodies
    names = body["columns"]
    assert isinstance(names, list)
    assert (body["level"], [name for name in names if name.endswith("_ID")]) == (level, ids)


def test_the_file_is_fetched_without_the_token(api: Api, pinterest: PinterestAds, october: Unit) -> None:
    api.groups()
    api.finished(row())

    costs(pinterest, october)

    signed = {call.request.url: call.request.headers.get("Authorization") for call in api.mock.calls}
    assert signed.pop(FILE) is None
    assert set(signed.values()) == {"Bearer pina_hush"}


@pytest.mark.parametrize("state", ["FAILED", "CANCELLED", "EXPIRED", "DOES_NOT_EXIST"])
def test_a_report_that_will_not_come_is_ordered_anew_once(
    api: Api, pinterest: PinterestAds, october: Unit, state: str
) -> None:
    api.groups()
    api.ordered("first")
    api.looked_at("IN_PROGRESS", state)
    api.ordered("second")
    api.looked_at("SOMETHING_NEW", "FINISHED")
    api.file(row())

    assert costs(pinterest, october) == [12_500_001]
    assert [asked["token"] for asked in api.asked_of("/reports")] == [["first"]] * 2 + [["second"]] * 2


def test_a_report_that_is_lost_twice_is_asked_for_in_parts(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    api.groups()
    for token in ("first", "second"):
        api.ordered(token)
        api.looked_at("FAILED")

    with pytest.raises(TooLarge, match="FAILED"):
        costs(pinterest, october)

    assert october.remembered == {}


@pytest.mark.parametrize(("status", "code"), [(404, 2), (400, 1)])
def test_a_token_that_is_refused_is_ordered_anew(
    api: Api, pinterest: PinterestAds, october: Unit, status: int, code: int
) -> None:
    api.groups()
    api.ordered("first")
    api.refuse(status, code, kind="reports")
    api.ordered("second")
    api.looked_at("FINISHED")
    api.file(row())

    assert costs(pinterest, october) == [12_500_001]


def test_a_report_of_an_account_without_access_is_denied_and_not_ordered_anew(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    api.groups()
    api.ordered()
    api.refuse(403, 29, kind="reports")

    with pytest.raises(DeniedError):
        costs(pinterest, october)

    assert len(api.bodies) == 1


def test_a_restart_looks_for_the_same_report_unless_other_things_are_asked(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    api.groups()
    api.ordered("kept")
    api.looked_at("IN_PROGRESS")

    with pytest.raises(NotReady):
        costs(pinterest, october)
    api.mock.remove("GET", f"{ACCOUNT}/reports")
    api.looked_at("FINISHED")
    api.file(row())
    api.groups()

    assert costs(pinterest, october) == [12_500_001]
    api.groups()
    api.ordered("other")
    api.mock.get(FILE, json={})
    assert costs(connector(click_window_days=7), october) == []
    assert len(api.bodies) == 2


@pytest.mark.parametrize("status", [403, 404])
def test_a_link_that_lapsed_is_asked_for_anew(
    api: Api, pinterest: PinterestAds, october: Unit, status: int
) -> None:
    api.groups()
    api.ordered()
    api.looked_at("FINISHED")
    api.mock.get(FILE, status=status, body="<Error><Code>AccessDenied</Code></Error>")
    api.looked_at("FINISHED", url=NEW_LINK)
    api.file(row(), url=NEW_LINK)

    assert costs(pinterest, october) == [12_500_001]
    assert len(api.bodies) == 1


@pytest.mark.parametrize("then", ["EXPIRED", "IN_PROGRESS"])
def test_a_link_that_lapsed_with_its_report_is_a_matter_of_time(
    api: Api, pinterest: PinterestAds, october: Unit, then: str
) -> None:
    api.groups()
    api.ordered()
    api.looked_at("FINISHED")
    api.mock.get(FILE, status=403)
    api.looked_at(then)

    with pytest.raises(TransientError, match=r"lapsed|EXPIRED"):
        costs(pinterest, october)


def test_five_hundred_campaigns_are_one_report(api: Api, pinterest: PinterestAds, october: Unit) -> None:
    ids = tuple(str(626_700_000_000 + n) for n in range(501))
    api.groups()
    for number in ("1", "2"):
        api.ordered(number)
        url = f"{FILE}?{number}"
        api.mock.get(
            f"{ACCOUNT}/reports",
            json={"report_status": "FINISHED", "url": url, "size": 9},
            match=[responses.matchers.query_param_matcher({"token": number})],
        )
        api.file(row(CAMPAIGN_ID=ids[0 if number == "1" else 500]), url=url)

    records = list(pinterest.campaign_daily(october.within(october.window, ids)))

    assert [record.campaign_id for record in records] == [ids[0], ids[500]]
    asked = [body["campaign_ids"] for body in api.bodies]
    assert asked == [[*ids[:500]], [ids[500]]]


def test_an_empty_report_yields_nothing_with_or_without_a_link(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    for _ in range(2):
        api.groups()
        api.ordered()
    api.looked_at("FINISHED")
    api.mock.get(FILE, json={})
    api.looked_at("FINISHED", url=None, size=0)

    assert costs(pinterest, october) == []
    october.remembered.clear()
    assert costs(pinterest, october) == []


def test_a_file_that_is_no_report_is_asked_for_again_and_then_refused(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    api.groups()
    api.ordered()
    api.looked_at("FINISHED")
    api.mock.get(FILE, body="<html>Please wait</html>")
    api.mock.get(FILE, body=json.dumps({"2026-10-20": {"DATE": "2026-10-20"}}))

    with pytest.raises(ContractError, match=r"files\.example"):
        costs(pinterest, october)


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("DATE,CAMPAIGN_ID\n2026-10-20,1\n", ContractError, "no column AD_ACCOUNT_ID, SPEND_IN_MICRO"),
        (f"{HEAD}\n2026-10-20,1,2", TransientError, "has 3 of 16 cells"),
        (f"{HEAD}\n{'x,' * 15}1\n", ContractError, "DATE"),
    ],
)
def test_a_table_that_is_cut_or_another_one_is_refused(
    api: Api, october: Unit, text: str, error: type[Exception], says: str
) -> None:
    api.groups()
    api.ordered()
    api.looked_at("FINISHED")
    api.mock.get(FILE, body=text)

    with pytest.raises(error, match=says):
        costs(connector(report_format="CSV"), october)


@pytest.mark.parametrize("text", [f"{HEAD}\r\n", f"{HEAD.title().replace('_', ' ')}\n\n"])
def test_a_table_without_rows_yields_nothing(api: Api, october: Unit, text: str) -> None:
    api.groups()
    api.ordered()
    api.looked_at("FINISHED")
    api.mock.get(FILE, body=text)

    assert costs(connector(report_format="CSV"), october) == []


def test_campaigns_that_are_named_are_in_no_other_report(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    part = october.within(october.window, (CAMPAIGN,))
    for _ in range(2):
        api.groups()
        api.finished(row())

    costs(pinterest, part)
    costs(pinterest, october)

    assert ["campaign_ids" in body for body in api.bodies] == [True, False]
    assert len(october.remembered) == 2
