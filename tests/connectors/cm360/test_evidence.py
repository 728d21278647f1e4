"""What CM360 counted becomes evidence; a file that is not what was asked for becomes nothing."""

import gzip
from datetime import date
from itertools import groupby

import pytest

from adtally import ContractError, Evidence, TransientError, Unit
from adtally_connectors.cm360 import Cm360

from .builders import COLUMNS, cells, placement, sheet, total
from .conftest import Api

DAY = date(2026, 10, 5)
ONE = 1_000_000


def pulled(cm360: Cm360, unit: Unit) -> list[Evidence]:
    return list(cm360.placement_daily(unit))


def told(records: list[Evidence]) -> dict[tuple[str, str], int]:
    """Counts by kind and flags, in whole numbers."""
    return {(one.kind, one.flags): (one.quantity_micros or 0) // ONE for one in records}


def by_day(records: list[Evidence]) -> list[list[Evidence]]:
    """The records of each day."""
    return [list(found) for _, found in groupby(records, lambda one: one.day)]


def test_each_kind_of_count_is_a_record_under_the_publishers_campaign(
    api: Api, cm360: Cm360, october: Unit
) -> None:
    row = cells(impressions="900", measurable="800", viewable="600", clicks="41", clicked="3", seen="2")
    api.report(sheet(row), placement())

    records = pulled(cm360, october)

    assert told(records) == {
        ("impression", ""): 900,
        ("viewable_impression", ""): 600,
        ("click", ""): 41,
        ("conversion", "click_through"): 3,
        ("conversion", "view_through"): 2,
    }
    assert records[-1] == Evidence(
        source_id="cm360",
        record_id="2026-10-05 3300101 view_through",
        kind="conversion",
        day=DAY,
        key_kind="campaign_id",
        key_value="pub-7",
        quantity_micros=2 * ONE,
        timezone="America/New_York",
        evidence_class="E2",
        flags="view_through",
    )
    assert records[0].record_id == "2026-10-05 3300101"


def test_a_video_placement_counts_its_plays_and_completions(api: Api, cm360: Cm360, october: Unit) -> None:
    rows = [cells(plays="30", completions="10", interactions="5"), cells("2026-10-06", plays="0")]
    api.report(sheet(*rows), placement(compatibility="IN_STREAM_VIDEO"))

    first, second = by_day(pulled(cm360, october))

    assert told(first) == {
        ("impression", ""): 31840,
        ("click", ""): 41,
        ("view", ""): 30,
        ("completion", ""): 10,
        ("engagement", ""): 5,
    }
    assert told(second) == {
        ("impression", ""): 31840,
        ("click", ""): 41,
        ("view", ""): 0,
        ("completion", ""): 0,
    }


def test_a_zero_is_told_only_where_it_says_that_there_was_none(api: Api, cm360: Cm360, october: Unit) -> None:
    rows = [cells(clicks="0"), cells("2026-10-06", clicks="0", measurable="10")]
    api.report(sheet(*rows), placement())

    first, second = by_day(pulled(cm360, october))

    assert told(first) == {("impression", ""): 31840, ("click", ""): 0}
    assert told(second) == {("impression", ""): 31840, ("viewable_impression", ""): 0, ("click", ""): 0}


def test_a_suppressed_cell_is_no_record_and_the_total_may_be_more(
    api: Api, cm360: Cm360, october: Unit
) -> None:
    row = cells(clicked="-", seen="-")
    last = [*total(row)[:-2], "4", "-"]
    api.report(sheet(row, last=last), placement())

    assert {kind for kind, _ in told(pulled(cm360, october))} == {"impression", "click"}


def test_fractions_of_conversions_are_kept(api: Api, cm360: Cm360, october: Unit) -> None:
    row = cells(clicked="2.25")
    api.report(sheet(row, last=[*total(cells())[:-2], "2", "0"]), placement())

    assert pulled(cm360, october)[-1].quantity_micros == 2_250_000


@pytest.mark.parametrize(
    ("known", "name"),
    [([placement(externalId=None)], "Zeitung_Home_970x250"), ([], "Home 970x250")],
    ids=["no id of the publisher", "a placement that no list has"],
)
def test_without_the_publishers_id_the_name_is_the_key(
    api: Api, cm360: Cm360, october: Unit, known: list[dict[str, object]], name: str
) -> None:
    api.report(sheet(cells()), *known)

    assert {(one.key_kind, one.key_value) for one in pulled(cm360, october)} == {("name", name)}


@pytest.mark.parametrize("filters", [0, 3])
def test_lines_before_the_table_may_be_many_or_few(
    api: Api, cm360: Cm360, october: Unit, filters: int
) -> None:
    api.report(sheet(cells(), filters=filters), placement())

    assert len(pulled(cm360, october)) == 2


def test_a_file_in_gzip_with_a_byte_order_mark_is_read(api: Api, cm360: Cm360, october: Unit) -> None:
    api.report(gzip.compress(("\ufeff" + sheet(cells())).encode()), placement())

    assert len(pulled(cm360, october)) == 2


def test_columns_in_another_language_are_taken_by_their_place(api: Api, cm360: Cm360, october: Unit) -> None:
    german = ("Datum", "Placement-ID", "Platzierung", "Impressionen", *COLUMNS[4:])
    api.report(sheet(cells(), columns=german), placement())

    assert told(pulled(cm360, october))["impression", ""] == 31840


@pytest.mark.parametrize("last", [None, ["Grand Total:", "---", "---", *["0"] * 9]])
def test_a_report_without_rows_is_an_answer(
    api: Api, cm360: Cm360, october: Unit, last: list[str] | None
) -> None:
    api.report(sheet(last=last), placement())

    assert pulled(cm360, october) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (sheet(cells(), zone="Europe/London"), "Europe/London, timezone says America/New_York"),
        (sheet(cells(), owner="1"), "account 1"),
        (sheet(cells("2026-11-01")), "2026-11-01 came, which was not asked for"),
        (sheet(cells("10/5/26")), "dfa:date"),
        (sheet(cells(), cells()), "3300101 comes twice"),
        (sheet(cells(clicks="n/a"), last=total(cells())), "dfa:clicks: 'n/a'"),
        (sheet(cells(clicks="-5")), "below zero"),
        (sheet(cells()[:-1], last=total(cells())), "11 cells"),
        (sheet(cells(), columns=(*COLUMNS[:4], COLUMNS[6], *COLUMNS[4:6], *COLUMNS[7:])), "other columns"),
        (sheet(cells(), columns=COLUMNS[:-1]), "other columns"),
        (sheet(cells(), last=total(cells(clicks="40"))), "too many rows"),
    ],
)
def test_a_file_of_something_else_is_refused_and_not_read_again(
    api: Api, cm360: Cm360, october: Unit, text: str, says: str
) -> None:
    api.report(text, placement())

    with pytest.raises(ContractError, match=says):
        pulled(cm360, october)
    assert october.remembered == {}


@pytest.mark.parametrize(
    "text",
    [
        sheet(cells(), last=[]),
        sheet(cells(), last=total(cells(), cells("2026-10-06"))),
        sheet(cells()).partition("Report Fields")[0],
        sheet(cells()).partition("Date,")[0],
    ],
    ids=["no total", "fewer rows than the total says", "cut before the table", "cut before the columns"],
)
def test_a_file_that_lacks_rows_fails_and_another_one_is_ordered_next_time(
    api: Api, cm360: Cm360, october: Unit, text: str
) -> None:
    api.report(text, placement())

    with pytest.raises(TransientError, match=r"sync again|rows are missing"):
        pulled(cm360, october)
    assert october.remembered == {}
