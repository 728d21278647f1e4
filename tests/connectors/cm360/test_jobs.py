"""A report is saved, run, looked at, read and deleted; what is lost is ordered anew."""

from datetime import date

import pytest

from adtally import DeniedError, NotReady, TooLarge, Unit, Window
from adtally_connectors.cm360 import Cm360

from .builders import HOST, cells, placement, sheet
from .conftest import FILE, SAVED, Api

LOOK = ("GET", f"/reports/{SAVED}/files/{FILE}")
DELETED = ("DELETE", f"/reports/{SAVED}")


def test_the_saved_report_is_deleted_when_its_file_is_read(api: Api, cm360: Cm360, october: Unit) -> None:
    api.listed("placements", placement())
    api.ordered()
    for status in ("QUEUED", "PROCESSING", "REPORT_AVAILABLE"):
        api.state(status)
    api.file(sheet(cells()))
    api.deleted()

    assert len(list(cm360.placement_daily(october))) == 2
    assert api.calls == [
        ("GET", "/placements"),
        ("POST", "/reports"),
        ("POST", f"/reports/{SAVED}/run"),
        *[LOOK] * 3,
        LOOK,
        DELETED,
    ]
    assert api.params(f"reports/{SAVED}/run") == [[("synchronous", "false")]]


def test_the_report_asks_for_one_advertiser_and_the_units_days(api: Api, cm360: Cm360, october: Unit) -> None:
    api.report(sheet(cells()), placement())
    day = Window(date(2026, 10, 5), date(2026, 10, 5))

    list(cm360.placement_daily(october.within(day, ("220011", "220012"))))

    [body] = api.bodies
    assert body["name"] == "adtally 5511 2026-10-05..2026-10-05"
    assert (body["type"], body["format"], body["accountId"]) == ("STANDARD", "CSV", "77001")
    criteria = body["criteria"]
    assert isinstance(criteria, dict)
    assert criteria["dateRange"] == {"startDate": "2026-10-05", "endDate": "2026-10-05"}
    assert criteria["dimensions"] == [
        {"name": f"dfa:{name}"} for name in ("date", "placementId", "placement")
    ]
    assert [(one["dimensionName"], one["id"]) for one in criteria["dimensionFilters"]] == [
        ("dfa:advertiser", "5511"),
        ("dfa:campaign", "220011"),
        ("dfa:campaign", "220012"),
    ]


@pytest.mark.parametrize("status", ["FAILED", "CANCELLED"])
def test_a_run_that_fails_is_ordered_anew_and_leaves_nothing_behind(
    api: Api, cm360: Cm360, october: Unit, status: str
) -> None:
    api.listed("placements", placement())
    api.ordered()
    api.state(status)
    api.deleted()
    api.ordered("900002")
    api.state("REPORT_AVAILABLE", "900002")
    api.file(sheet(cells()), "900002")
    api.deleted("900002")

    assert len(list(cm360.placement_daily(october))) == 2


def test_a_run_that_fails_twice_is_too_much_at_once(api: Api, cm360: Cm360, october: Unit) -> None:
    api.listed("placements")
    for saved in (SAVED, "900002"):
        api.ordered(saved)
        api.state("FAILED", saved)
        api.deleted(saved)

    with pytest.raises(TooLarge):
        list(cm360.placement_daily(october))


def test_a_file_about_other_days_is_ordered_anew(api: Api, cm360: Cm360, october: Unit) -> None:
    api.listed("placements", placement())
    api.ordered()
    api.state("REPORT_AVAILABLE", days={"startDate": "2026-09-01", "endDate": "2026-09-30"})
    api.deleted()
    api.ordered("900002")
    api.state("REPORT_AVAILABLE", "900002", days={"startDate": "2026-10-01", "endDate": "2026-10-31"})
    api.file(sheet(cells()), "900002")
    api.deleted("900002")

    assert len(list(cm360.placement_daily(october))) == 2


def test_a_later_run_only_looks(api: Api, cm360: Cm360, october: Unit) -> None:
    october.remember("file_id", lambda: f"{SAVED}/{FILE}")
    api.listed("placements", placement())
    api.state("REPORT_AVAILABLE")
    api.file(sheet(cells()))
    api.deleted()

    assert len(list(cm360.placement_daily(october))) == 2
    assert [method for method, _ in api.calls].count("POST") == 0


def test_a_file_that_is_gone_is_ordered_anew(api: Api, cm360: Cm360, october: Unit) -> None:
    october.remember("file_id", lambda: "1/2")
    api.listed("placements", placement())
    api.refuse("notFound", "reports/1/files/2", status=404)
    api.ordered()
    api.state("REPORT_AVAILABLE")
    api.file(sheet(cells()))
    api.deleted()

    assert len(list(cm360.placement_daily(october))) == 2


def test_a_state_that_is_not_known_is_one_of_work(api: Api, cm360: Cm360, october: Unit) -> None:
    october.remember("file_id", lambda: f"{SAVED}/{FILE}")
    api.listed("placements")
    api.state("REPORT_BLESSED")

    with pytest.raises(NotReady):
        list(cm360.placement_daily(october))
    assert october.remembered


def test_a_report_that_may_not_run_is_deleted(api: Api, cm360: Cm360, october: Unit) -> None:
    api.listed("placements")
    api.mock.post(f"{HOST}/reports", json={"id": SAVED})
    refusal = {"error": {"code": 403, "message": "no", "errors": [{"reason": "forbidden"}]}}
    api.mock.post(f"{HOST}/reports/{SAVED}/run", json=refusal, status=403)
    api.deleted()

    with pytest.raises(DeniedError):
        list(cm360.placement_daily(october))
    assert api.calls[-1] == DELETED


def test_a_report_that_cannot_be_deleted_is_no_reason_to_lose_its_rows(
    api: Api, cm360: Cm360, october: Unit, caplog: pytest.LogCaptureFixture
) -> None:
    api.listed("placements", placement())
    api.ordered()
    api.state("REPORT_AVAILABLE")
    api.file(sheet(cells()))
    api.deleted(status=400)

    assert len(list(cm360.placement_daily(october))) == 2
    assert f"the saved report {SAVED} stays" in caplog.text
