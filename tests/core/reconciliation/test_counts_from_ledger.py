"""The counts of others, from rows in a real ledger through the facts to the judgement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import pytest
from msgspec.structs import replace

from adtally.engine.jobs import Wishes
from adtally.engine.run import run_sync
from adtally.ledger import Ledger
from adtally.money import to_micros
from adtally.reconciliation.evidence_facts import ServiceCredit
from adtally.reconciliation.facts import Facts
from adtally.reconciliation.judge import judge
from adtally.reconciliation.rules import Rules
from adtally.reconciliation.verdicts import Outcome
from adtally.records import Account, Campaign, Delivery, Evidence, InvoiceAccount, InvoiceLine, InvoiceLink
from adtally.registry import Configured

from .told import NOW, Told, bill, connector, facts, line, sync

MIDDLE = date(2026, 10, 15)
SEPTEMBER = {"first_day": date(2026, 9, 1), "last_day": date(2026, 9, 30)}
NOVEMBER = {"first_day": date(2026, 11, 1), "last_day": date(2026, 11, 15)}


def row(campaign_id: str = "7", cost: str = "900.00", day: date = MIDDLE, **counts: int) -> Delivery:
    return Delivery(day=day, campaign_id=campaign_id, cost_micros=to_micros(cost), **counts)  # type: ignore[arg-type]


def count(
    quantity: int, kind: str = "session", key: str = "7", day: date = MIDDLE, **fields: object
) -> Evidence:
    values: dict[str, object] = {
        "source_id": "s",
        "record_id": f"{day} {key} {fields.get('flags', '')}",
        "kind": kind,
        "key_kind": "campaign_id",
        "key_value": key,
        **fields,
    }
    return Evidence(day=day, quantity_micros=quantity * 1_000_000, **values)  # type: ignore[arg-type]


def given(
    ledger: Ledger,
    told: Told,
    evidence: Iterable[Evidence],
    agreement: Mapping[str, object],
    *,
    account: Account | None = None,
) -> Facts:
    accounts = (account or Account(id="p-1", currency="USD", timezone="UTC"),)
    own = Told(platform="ga4", accounts=accounts, delivery=None, campaigns=None, evidence=list(evidence))
    sync(ledger, google=told, theirs=own)
    return facts(ledger, [agreement])


def only(found: Facts, check: str) -> Outcome:
    [outcome] = [one for one in judge(found, Rules()) if one.check_id == check]
    return outcome


@pytest.mark.parametrize(
    ("clicks", "sessions", "verdict", "money"),
    [
        pytest.param(1_000, 760, "finding", 36_000_000, id="C24"),
        pytest.param(1_000, 785, "clear", 0, id="C25"),
        pytest.param(20, 12, "clear", 0, id="C26"),
    ],
)
def test_sessions_come_out_of_the_ledger(
    ledger: Ledger, clicks: int, sessions: int, verdict: str, money: int
) -> None:
    found = given(ledger, Told(delivery=[row(clicks=clicks)]), [count(sessions)], {"rate": "0.90"})

    outcome = only(found, "clicks-vs-sessions")

    assert (outcome.verdict, outcome.at_risk_micros) == (verdict, money)
    assert outcome.figures["floor_ppm"] == 800_000


def test_own_installs_come_out_of_the_ledger(ledger: Ledger) -> None:
    told = Told(delivery=[row(cost="2400.00", installs=1_200)])
    clause = {"model": "cpi", "rate": "2.00", "counted_by": "theirs"}
    views = count(250, "install", flags="view_through")

    found = given(ledger, told, [count(800, "install"), views], clause)

    outcome = only(found, "installs-vs-mmp")
    assert (outcome.verdict, outcome.severity, outcome.at_risk_micros) == ("finding", "high", 300_000_000)
    plus = facts(ledger, [{**clause, "beyond": "controlling_plus", "discrepancy": "10%"}])
    assert only(plus, "installs-vs-mmp").at_risk_micros == 90_000_000
    open_to_all = facts(ledger, [{"model": "cpi", "rate": "2.00"}])
    assert only(open_to_all, "installs-vs-mmp").severity == "medium"
    assert only(open_to_all, "engagement-support").figures["support_ppm"] == 666_666


def test_controlling_measurement_comes_out_of_the_ledger(ledger: Ledger) -> None:
    told = Told(delivery=[row(cost="4000.00", impressions=1_000_000, clicks=500)])
    clause = {"model": "cpm", "rate": "4.00", "counted_by": "theirs"}

    found = given(ledger, told, [count(910_000, "impression"), count(400, "click")], clause)

    outcome = only(found, "controlling-measurement")
    assert (outcome.verdict, outcome.at_risk_micros) == ("finding", 360_000_000)
    checks = {one.check_id for one in judge(found, Rules())}
    assert not checks & {"expected-charge-vs-billed", "engagement-support", "clicks-vs-sessions"}
    seller = facts(ledger, [{"model": "cpm", "rate": "4.00"}])
    assert only(seller, "expected-charge-vs-billed").verdict == "match"


def test_invalid_clicks_less_their_credits_come_out_of_the_ledger(ledger: Ledger) -> None:
    of_october = InvoiceLine(
        line="1",
        kind="invalid_traffic",
        campaign_id="7",
        amount_micros=-36_000_000,
        first_day=date(2026, 10, 1),
        last_day=date(2026, 10, 31),
    )
    told = Told(
        delivery=[row(cost="2000.00", clicks=5_000, invalid_clicks=320)],
        invoices=[
            bill("INV-2", of_october, **NOVEMBER, issue_day=date(2026, 11, 16), total_micros=-36_000_000)
        ],
    )
    found = given(ledger, told, [count(150, "invalid_click")], {"rate": "0.40"})

    outcome = only(found, "invalid-traffic-credit-due")
    assert (outcome.verdict, outcome.at_risk_micros) == ("finding", 24_000_000)
    assert found.service_credits == (
        ServiceCredit(
            connector="google",
            account_id="1",
            currency="USD",
            campaign_id="7",
            amount_micros=36_000_000,
            key="google/INV-2/1",
        ),
    )


@pytest.mark.parametrize(
    ("credit", "corrects", "of_month"),
    [
        (line(-1, kind="invalid_traffic", original_invoice_id="INV-10"), "", True),
        (line(-1, kind="invalid_traffic", original_invoice_id="INV-9"), "", None),
        (line(-1, kind="invalid_traffic"), "INV-10", True),
        (line(-1, kind="invalid_traffic"), "", False),
        (
            line(-1, kind="invalid_traffic", first_day=date(2026, 11, 1), last_day=date(2026, 11, 15)),
            "",
            False,
        ),
        (line(-1, kind="credit", description="Invalid activity"), "", False),
        (line(-1, kind="credit", description="goodwill"), "", None),
        (line(-1, kind="promotion"), "", None),
    ],
)
def test_credits_belong_to_the_month_in_which_the_ads_ran(
    ledger: Ledger, credit: InvoiceLine, corrects: str, of_month: bool | None
) -> None:
    links = (InvoiceLink(kind="corrects", other_id=corrects),) if corrects else ()
    told = Told(
        delivery=[row(cost="2000.00", clicks=5_000)],
        invoices=[
            bill("INV-9", **SEPTEMBER, total_micros=1),
            bill("INV-10", total_micros=2),
            bill("CM-1", credit, **NOVEMBER, issue_day=date(2026, 11, 16), total_micros=-1, links=links),
        ],
    )

    found = given(ledger, told, [count(150, "invalid_click")], {"rate": "0.40"})

    assert [one.of_month for one in found.service_credits] == ([] if of_month is None else [of_month])


def test_credits_on_lines_that_another_connector_brings_are_those_of_the_document(ledger: Ledger) -> None:
    credit = line(-36_000_000, kind="invalid_traffic", campaign_id="7", original_invoice_id="INV-1")
    bills = [
        bill("INV-1", total_micros=2_000_000_000),
        bill("INV-2", credit, **NOVEMBER, issue_day=date(2026, 11, 16), total_micros=-36_000_000),
    ]
    told = Told(delivery=[row(cost="2000.00", clicks=5_000)], invoices=bills)
    lines = Told(accounts=(Account(id="2", currency="USD", timezone="UTC"),))
    own = Told(
        platform="ga4",
        accounts=(Account(id="p-1", currency="USD", timezone="UTC"),),
        delivery=None,
        evidence=[count(150, "invalid_click")],
    )
    sync(ledger, google=told, lines=lines, theirs=own)

    ledger.conn.execute("UPDATE invoice_lines SET connector = 'lines'")

    [found] = facts(ledger, [{"rate": "0.40"}]).service_credits

    assert (found.amount_micros, found.key) == (36_000_000, "google/INV-2/1")


def test_credits_are_not_read_where_nobody_counted_invalid_traffic(ledger: Ledger) -> None:
    told = Told(
        delivery=[row(clicks=5_000)],
        invoices=[bill("INV-1", line(-1_000_000, kind="invalid_traffic"), total_micros=-1_000_000)],
    )

    assert given(ledger, told, [count(150)], {}).service_credits == ()


def test_bill_that_two_connectors_bring_credits_once(ledger: Ledger) -> None:
    credit = bill("INV-1", line(-1_000_000, kind="invalid_traffic"), total_micros=-1_000_000)
    told = Told(delivery=[row(cost="2000.00", clicks=5_000)], invoices=[credit])
    payer = (Account(id="99", currency="USD", timezone="UTC"),)
    same = replace(credit, accounts=(InvoiceAccount(account_id="1"),))
    portal = Told(accounts=payer, delivery=None, campaigns=None, invoices=[same])
    theirs = Told(platform="ga4", delivery=None, campaigns=None, evidence=[count(150, "invalid_click")])

    sync(ledger, google=told, portal=portal, theirs=theirs)

    assert [one.key for one in facts(ledger, [{}]).service_credits] == ["google/INV-1/1"]


def test_credit_on_a_bill_of_several_accounts_may_be_for_each_of_them(ledger: Ledger) -> None:
    two = (Account(id="1", currency="USD", timezone="UTC"), Account(id="2", currency="USD", timezone="UTC"))
    shared = bill(
        "INV-1",
        line(-1_000_000, kind="invalid_traffic"),
        total_micros=-1_000_000,
        accounts=tuple(InvoiceAccount(account_id=id_) for id_ in ("1", "2", "3")),
    )
    told = Told(accounts=two, delivery=[row(cost="2000.00", clicks=5_000)], invoices=[shared])

    found = given(ledger, told, [count(150, "invalid_click")], {"rate": "0.40"})

    assert [(one.account_id, one.of_month) for one in found.service_credits] == [("1", False), ("2", False)]


def test_credit_names_its_campaign_by_id_or_name_or_not_at_all(ledger: Ledger) -> None:
    told = Told(
        delivery=[row(cost="2000.00", clicks=5_000)],
        campaigns=[Campaign(campaign_id="7", name="Brand")],
        invoices=[
            bill(
                "INV-1",
                line(-1_000_000, kind="invalid_traffic", campaign_name="brand"),
                line(-2_000_000, "2", kind="invalid_traffic"),
                total_micros=-3_000_000,
            )
        ],
    )

    found = given(ledger, told, [count(150, "invalid_click")], {"rate": "0.40"})

    assert [(one.campaign_id, one.amount_micros) for one in found.service_credits] == [
        ("7", 1_000_000),
        ("", 2_000_000),
    ]


def test_quarter_before_tells_how_many_clicks_arrive(ledger: Ledger) -> None:
    before = date(2026, 9, 30)
    told = Told(
        delivery=[
            row(clicks=1_000),
            row(clicks=500, day=before),
            row(clicks=500, day=date(2026, 7, 3)),
            row(clicks=9_000, day=date(2026, 7, 2)),
            row("8", clicks=9_000, day=before),
        ]
    )
    sessions = [count(700), count(350, day=before), count(360, day=date(2026, 7, 3))]

    found = given(ledger, told, [*sessions, count(9_000, day=date(2026, 7, 2))], {"rate": "0.90"})

    [trail] = found.session_trails
    assert (trail.clicks, trail.sessions, trail.ratio_ppm) == (1_000, 710, 710_000)
    assert str(trail.window) == "2026-07-03..2026-09-30"
    assert only(found, "clicks-vs-sessions").figures["floor_ppm"] == 560_000


def test_sessions_of_two_sources_are_not_added_in_the_quarter_before(ledger: Ledger) -> None:
    before = date(2026, 9, 30)
    told = Told(delivery=[row(clicks=1_000), row(clicks=400, day=before)])
    two = (Account(id="a", currency="USD", timezone="UTC"), Account(id="b", currency="USD", timezone="UTC"))
    theirs = Told(platform="ga4", accounts=two, delivery=None, evidence=[count(700), count(300, day=before)])

    sync(ledger, google=told, theirs=theirs)

    [trail] = facts(ledger, [{}]).session_trails
    assert (trail.clicks, trail.sessions) == (400, 300)


@pytest.mark.parametrize("late", ["google", "theirs"])
def test_quarter_of_which_one_side_lacks_days_tells_nothing(ledger: Ledger, late: str) -> None:
    before = date(2026, 9, 30)
    told = {
        "google": Told(delivery=[row(clicks=1_000), row(clicks=1_000, day=before)]),
        "theirs": Told(
            platform="ga4", delivery=None, campaigns=None, evidence=[count(700), count(700, day=before)]
        ),
    }

    for name, one in told.items():
        first_day = date(2026, 9, 1) if name == late else date(2026, 1, 1)
        known = [Configured(name, connector(one), (), ("campaign",))]
        run_sync(ledger, known, Wishes(first_day=first_day), clock=lambda: NOW, run_id=name)

    found = facts(ledger, [{}])
    assert (found.session_trails, only(found, "clicks-vs-sessions").figures["floor_ppm"]) == ((), 800_000)


@pytest.mark.parametrize("lacks", ["clicks", "sessions in the month", "volume"])
def test_quarter_that_tells_nothing_leaves_the_setting(ledger: Ledger, lacks: str) -> None:
    before, clicks = date(2026, 9, 30), 399 if lacks == "volume" else 1_000
    told = Told(
        delivery=[row(clicks=1_000)] + ([] if lacks == "clicks" else [row(clicks=clicks, day=before)])
    )
    now = [] if lacks == "sessions in the month" else [count(700)]

    found = given(ledger, told, [*now, count(300, day=before)], {})

    assert found.session_trails == ()


def test_zones_of_both_sides_stand_in_the_proof(ledger: Ledger) -> None:
    berlin = Account(id="p-1", currency="EUR", timezone="Europe/Berlin")

    found = given(ledger, Told(delivery=[row(clicks=1_000)]), [count(760)], {"rate": "0.90"}, account=berlin)

    says = [one.says for one in only(found, "clicks-vs-sessions").proof]
    assert "session by theirs, 1 record; zone Europe/Berlin, of the ad account UTC" in says
