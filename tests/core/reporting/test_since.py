"""A closed month beside today, in words, on a narrow screen and in HTML."""

import io
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from rich.cells import cell_len
from rich.console import Console

from adtally.reconciliation.closed_facts import Closing, Lack
from adtally.reconciliation.drift import Change, Drift
from adtally.reporting.html import report_html
from adtally.reporting.since import change_text
from adtally.reporting.terminal.closing import print_closing, print_drift

from .builders import FETCHED, HOSTILE, OCTOBER, UNIT, bill, feed, month, result, status, support

COST = Change(
    what="cost",
    connector="google",
    account_id="123",
    currency="EUR",
    then_micros=9 * UNIT,
    now_micros=8 * UNIT,
)


def drift(*changes: Change) -> Drift:
    closed = datetime(2026, 11, 5, 8, tzinfo=UTC)
    return Drift(
        month="2026-10", closing_id=1, closed_at=closed, version="0.1.0", at=FETCHED, changes=changes
    )


def printed(found: Drift, *, limit: int | None = None, encoding: str = "utf-8") -> str:
    stream = io.BytesIO()
    text = io.TextIOWrapper(stream, encoding=encoding, write_through=True)
    print_drift(Console(file=text, width=80, color_system=None), found, limit=limit)
    return stream.getvalue().decode(encoding)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (COST, "cost google/123"),
        (replace(COST, what="estimate"), "ESTIMATE google/123"),
        (replace(COST, campaign_id="7"), "cost google/123/7"),
        (
            replace(COST, what="document", key="CM-1", says="credit_memo", then_micros=None),
            "new credit memo CM-1",
        ),
        (replace(COST, what="document", key="INV-1", says="invoice"), "invoice INV-1"),
        (
            replace(COST, what="finding", key="F-1", says="invoice-duplicate", now_micros=None),
            "finding F-1 (invoice-duplicate) gone",
        ),
    ],
)
def test_change_in_words(change: Change, text: str) -> None:
    assert change_text(change) == text


def test_both_amounts_stand_under_each_other() -> None:
    lines = printed(drift(COST, replace(COST, what="billed", then_micros=None))).splitlines()

    assert lines[0].startswith("Since closing  2026-10 was closed on 5 Nov")
    assert lines[1:4] == [
        "What                    then   now",
        "cost google/123    EUR  9.00  8.00",
        "billed google/123  EUR     –  8.00",
    ]


def test_long_table_is_cut_and_says_so_and_campaigns_stay_out() -> None:
    changes = [replace(COST, account_id=str(n)) for n in range(13)]

    text = printed(drift(*changes, replace(COST, campaign_id="7")), limit=10)

    assert text.count("cost google/") == 10
    assert "3 more: adtally close --month 2026-10 --show" in text


def test_hostile_and_long_names_neither_act_nor_break_the_table() -> None:
    nasty = replace(COST, what="document", key=HOSTILE * 9, says="invoice", currency="EUR")

    text = printed(drift(nasty))
    html = page(drift(nasty))

    assert "\x1b" not in text
    assert all(cell_len(line) <= 80 for line in text.splitlines())
    assert "<img src=x" not in html
    assert "\x1b" not in html


def page(*drifts: Drift) -> str:
    judged = month(support=(support(unbacked=5),), documents=(bill(),))
    return report_html(replace(result(judged), since_closing=drifts), status(feed()), version="0.1.0")


def test_html_has_one_short_table_of_the_month_and_none_of_another() -> None:
    many = page(drift(*[replace(COST, account_id=str(n)) for n in range(13)]))

    assert many.count('<tr><th scope="row"><bdi>cost google/') == 10
    assert "+ 3\u00a0changes" in many
    assert "Nothing changed." in page(drift())
    assert "Since closing" not in page(replace(drift(COST), month="2026-09"))
    assert "Since closing" not in page()


def test_warnings_of_a_closing_are_listed() -> None:
    stream = io.StringIO()
    closing = Closing(
        closing_id=3,
        month=f"{OCTOBER.first_day:%Y-%m}",
        closed_at=FETCHED,
        version="0.1.0",
        warnings=(
            Lack(kind="missing", says="google/1: 3 days were not fetched; run adtally sync google"),
            Lack(kind="pending", says="invoice-missing: 2 results may still change"),
        ),
        amounts=(),
        verdicts=(),
        findings=(),
        documents=(),
    )

    print_closing(Console(file=stream, width=80, color_system=None), closing)

    assert stream.getvalue().splitlines()[2:] == [
        "",
        "Warnings  closed, but not complete",
        "missing  google/1: 3 days were not fetched; run adtally sync google",
        "pending  invoice-missing: 2 results may still change",
    ]
