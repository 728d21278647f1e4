"""Reports that Google makes: saved, run, looked at, downloaded unsigned, added up, and deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, NotOffered, TooLarge, TransientError, Unit
from adtally_connectors.dv360 import Dv360

from .builders import day, row
from .conftest import connector

if TYPE_CHECKING:
    from .conftest import Api

REFUND, INVALID = "METRIC_REFUND_BILLABLE_COST_ADVERTISER_CURRENCY", "METRIC_INVALID_CLICKS"


def costs(dv360: Dv360, unit: Unit) -> list[int | None]:
    return [record.cost_micros for record in dv360.account_daily(unit)]


def metrics(api: Api) -> list[set[str]]:
    """What each saved query asked for."""
    found = [body["params"]["metrics"] for body in api.bodies]
    return [set(one) for one in found if isinstance(one, list)]


def test_a_query_is_saved_run_looked_at_downloaded_and_deleted(api: Api, dv360: Dv360, october: Unit) -> None:
    api.tell(row())
    api.states = ["QUEUED", "RUNNING", "STATE_OF_TOMORROW"]

    assert costs(dv360, october) == [361_500_000]

    assert api.cycle == [
        "POST ",
        "POST /900001:run",
        *["GET /900001/reports/77"] * 4,
        "GET https://storage.example.test/recon_900001.csv?sig=abc",
        "DELETE /900001",
    ]
    [body] = api.bodies
    assert body["metadata"] == {
        "title": "adtally 456 2026-10-01..2026-10-31",
        "format": "CSV",
        "sendNotification": False,
        "dataRange": {
            "range": "CUSTOM_DATES",
            "customStartDate": {"year": 2026, "month": 10, "day": 1},
            "customEndDate": {"year": 2026, "month": 10, "day": 31},
        },
    }
    assert (body["params"]["type"], body["schedule"]) == ("STANDARD", {"frequency": "ONE_TIME"})


def test_after_a_restart_the_same_report_is_looked_at(api: Api, dv360: Dv360, october: Unit) -> None:
    kept: list[dict[str, str]] = []
    october.keep = lambda remembered: kept.append(dict(remembered))
    api.tell(row())
    api.refuse(400, "create", message=f"Unsupported metrics: {REFUND}.")
    api.states = ["RUNNING"] * 200
    with pytest.raises(TransientError, match="still being prepared"):
        costs(dv360, october)

    api.states = []
    again = Unit(october.account, october.window, october.today, kept[-1])

    assert [(one.cost_micros, one.credited_micros) for one in dv360.account_daily(again)] == [
        (361_500_000, None)
    ]
    assert list(kept[-1].values()) == [f"900001/77/{REFUND}"]
    assert len(api.bodies) == 2


def test_a_report_that_failed_is_ordered_once_more(api: Api, dv360: Dv360, october: Unit) -> None:
    api.tell(row())
    api.states = ["FAILED"]

    assert costs(dv360, october) == [361_500_000]
    assert [step for step in api.cycle if step.startswith("DELETE")] == ["DELETE /900001", "DELETE /900002"]


def test_a_report_that_fails_twice_is_asked_for_in_parts(api: Api, dv360: Dv360, october: Unit) -> None:
    api.states = ["FAILED", "FAILED"]

    with pytest.raises(TooLarge, match="failed to make the report, twice"):
        costs(dv360, october)

    assert [step for step in api.cycle if step.startswith("DELETE")] == ["DELETE /900001", "DELETE /900002"]
    assert october.remembered == {}


def test_a_report_that_google_forgot_is_ordered_anew(api: Api, dv360: Dv360, october: Unit) -> None:
    api.tell(row())
    api.refuse(404, "look", name="NOT_FOUND")

    assert costs(dv360, october) == [361_500_000]
    assert len(api.bodies) == 2


def test_a_query_that_cannot_be_run_is_not_left_behind(api: Api, dv360: Dv360, october: Unit) -> None:
    api.refuse(404, "run")

    with pytest.raises(NotOffered, match="told by Google"):
        costs(dv360, october)

    assert api.cycle == ["POST ", "POST /900001:run", "DELETE /900001"]


def test_a_query_that_is_not_deleted_is_logged_only(
    api: Api, dv360: Dv360, october: Unit, caplog: pytest.LogCaptureFixture
) -> None:
    api.tell(row())
    api.refuse(403, "delete", name="PERMISSION_DENIED")

    assert costs(dv360, october) == [361_500_000]
    assert "query 900001 is not deleted" in caplog.text


@pytest.mark.parametrize("message", [f"Invalid metrics: {REFUND}, {INVALID}", "Unsupported combination."])
def test_metrics_that_google_does_not_take_are_left_out_and_stay_unknown(
    api: Api, dv360: Dv360, october: Unit, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    api.tell(row(CLICKS="7", TOTAL_CONVERSIONS="2"))
    api.refuse(400, "create", message=message)

    [record] = dv360.account_daily(october)

    assert (record.clicks, record.conversions_micros) == (7, 2_000_000)
    assert (record.credited_micros, record.invalid_clicks) == (None, None)
    first, second = metrics(api)
    assert first - second == {REFUND, INVALID}
    assert f"without {INVALID}, {REFUND}" in caplog.text


def test_a_name_is_not_mistaken_for_a_longer_one(api: Api, dv360: Dv360, october: Unit) -> None:
    api.tell(row())
    api.refuse(400, "create", message="Bad: METRIC_BILLABLE_IMPRESSIONS")

    [record] = dv360.account_daily(october)

    first, second = metrics(api)
    assert first - second == {"METRIC_BILLABLE_IMPRESSIONS"}
    assert record.impressions == 120_500


def test_a_metric_far_down_in_a_long_refusal_is_found(api: Api, dv360: Dv360, october: Unit) -> None:
    api.tell(row())
    api.refuse(400, "run", message=f"{'x' * 900} METRIC_TRUEVIEW_VIEWS")

    assert costs(dv360, october) == [361_500_000]

    first, second = metrics(api)
    assert first - second == {"METRIC_TRUEVIEW_VIEWS"}
    assert "DELETE /900001" in api.cycle


@pytest.mark.parametrize(
    ("message", "times"), [("Invalid metric: METRIC_BILLABLE_COST_ADVERTISER", 1), ("Invalid filter.", 3)]
)
def test_what_is_needed_is_never_left_out(
    api: Api, dv360: Dv360, october: Unit, message: str, times: int
) -> None:
    api.refuse(400, "create", message=message, times=5)

    with pytest.raises(ContractError, match=message):
        costs(dv360, october)

    assert len(api.bodies) == times


def test_metrics_that_are_skipped_are_not_asked_for(api: Api, october: Unit) -> None:
    api.tell(row())

    [record] = connector(skip_metrics=[REFUND]).account_daily(october)

    assert (record.cost_micros, record.credited_micros, record.invalid_clicks) == (361_500_000, None, 0)
    assert REFUND not in metrics(api)[0]


@pytest.mark.parametrize(("first", "last"), [("2026-10-02", "2026-10-31"), ("2026-10-01", "2026-10-30")])
def test_a_report_about_other_days_is_refused(
    api: Api, dv360: Dv360, october: Unit, first: str, last: str
) -> None:
    api.metadata = {"reportDataStartDate": day(first), "reportDataEndDate": day(last)}

    with pytest.raises(ContractError, match="is about 2026-10-"):
        costs(dv360, october)


def test_a_finished_report_without_a_file_is_refused(api: Api, dv360: Dv360, october: Unit) -> None:
    api.metadata = {"googleCloudStoragePath": ""}

    with pytest.raises(ContractError, match="has no googleCloudStoragePath"):
        costs(dv360, october)


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_file_that_is_gone_means_another_report_and_no_bad_credentials(
    api: Api, dv360: Dv360, october: Unit, status: int
) -> None:
    api.refuse(status, "file", body="<Error><Code>ExpiredToken</Code></Error>")

    with pytest.raises(TransientError, match="sync again for a new one"):
        costs(dv360, october)

    assert october.remembered == {}
    assert api.cycle[-1] == "DELETE /900001"


LABELS = ",".join(f"Label {number}" for number in range(15))
LINE = "2026/10/20,456,100,1,2.000001,100,80,40,0,0,0,0,0,0,0"
OTHER = "2026/10/21,456,100,1,2.000001,100,80,40,0,0,0,0,0,0,0"
TOTAL = ",,200,2,4.000001,200,160,80,0,0,0,0,0,0,0"
END = "\nReport Time:,2026/11/23 07:14 GMT\n"
NO_DATA = "No data returned by the reporting service."


@pytest.mark.parametrize(
    "lines",
    [
        (LABELS, LINE, OTHER, TOTAL, END),
        (LABELS, LINE, OTHER, TOTAL, ",,odd,line,of,some,metric", END),
        (LABELS, LINE, OTHER, ",,-,,,,,,,,,,,,", END),
        (f"\ufeff{LABELS}", LINE, OTHER, TOTAL, END),
    ],
    ids=["usual", "a line after the total", "a total that says nothing", "with a byte order mark"],
)
def test_columns_are_read_by_their_place_until_the_total(
    api: Api, dv360: Dv360, october: Unit, lines: tuple[str, ...]
) -> None:
    api.text = "\n".join(lines)

    assert costs(dv360, october) == [2_000_001, 2_000_001]


@pytest.mark.parametrize(
    "lines",
    [
        (NO_DATA, END),
        (LABELS, NO_DATA, END),
        (LABELS, f"{NO_DATA}{',' * 14}", END),
        (LABELS, END),
        (LABELS, ",,0,0,0,0,0,0,0,0,0,0,0,0,0", END),
    ],
)
def test_a_file_of_nothing_is_an_answer(
    api: Api, dv360: Dv360, october: Unit, lines: tuple[str, ...]
) -> None:
    api.text = "\n".join(lines)

    assert costs(dv360, october) == []
    assert api.cycle[-1] == "DELETE /900001"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ((LABELS, LINE, OTHER), "ends without a total after 2 rows"),
        ((LABELS, LINE, OTHER, END), "ends without a total after 2 rows"),
        ((LABELS, LINE, OTHER, END.strip()), "row 3 of the report has 2 columns of 15"),
        ((LABELS, LINE, OTHER[:30]), "row 2 of the report has"),
        ((LABELS, LINE, OTHER, TOTAL), "without its footer"),
        ((LABELS,), "without its footer"),
        ((LABELS, LINE, TOTAL, END), "METRIC_IMPRESSIONS 100, its total says 200"),
        ((LABELS, LINE, OTHER, ",,200,2,4.000009", END), "ends without a total"),
        ((LABELS, LINE, OTHER, TOTAL.replace("4.000001", "4.000005"), END), "says 4,000,005"),
    ],
)
def test_a_file_that_was_cut_is_made_anew_by_the_next_sync(
    api: Api, dv360: Dv360, october: Unit, lines: tuple[str, ...], says: str
) -> None:
    api.text = "\n".join(lines)

    with pytest.raises(TransientError, match=says):
        costs(dv360, october)

    assert october.remembered == {}
    assert api.cycle[-1] == "DELETE /900001"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ((LABELS, LINE, OTHER, TOTAL.replace(",,200", ",,100"), END), "200, its total says 100"),
        ((LABELS + ",more", LINE, END), "has 16 columns, 15 were asked for"),
    ],
)
def test_another_table_than_was_asked_for_is_refused(
    api: Api, dv360: Dv360, october: Unit, lines: tuple[str, ...], says: str
) -> None:
    api.text = "\n".join(lines)

    with pytest.raises(ContractError, match=says):
        costs(dv360, october)

    assert api.cycle[-1] == "DELETE /900001"


def test_every_number_of_the_total_is_added_up(api: Api, dv360: Dv360, october: Unit) -> None:
    numbers = TOTAL.removeprefix(",,").split(",")
    for place in range(len(numbers)):
        changed = [*numbers[:place], "77", *numbers[place + 1 :]]
        api.text = "\n".join((LABELS, LINE, OTHER, f",,{','.join(changed)}", END))

        with pytest.raises((ContractError, TransientError), match="its total says 77"):
            costs(dv360, october)


def test_a_page_of_a_proxy_is_no_file(api: Api, dv360: Dv360, october: Unit) -> None:
    api.tell(row())
    api.refuse(200, "file", body="<html>Sign in</html>")

    assert costs(dv360, october) == [361_500_000]
