"""Closing a month: what is kept, what is missing, what is an estimate, and what changed since."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

import adtally
from adtally.commands import close, report, since_closing
from adtally.errors import ConfigError
from adtally.ledger import Ledger
from adtally.ledger.public import read_table
from adtally.reconciliation.accruals import Accrual, accruals
from adtally.reconciliation.closed_facts import ClosedAmounts, ClosedDocument, Closing, Lack
from adtally.reconciliation.closing import read_closing
from adtally.reconciliation.drift import Change, Drift, drift
from adtally.records import Account, Campaign, Delivery, Invoice, InvoiceLine, InvoiceLink

from .cases import account
from .told import NOW, USD, Told, bill, facts, later, line, ran, sync

MONTH = "2026-10"
LATE = datetime(2026, 12, 20, 12, tzinfo=UTC)
TWO = [USD, Account(id="2", currency="USD", timezone="UTC", name="Second")]
MILLION = 1_000_000
CONFIG = """
[connectors.google]
use = "google_ads"

[[agreements]]
connector = "google"
model = "cpc"
rate = "0.10"
"""


@pytest.fixture
def settings(tmp_path: Path) -> adtally.Settings:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return adtally.Settings.load(path)


def told(*bills: object, delivery: list[Delivery] | None = None, **fields: object) -> Told:
    """Account 1 with two clicks campaigns of 31.00 each and its bill, account 2 without a bill."""
    days = range(1, 32)
    rows = delivery if delivery is not None else [*ran(*days), *ran(*days, campaign_id="9", cost=2 * MILLION)]
    values: dict[str, object] = {
        "accounts": TWO,
        "delivery": rows,
        "campaigns": [Campaign(campaign_id="7", name="Brand")],
        "invoices": list(bills or [october()]),
        "of": {"9": "2"},
        **fields,
    }
    return Told(**values)  # type: ignore[arg-type]


def october(amount: int = 31, **fields: object) -> Invoice:
    lines: tuple[InvoiceLine, ...] = (line(amount * MILLION, campaign_id="7"),)
    return bill("INV-1", *lines, total_micros=amount * MILLION, **fields)


def closed(settings: adtally.Settings, ledger: Ledger, now: datetime = NOW) -> Closing:
    return close(settings, ledger, month=MONTH, clock=lambda: now)


def since(settings: adtally.Settings, ledger: Ledger, now: datetime = LATE) -> Drift:
    return since_closing(settings, ledger, month=MONTH, clock=lambda: now)


def test_closing_keeps_amounts_verdicts_findings_and_documents(
    settings: adtally.Settings, ledger: Ledger
) -> None:
    sync(ledger, google=told(october(40)))

    closing = closed(settings, ledger)

    assert closing.amounts == (
        amounts(cost=31, billed=40, expected=31),
        amounts(campaign_id="7", cost=31, billed=40, expected=31),
        amounts(account_id="2", cost=62, estimate=62),
        amounts(account_id="2", campaign_id="9", cost=62, expected=31),
    )
    assert closing.documents == (
        ClosedDocument(
            connector="google",
            invoice_id="INV-1",
            number="INV-1",
            account_id="1",
            kind="invoice",
            issue_day=date(2026, 11, 3),
            currency="USD",
            total_micros=40 * MILLION,
        ),
    )
    stored = {one.finding_id: one.at_risk_micros for one in adtally.findings(ledger, month=MONTH)}
    assert {one.finding_id: one.at_risk_micros for one in closing.findings} == stored
    assert ("invoice-total-vs-delivered", "finding", 1) in [
        (row.check_id, row.verdict, row.results) for row in closing.verdicts
    ]
    assert (closing.version, closing.closed_at, closing.complete) == (adtally.__version__, NOW, True)
    assert read_closing(ledger.conn, MONTH) == closing


def amounts(
    *,
    account_id: str = "1",
    campaign_id: str = "",
    cost: int,
    billed: int | None = None,
    expected: int | None = None,
    estimate: int | None = None,
) -> ClosedAmounts:
    def micros(units: int | None) -> int | None:
        return None if units is None else units * MILLION

    return ClosedAmounts(
        connector="google",
        account_id=account_id,
        campaign_id=campaign_id,
        currency="USD",
        platform="google_ads",
        cost_micros=cost * MILLION,
        billed_micros=micros(billed),
        expected_micros=micros(expected),
        estimate_micros=micros(estimate),
    )


def test_closing_again_adds_one_and_the_old_one_stays(settings: adtally.Settings, ledger: Ledger) -> None:
    sync(ledger, google=told())
    first = closed(settings, ledger)
    sync(ledger, later(1), google=told(october(), bill("INV-2", total_micros=5 * MILLION)))
    before = {name: list(read_table(ledger, name)[1]) for name in TABLES}

    second = closed(settings, ledger, later(1))

    after = {name: list(read_table(ledger, name)[1]) for name in TABLES}
    assert (first.closing_id, second.closing_id) == (1, 2)
    assert all(after[name][: len(rows)] == rows for name, rows in before.items())
    assert read_closing(ledger.conn, MONTH) == second
    assert since(settings, ledger, later(2)).closing_id == 2


TABLES = ("closings", "closing_amounts", "closing_verdicts", "closing_findings", "closing_documents")


@pytest.mark.parametrize(("month", "ends"), [("2026-11", "2026-11-30"), ("2027-02", "2027-02-28")])
def test_month_that_is_not_over_is_refused(
    settings: adtally.Settings, ledger: Ledger, month: str, ends: str
) -> None:
    sync(ledger, google=told())

    with pytest.raises(ConfigError, match=f"{month} is not over: it ends on {ends}; run adtally close"):
        close(settings, ledger, month=month, clock=lambda: NOW)
    assert list(read_table(ledger, "closings")[1]) == []


def test_last_day_of_a_month_is_not_its_end(settings: adtally.Settings, ledger: Ledger) -> None:
    sync(ledger, google=told())
    last = datetime(2026, 10, 31, 23, 59, tzinfo=UTC)

    with pytest.raises(ConfigError, match="is not over"):
        closed(settings, ledger, last)
    assert closed(settings, ledger, datetime(2026, 11, 1, tzinfo=UTC)).month == MONTH


def test_empty_ledger_has_nothing_to_close(settings: adtally.Settings, ledger: Ledger) -> None:
    with pytest.raises(ConfigError, match="nothing is known of 2026-10: run adtally sync first"):
        closed(settings, ledger)


def test_missing_days_are_warned_of_and_the_month_is_closed_all_the_same(
    settings: adtally.Settings, ledger: Ledger
) -> None:
    sync(ledger, datetime(2026, 10, 20, 12, tzinfo=UTC), google=told())

    closing = closed(settings, ledger)

    assert not closing.complete
    assert [one for one in closing.warnings if one.kind == "missing"] == [
        Lack(
            kind="missing",
            says=f"google/{n}: 12 days were not fetched; run adtally sync google --first-day 2026-10-01",
        )
        for n in (1, 2)
    ]
    assert [row[4] for row in read_table(ledger, "closings")[1]] == [0]


def test_denied_reports_are_warned_of(settings: adtally.Settings, ledger: Ledger) -> None:
    sync(ledger, google=told())
    ledger.conn.execute(
        "UPDATE unit_cells SET status = 'denied' WHERE feed = (SELECT MIN(feed) FROM feeds "
        "WHERE report = 'delivery') AND first_day <= 20750 AND last_day >= 20750"
    )

    closing = closed(settings, ledger)

    [denied] = [one for one in closing.warnings if one.kind == "denied"]
    assert denied.says.startswith("google/1: delivery of 2026-10-")
    assert denied.says.endswith("was denied; see adtally status")
    assert not closing.complete


def test_what_may_still_change_is_warned_of_and_complete(settings: adtally.Settings, ledger: Ledger) -> None:
    closing = Closing(
        closing_id=1,
        month=MONTH,
        closed_at=NOW,
        version="1",
        warnings=(Lack(kind="pending", says="x: 1 results may still change"),),
        amounts=(),
        verdicts=(),
        findings=(),
        documents=(),
    )

    assert closing.complete
    assert not replace(closing, warnings=(Lack(kind="failed", says="y"),)).complete


def test_drift_shows_restated_cost_credits_rebills_and_findings(
    settings: adtally.Settings, ledger: Ledger
) -> None:
    sync(ledger, google=told())
    closed(settings, ledger)
    days = range(1, 32)
    rows = [*ran(*days, cost=MILLION - 100_000), *ran(*days, campaign_id="9", cost=2 * MILLION)]
    memo = bill(
        "CM-1",
        kind="credit_memo",
        total_micros=-2 * MILLION,
        issue_day=date(2026, 12, 3),
        first_day=None,
        last_day=date(2026, 12, 3),
        links=(InvoiceLink(kind="corrects", other_id="INV-1"),),
    )
    sync(ledger, datetime(2026, 12, 10, tzinfo=UTC), google=told(october(), memo, delivery=rows))

    found = since(settings, ledger)

    assert (found.month, found.closed_at, found.at) == (MONTH, NOW, LATE)
    moved = [
        (one.what, one.account_id, one.campaign_id, one.then_micros, one.now_micros) for one in found.changes
    ]
    assert ("cost", "1", "", 31 * MILLION, 27_900_000) in moved
    assert ("cost", "1", "7", 31 * MILLION, 27_900_000) in moved
    [credit] = [one for one in found.changes if one.what == "document"]
    assert (credit.key, credit.says, credit.then_micros, credit.now_micros) == (
        "CM-1",
        "credit_memo",
        None,
        -2 * MILLION,
    )
    assert {one.what for one in found.of_accounts} >= {"cost", "document", "finding"}
    assert all(one.campaign_id == "" for one in found.of_accounts)


def test_bill_that_comes_turns_the_estimate_into_a_bill(settings: adtally.Settings, ledger: Ledger) -> None:
    sync(ledger, google=told())
    before = closed(settings, ledger)
    second = bill("INV-2", total_micros=62 * MILLION)
    sync(ledger, later(1), google=told(october(), second, of={"9": "2", "INV-2": "2"}))

    found = since(settings, ledger)

    assert before.estimates == {"USD": 62 * MILLION}
    mine = {one.what: (one.then_micros, one.now_micros) for one in found.of_accounts if one.account_id == "2"}
    assert mine["estimate"] == (62 * MILLION, None)
    assert mine["billed"] == (None, 62 * MILLION)
    assert mine["document"] == (None, 62 * MILLION)


def test_month_that_stands_still_has_no_drift_and_an_open_one_none_to_show(
    settings: adtally.Settings, ledger: Ledger
) -> None:
    sync(ledger, google=told())

    with pytest.raises(ConfigError, match="2026-10 was never closed: run adtally close --month 2026-10"):
        since(settings, ledger)
    closed(settings, ledger)
    assert since(settings, ledger).changes == ()


def test_report_brings_the_drift_and_stores_nothing(settings: adtally.Settings, ledger: Ledger) -> None:
    sync(ledger, google=told())
    assert report(settings, ledger, month=MONTH, clock=lambda: NOW).since_closing == ()
    closed(settings, ledger)

    result = report(settings, ledger, month=MONTH, clock=lambda: LATE)

    assert [one.month for one in result.since_closing] == [MONTH]
    assert len(list(read_table(ledger, "closings")[1])) == 1


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"refuses_bills": True}, "not_offered"),
        ({"invoices": None}, "not_asked"),
    ],
)
def test_estimates_are_the_same_in_the_view_and_from_the_facts(
    ledger: Ledger, fields: dict[str, object], why: str
) -> None:
    sync(ledger, google=told(**fields, delivery=ran(1, 2)))

    found = list(accruals(facts(ledger).accounts))
    names, rows = read_table(ledger, "accruals")
    viewed = [dict(zip(names, row, strict=True)) for row in rows]

    expected = Accrual(
        month=MONTH,
        connector="google",
        platform="google_ads",
        account_id="1",
        account="",
        currency="USD",
        estimate_micros=2 * MILLION,
        why=why,  # type: ignore[arg-type]
    )
    assert found == [expected]
    assert viewed == [{name: getattr(expected, name) for name in names}]


def test_view_of_estimates_knows_bills_without_days_and_of_several_accounts(ledger: Ledger) -> None:
    rows = [*ran(1), *ran(1, campaign_id="9"), *ran(date(2026, 9, 3), campaign_id="9", cost=3 * MILLION)]
    late = bill("INV-9", first_day=None, last_day=None, issue_day=date(2026, 11, 2))
    memo = bill(
        "CM-1", kind="credit_memo", total_micros=-1, first_day=date(2026, 9, 1), last_day=date(2026, 9, 30)
    )
    sync(ledger, google=told(late, memo, delivery=rows, of={"9": "2", "CM-1": "2"}))

    names, found = read_table(ledger, "accruals")
    viewed = [dict(zip(names, row, strict=True)) for row in found]

    assert [(row["month"], row["account_id"], row["estimate_micros"], row["why"]) for row in viewed] == [
        ("2026-09", "2", 3 * MILLION, "not_billed_yet"),
        ("2026-10", "2", 1 * MILLION, "not_billed_yet"),
    ]
    for month in ("2026-09", "2026-10"):
        own = [(one.account_id, one.estimate_micros) for one in accruals(facts(ledger, month=month).accounts)]
        assert own == [(row["account_id"], row["estimate_micros"]) for row in viewed if row["month"] == month]


@given(st.none() | st.integers(-(10**12), 10**12), st.booleans())
def test_estimate_is_the_cost_and_only_where_there_is_no_bill(cost: int | None, is_billed: bool) -> None:
    one = replace(account("1"), cost_micros=cost, documents=("google/A",) if is_billed else ())

    found = [accrual.estimate_micros for accrual in accruals([one])]

    assert found == ([] if is_billed or not cost else [cost])


def test_estimates_make_no_finding(settings: adtally.Settings, ledger: Ledger) -> None:
    sync(ledger, google=told(refuses_bills=True, invoices=[]))

    closing = closed(settings, ledger)

    assert closing.estimates == {"USD": 93 * MILLION}
    assert [one.check_id for one in closing.findings if one.check_id.startswith("invoice")] == []


AMOUNT = st.none() | st.integers(-100, 100)
ROWS = st.lists(
    st.builds(
        amounts,
        account_id=st.sampled_from(["1", "2"]),
        campaign_id=st.sampled_from(["", "7"]),
        cost=st.integers(0, 100),
        billed=AMOUNT,
        expected=AMOUNT,
        estimate=AMOUNT,
    ),
    unique_by=lambda row: (row.account_id, row.campaign_id),
    max_size=4,
)


@given(ROWS, ROWS)
def test_changes_add_up_to_the_difference_and_mirror(
    then: list[ClosedAmounts], now: list[ClosedAmounts]
) -> None:
    one, other = (
        Closing(
            closing_id=1,
            month=MONTH,
            closed_at=NOW,
            version="1",
            warnings=(),
            amounts=tuple(rows),
            verdicts=(),
            findings=(),
            documents=(),
        )
        for rows in (then, now)
    )

    changes = drift(one, other).changes

    costs = [change.diff_micros for change in changes if change.what == "cost"]
    assert sum(costs) == sum(row.cost_micros or 0 for row in now) - sum(row.cost_micros or 0 for row in then)
    assert drift(one, one).changes == ()
    assert [mirrored(change) for change in drift(other, one).changes] == list(changes)


def mirrored(change: Change) -> Change:
    return replace(change, then_micros=change.now_micros, now_micros=change.then_micros)
