"""Reports come whole: as many rows as GA4 counts, each once, all of one state of the data."""

from __future__ import annotations

import logging

import pytest

from adtally import ContractError, TransientError, Unit
from adtally_connectors.ga4 import Ga4

from .builders import REPORT, UTM, Json, report, row
from .conftest import Api, told


def of(*campaigns: str, count: int, says: Json | None = None) -> Json:
    return report(*(row("20261001", "1", campaign) for campaign in campaigns), count=count, says=says)


def keys(ga4: Ga4, unit: Unit) -> list[str]:
    return [one.key_value for one in told(ga4, unit)]


def test_pages_are_followed_from_the_row_that_came_last(api: Api, ga4: Ga4, october: Unit) -> None:
    api.page(of("1", "2", count=3))
    api.reports(of("3", count=3))

    assert keys(ga4, october) == ["1", "2", "3"]
    assert [body["offset"] for body in api.bodies] == ["0", "2", "0", "0"]


def test_a_page_is_told_before_the_next_one_is_asked_for(api: Api, ga4: Ga4, october: Unit) -> None:
    api.page(of("1", count=2))

    records = ga4.sessions_daily(october)

    assert next(records).key_value == "1"
    assert len(api.bodies) == 1


@pytest.mark.parametrize(
    ("second", "says"),
    [
        (of("2", count=4), "changed while its pages were read"),
        (of("2", count=2), "changed while its pages were read"),
        (of("3", count=3, says={"subjectToThresholding": True}), "changed while its pages were read"),
        (
            of("3", count=3, says={"timeZone": "Asia/Tokyo"}),
            "time zone is no longer Europe/Berlin but Asia/Tokyo",
        ),
        (of("2", count=3), "rows moved while the pages were read, 20261001 1 2 came twice"),
        (of(count=3), "rows are missing: 2 of 3 came"),
    ],
)
def test_data_that_move_between_pages_are_asked_for_again(
    api: Api, ga4: Ga4, october: Unit, second: Json, says: str
) -> None:
    api.page(of("1", "2", count=3))
    api.page(second)

    with pytest.raises(TransientError, match=says):
        told(ga4, october)


@pytest.mark.parametrize(
    ("page", "says"),
    [
        (of("1", "1", count=2), "comes twice: 20261001 1 1"),
        (of("1", "2", count=1), "too many rows: 2 came, GA4 counts 1"),
        (of("1", count=0), "too many rows: 1 came, GA4 counts 0"),
        (report(row("20261001", "1"), columns=UTM), "other columns than asked for: date, sessionManual"),
        (report(row("20261001", "1")), "another number of values"),
        ({**report(row("20261001", "1", "2")), "metricHeaders": []}, "other columns than asked for"),
        ({**report(), "metadata": {"currencyCode": "EUR"}}, "does not tell its timeZone"),
        ({"rowCount": 0}, "metadata"),
        ({}, "metadata"),
        ({**report(), "rows": [{"dimensionValues": [{}]}]}, "value"),
        ({**report(), "rows": [None]}, "null"),
        ({**report(), "rowCount": "many"}, "rowCount"),
    ],
)
def test_an_answer_that_is_no_report_is_refused(
    api: Api, ga4: Ga4, october: Unit, page: Json, says: str
) -> None:
    api.page(page)

    with pytest.raises(ContractError, match=says):
        told(ga4, october)


def test_an_empty_report_has_neither_rows_nor_a_number_of_them(
    api: Api, ga4: Ga4, october: Unit, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    bare = {"metadata": {"currencyCode": "EUR", "timeZone": "Europe/Berlin", "emptyReason": "NO_DATA"}}
    api.reports(bare)

    assert told(ga4, october) == []
    assert "nothing on 2026-10-01..2026-10-31: NO_DATA" in caplog.text


def test_a_number_of_rows_may_be_text(api: Api, ga4: Ga4, october: Unit) -> None:
    api.reports({**of("1", count=1), "rowCount": "1"})

    assert keys(ga4, october) == ["1"]


@pytest.mark.parametrize("body", ["<html>try later</html>", "", '{"rows": ['])
def test_a_page_of_a_proxy_is_asked_for_again(api: Api, ga4: Ga4, october: Unit, body: str) -> None:
    api.mock.post(REPORT, body=body)
    api.reports(of("1", count=1))

    assert keys(ga4, october) == ["1"]
