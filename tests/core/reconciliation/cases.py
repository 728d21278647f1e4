"""Worked cases of the checks, as facts and what must come out; and small builders of facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from adtally.calendar import Window, month as days_of
from adtally.connector import MetricGroup
from adtally.money import to_micros
from adtally.reconciliation.account_facts import AccountMonth, Entry, RunningAccount
from adtally.reconciliation.coverage_facts import Coverage
from adtally.reconciliation.evidence_facts import EvidenceSum
from adtally.reconciliation.facts import (
    Baseline,
    BilledLine,
    BillGroup,
    CampaignMonth,
    Counts,
    Delivered,
    Document,
    Facts,
    FlightDays,
    Gaps,
    Line,
    Period,
    Rate,
    Results,
)
from adtally.reconciliation.rules import Rules
from adtally.reconciliation.verdicts import Verdict
from adtally.records import Model, RateKind

OCTOBER = days_of("2026-10")
APRIL, JUNE = days_of("2026-04"), days_of("2026-06")
TODAY = date(2026, 11, 23)
RULES = Rules()


def facts(
    *,
    campaigns: tuple[CampaignMonth, ...] = (),
    documents: tuple[Document, ...] = (),
    groups: tuple[BillGroup, ...] = (),
    accounts: tuple[AccountMonth, ...] = (),
    running: tuple[RunningAccount, ...] = (),
    today: date = TODAY,
) -> Facts:
    return Facts(
        month=OCTOBER,
        today=today,
        campaigns=campaigns,
        documents=documents,
        groups=groups,
        accounts=accounts,
        running=running,
    )


def line(amount: str, name: str = "1", **fields: object) -> Line:
    return Line(line=name, amount_micros=to_micros(amount), **fields)  # type: ignore[arg-type]


def document(total: str, name: str = "INV-1", *lines: Line, **fields: object) -> Document:
    values: dict[str, object] = {
        "connector": "google",
        "platform": "google_ads",
        "account_id": "1",
        "accounts": ("1",),
        "number": name,
        "window": OCTOBER,
        "currency": "USD",
        **fields,
    }
    return Document(invoice_id=name, total_micros=to_micros(total), lines=lines, **values)  # type: ignore[arg-type]


def group(
    cost: str | None, *documents: Document, currency: str = "USD", coverage: Coverage | None = None
) -> BillGroup:
    delivered = Delivered(
        currency=currency,
        cost_micros=None if cost is None else to_micros(cost),
        accounts=("1",),
        window=OCTOBER,
        coverage=coverage or Coverage(),
    )
    return BillGroup(documents=documents, delivered=(delivered,))


def rate(
    model: Model,
    price: str | None = None,
    *,
    kind: RateKind = "fixed",
    assumed: bool = False,
    **fields: object,
) -> Rate:
    micros = None if price is None else to_micros(price)
    return Rate(model=model, kind=kind, rate_micros=micros, source="agreement 1", assumed=assumed, **fields)  # type: ignore[arg-type]


def period(
    terms: Rate | None, window: Window = OCTOBER, /, *, cost: str | None = None, **counts: int
) -> Period:
    micros = None if cost is None else to_micros(cost)
    return Period(window=window, rate=terms, counts=Counts(cost_micros=micros, **counts))


def campaign(
    *periods: Period,
    name: str = "7",
    currency: str = "USD",
    billed: Mapping[str, str] | None = None,
    missing_days: int = 0,
    pending_until: Mapping[MetricGroup, date] | None = None,
    **fields: object,
) -> CampaignMonth:
    """``billed`` is amounts by invoice id, each one line; without it the cost report bills.

    ``fields`` are further fields of the campaign-month.
    """
    totals = {
        column: None if None in parts else sum(part for part in parts if part is not None)
        for column in Counts.__struct_fields__
        if (parts := [getattr(one.counts, column) for one in periods])
    }
    values: dict[str, object] = {
        "connector": "google",
        "platform": "google_ads",
        "account_id": "1",
        "campaign_id": name,
        "name": "Brand",
        "currency": currency,
        "month": OCTOBER,
        "periods": periods,
        "counts": Counts(**totals),
        "coverage": Coverage(missing_days=missing_days, pending_until=pending_until or {}),
        "lines": tuple(billed_line(amount, invoice) for invoice, amount in (billed or {}).items()),
        **fields,
    }
    return CampaignMonth(**values)  # type: ignore[arg-type]


def billed_line(
    amount: str, invoice: str = "A", *, quantity: int | None = None, unit: str = "", paired_by: str = "id"
) -> BilledLine:
    return BilledLine(
        invoice=f"google/{invoice}",
        line="1",
        quantity=quantity,
        unit=unit,
        amount_micros=to_micros(amount),
        paired_by=paired_by,
    )


def account(cost: str | None, **fields: object) -> AccountMonth:
    """An account whose bills were asked for and that has none yet."""
    values: dict[str, object] = {
        "connector": "google",
        "platform": "google_ads",
        "account_id": "1",
        "currency": "USD",
        "month": OCTOBER,
        "bills": "asked",
        "payment": "invoice",
        **fields,
    }
    return AccountMonth(cost_micros=None if cost is None else to_micros(cost), **values)  # type: ignore[arg-type]


def billed_account(cost: str = "1000.00", **fields: object) -> AccountMonth:
    """An account whose bills cover the month and name its campaigns."""
    whole = {"documents": ("google/A",), "billed_days": 31, "has_campaign_lines": True}
    return account(cost, **{**whole, **fields})


def running(cost: str | None, *charges: str, balance: str | None = "0", **fields: object) -> RunningAccount:
    """An account that opened at 0, with its charges and the balance at the end."""
    entries = (
        Entry(
            kind="charge",
            table="invoices",
            key=f"google/CH-{n}",
            day=date(2026, 10, n),
            amount_micros=to_micros(amount),
        )
        for n, amount in enumerate(charges, 1)
    )
    values: dict[str, object] = {
        "connector": "google",
        "platform": "google_ads",
        "account_id": "1",
        "currency": "USD",
        "window": OCTOBER,
        "opening_micros": 0,
        "open_micros": None if balance is None else to_micros(balance),
        "entries": tuple(entries),
        **fields,
    }
    return RunningAccount(cost_micros=None if cost is None else to_micros(cost), **values)  # type: ignore[arg-type]


def shown(
    impressions: int | None,
    interactions: int | None,
    name: str = "7",
    *,
    usual: tuple[int, int] | None = (1_000, 1_000_000),
    cost: str = "50.00",
    model: Model = "cpm",
    channel: str = "",
    missing_days: int = 0,
    pending_until: Mapping[MetricGroup, date] | None = None,
) -> CampaignMonth:
    """A campaign beside ``usual``: interactions and impressions of the others of its account."""
    known = {"impressions": impressions, "interactions": interactions}
    counts = {column: count for column, count in known.items() if count is not None}
    return campaign(
        period(rate(model, "5"), cost=cost, **counts),
        name=name,
        missing_days=missing_days,
        pending_until=pending_until,
        channel=channel,
        baseline=usual and Baseline(interactions=usual[0], impressions=usual[1], source="90 days"),
    )


def evidence(
    quantity: int, kind: str = "session", evidence_class: str = "E2", source: str = "ga4"
) -> EvidenceSum:
    return EvidenceSum(
        source_id=source, kind=kind, evidence_class=evidence_class, quantity=quantity, records=quantity
    )


class Case(Struct, frozen=True):
    """What one check must say about the facts: one outcome with this verdict and these values.

    ``expected`` are attributes of the outcome; ``figures`` a part of its figures. ``subject`` picks the
    outcome where the check has several.
    """

    check: str
    facts: Facts
    verdict: Verdict
    expected: dict[str, object]
    figures: dict[str, int | str] = {}
    rules: Rules = RULES
    subject: str = ""


def _bill(total: str) -> Facts:
    lines = (line("100.00", "1"), line("250.50", "2"), line("49.50", "3"))
    fields = {"tax_micros": to_micros("76.00"), "adjustments_micros": to_micros("-10.00")}
    return facts(documents=(document(total, "INV-1", *lines, **fields),))


def _priced(terms: Rate, cost: str, *, currency: str = "USD", **counts: int) -> Facts:
    return facts(campaigns=(campaign(period(terms, cost=cost, **counts), currency=currency),))


def _bridge(total: str, media: str) -> Facts:
    bill = document(
        total,
        "INV-1",
        line(media, "1"),
        line("120.00", "2", kind="fee", jurisdiction="GB"),
        line("-35.00", "3", kind="invalid_traffic", original_invoice_id="INV-0"),
        line("2017.00", "4", kind="tax"),
        currency="GBP",
    )
    return facts(documents=(bill,), groups=(group("10000.00", bill, currency="GBP"),))


def _line(amount: str, currency: str, **fields: object) -> Facts:
    return facts(documents=(document(amount, "INV-1", line(amount, "1", **fields), currency=currency),))


RATES: dict[Model, int] = {
    "cpm": to_micros("5"),
    "vcpm": to_micros("8"),
    "cpc": to_micros("0.40"),
    "cpv": to_micros("0.02"),
    "cpcv": to_micros("0.05"),
    "cpe": to_micros("0.15"),
    "cpl": to_micros("4"),
    "cpi": to_micros("2.50"),
    "cpa": to_micros("12"),
    "cps": 80_000,
}

SAME_500 = (document("500.00", "INV-7", line("500.00")), document("500.00", "INV-7A", line("500.00")))
REBILLED_500 = (
    document("500.00", "INV-8", line("500.00")),
    document("-500.00", "CM-8", line("-500.00"), kind="credit_memo", corrects=("INV-8",)),
    document("500.00", "INV-9", line("500.00"), replaces=("INV-8",)),
)
IN_EUR = document("920.00", "INV-1", line("920.00"), currency="EUR")
IN_TWO_CURRENCIES = facts(documents=(IN_EUR,), groups=(group("1000.00", IN_EUR),))

CASES: dict[str, Case] = {
    "C01": Case(
        "invoice-arithmetic", _bill("466.00"), "match", {"diff_micros": 0}, {"tax_micros": 76_000_000}
    ),
    "C02": Case(
        "invoice-arithmetic",
        _bill("476.00"),
        "finding",
        {
            "diff_micros": 10_000_000,
            "direction": "over",
            "severity": "critical",
            "at_risk_micros": 10_000_000,
        },
    ),
    "C03": Case(
        "invoice-line-arithmetic",
        _line("3950.61", "USD", quantity=1_234_567, per=1_000, unit_price_micros=3_200_000),
        "within_tolerance",
        {"diff_micros": -4_400, "tolerance_micros": 9_999, "at_risk_micros": 0},
        {"exact_micros": 3_950_614_400},
    ),
    "C04": Case(
        "expected-charge-vs-billed",
        _priced(rate("cpc", "0.75"), "1500.00", clicks=1_980),
        "finding",
        {
            "billed_micros": 1_500_000_000,
            "expected_micros": 1_485_000_000,
            "diff_micros": 15_000_000,
            "tolerance_micros": 7_425_000,
            "direction": "over",
            "severity": "high",
            "at_risk_micros": 15_000_000,
        },
        {"clicks": 1_980, "excess_clicks": 20},
    ),
    "C05": Case(
        "expected-charge-vs-billed",
        _priced(rate("cpc", "0.75"), "1500.00", clicks=1_995),
        "within_tolerance",
        {"diff_micros": 3_750_000, "tolerance_micros": 7_481_250},
    ),
    "C06": Case(
        "billed-without-billable-events",
        _priced(rate("cpc", "0.75"), "42.00", clicks=0, impressions=18_000),
        "finding",
        {
            "direction": "over",
            "severity": "critical",
            "at_risk_micros": 42_000_000,
            "tolerance_micros": 0,
            "expected_micros": 0,
        },
    ),
    "C07": Case(
        "expected-charge-vs-billed",
        _priced(rate("cpm", "2.50"), "45.00", impressions=18_000, clicks=0),
        "match",
        {"diff_micros": 0},
    ),
    "C13": Case(
        "effective-rate-above-cap",
        _priced(rate("cpc", "1.20", kind="cap"), "612.00", clicks=500),
        "finding",
        {"diff_micros": 12_000_000, "tolerance_micros": 3_000_000, "direction": "over", "severity": "high"},
        {"effective_rate_micros": 1_224_000},
    ),
    "C14": Case(
        "effective-rate-above-cap",
        _priced(rate("cpm", "8.00", kind="cap"), "79.99", impressions=10_000),
        "clear",
        {"direction": "", "at_risk_micros": 0},
        {"effective_rate_micros": 7_999_000},
    ),
    "C18": Case(
        "invoice-total-vs-delivered",
        _bridge("12102.00", "10000.00"),
        "explained",
        {"residual_micros": 0, "diff_micros": 2_102_000_000, "at_risk_micros": 0},
        {"fee_micros": 120_000_000, "adjustment_micros": -35_000_000, "tax_micros": 2_017_000_000},
    ),
    "C19": Case(
        "invoice-total-vs-delivered",
        _bridge("12202.00", "10100.00"),
        "finding",
        {
            "residual_micros": 100_000_000,
            "tolerance_micros": 10_000_000,
            "direction": "over",
            "severity": "high",
            "at_risk_micros": 100_000_000,
        },
    ),
    "C20": Case(
        "invoice-duplicate",
        facts(documents=SAME_500),
        "finding",
        {
            "subject": "google/INV-7+google/INV-7A",
            "direction": "over",
            "severity": "critical",
            "at_risk_micros": 500_000_000,
        },
    ),
    "C21": Case(
        "invoice-duplicate",
        facts(documents=REBILLED_500),
        "clear",
        {"at_risk_micros": 0},
        {"net_micros": 500_000_000},
    ),
    "C34": Case(
        "invoice-currency-mismatch",
        IN_TWO_CURRENCIES,
        "finding",
        {"severity": "high", "currency": "EUR", "billed_micros": 920_000_000, "at_risk_micros": 0},
    ),
    "C34 amounts": Case(
        "invoice-total-vs-delivered", IN_TWO_CURRENCIES, "not_checkable", {"diff_micros": None}
    ),
    "C38": Case(
        "pricing-model-counterfactual",
        _priced(
            rate("cpc", kind="auto"),
            "80.00",
            impressions=10_000,
            viewable_impressions=6_000,
            clicks=200,
            video_views=3_000,
            video_completions=1_000,
            engagements=350,
            leads=12,
            installs=18,
            conversions_micros=4_000_000,
            revenue_micros=600_000_000,
        ),
        "finding",
        {"severity": "info", "asks": "info", "at_risk_micros": 0},
        {
            "cpm": 50_000_000,
            "vcpm": 48_000_000,
            "cpc": 80_000_000,
            "cpv": 60_000_000,
            "cpcv": 50_000_000,
            "cpe": 52_500_000,
            "cpl": 48_000_000,
            "cpi": 45_000_000,
            "cpa": 48_000_000,
            "cps": 48_000_000,
            "ctr_ppm": 20_000,
            "break_even_ctr_ppm": 12_500,
            "ecpc_of_cpm_micros": 250_000,
            "ecpm_of_cpc_micros": 8_000_000,
        },
        Rules(rates={"USD": RATES}),
    ),
    "C40": Case(
        "invoice-line-arithmetic",
        _line("6419", "JPY", quantity=12_345, per=1_000, unit_price_micros=520_000_000),
        "within_tolerance",
        {"diff_micros": -400_000, "tolerance_micros": 999_999},
        {"exact_micros": 6_419_400_000},
    ),
    "C53": Case(
        "expected-charge-vs-billed",
        _priced(rate("cpc", "0.125"), "41.625", currency="KWD", clicks=333),
        "match",
        {"expected_micros": 41_625_000, "diff_micros": 0},
    ),
}


def _tested(impressions: int, interactions: int) -> Facts:
    return facts(campaigns=(shown(impressions, interactions),))


def _clicked(name: str, clicks: int, sessions: int, cost: str) -> CampaignMonth:
    ran = period(rate("cpc", "0.40"), cost=cost, clicks=clicks)
    return campaign(ran, name=name, evidence=(evidence(sessions),))


def _spent(month: str, cost: str, documents: tuple[str, ...]) -> Facts:
    window = days_of(month)
    billed = window.days if documents else 0
    return facts(accounts=(account(cost, month=window, documents=documents, billed_days=billed),))


MISSING_DAYS = campaign(
    period(rate("cpc", "0.50"), JUNE, cost="50.00", clicks=100),
    month=JUNE,
    gaps=Gaps(
        days=(date(2026, 6, 11), date(2026, 6, 12)),
        confirmed=True,
        neighbours=((date(2026, 6, 10), 900), (date(2026, 6, 13), 1_100)),
    ),
)
CROSSED_LINES = facts(
    campaigns=(
        campaign(period(None, cost="450.00"), name="A", billed={"INV-1": "500.00"}),
        campaign(period(None, cost="350.00"), name="B", billed={"INV-1": "300.00"}),
    ),
    accounts=(billed_account("800.00"),),
)
TOO_FEW = "impressions-without-interaction"

CASES_OF_FACTS: dict[str, Case] = {
    "C08": Case(
        TOO_FEW,
        _tested(10_000, 0),
        "finding",
        {"severity": "low", "asks": "waste", "at_risk_micros": 50_000_000, "flags": ()},
        {"p_value": "4.517e-5", "upper_limit": "0.02996%", "rank": 1, "tested": 1},
    ),
    "C09": Case(TOO_FEW, _tested(2_000, 0), "clear", {"flags": ("low_power",)}, {"p_value": "0.1352"}),
    "C10": Case(TOO_FEW, _tested(50_000, 30), "finding", {"asks": "waste"}, {"p_value": "1.587e-3"}),
    "C10 at half": Case(
        TOO_FEW,
        _tested(50_000, 30),
        "clear",
        {"flags": (), "at_risk_micros": 0},
        {"p_value": "1.587e-3"},
        Rules(effect_ratio=Decimal("0.5")),
    ),
    "C11": Case(TOO_FEW, _tested(50_000, 38), "clear", {"flags": ()}, {"p_value": "0.04729"}),
    "C12 too few": Case(
        TOO_FEW, _tested(4_602, 0), "clear", {"flags": ("low_power",)}, {"p_value": "0.01001"}
    ),
    "C12 enough": Case(TOO_FEW, _tested(4_603, 0), "finding", {"flags": ()}, {"p_value": "9.999e-3"}),
    "C15": Case(
        "spend-outside-flight",
        facts(
            campaigns=(
                campaign(
                    period(None, APRIL, cost="4.10"),
                    month=APRIL,
                    flight=FlightDays(
                        window=Window(date(2026, 3, 1), date(2026, 3, 31)),
                        source="agreement 1",
                        outside=((date(2026, 4, 1), to_micros("4.10")), (date(2026, 4, 2), 0)),
                    ),
                ),
            )
        ),
        "finding",
        {
            "diff_micros": 4_100_000,
            "tolerance_micros": 1_000_000,
            "at_risk_micros": 4_100_000,
            "direction": "over",
            "severity": "high",
            "asks": "claim",
        },
        {"days": 1},
    ),
    "C22 January": Case("invoice-missing", _spent("2026-01", "120.00", ("google/JAN",)), "clear", {}),
    "C22 February": Case(
        "invoice-missing",
        _spent("2026-02", "80.00", ()),
        "finding",
        {"severity": "medium", "asks": "info", "diff_micros": -80_000_000, "at_risk_micros": 80_000_000},
    ),
    "C22 March": Case("invoice-missing", _spent("2026-03", "0.00", ()), "clear", {"at_risk_micros": 0}),
    "C23 a": Case(
        "threshold-charges-vs-spend",
        facts(running=(running("1240.00", "500.00", "500.00", balance="240.00"),)),
        "match",
        {"residual_micros": 0, "tolerance_micros": 1_240_000},
    ),
    "C23 b": Case(
        "threshold-charges-vs-spend",
        facts(running=(running("1240.00", "500.00", "500.00", "250.00"),)),
        "finding",
        {
            "residual_micros": 10_000_000,
            "tolerance_micros": 1_240_000,
            "direction": "over",
            "severity": "high",
            "at_risk_micros": 10_000_000,
        },
    ),
    "C37": Case(
        "delivery-gaps",
        facts(campaigns=(MISSING_DAYS,)),
        "finding",
        {"severity": "medium", "asks": "info"},
        {"days": 2, "first_gap": "2026-06-11"},
    ),
    "C37 sums": Case("expected-charge-vs-billed", facts(campaigns=(MISSING_DAYS,)), "not_checkable", {}),
    "C43": Case(
        "view-through-share",
        facts(
            campaigns=(
                campaign(
                    period(rate("cpa", "10.00"), cost="500.00", conversions_micros=50_000_000),
                    results=Results(
                        all_micros=50_000_000,
                        view_through_micros=35_000_000,
                        attribution="default",
                        click_only=True,
                    ),
                ),
            )
        ),
        "finding",
        {
            "direction": "over",
            "severity": "high",
            "at_risk_micros": 350_000_000,
            "expected_micros": 150_000_000,
        },
        {"share_ppm": 700_000},
    ),
    "C45": Case(
        "engagement-support",
        facts(campaigns=(_clicked("7", 2_500, 2_310, "1000.00"),)),
        "finding",
        {"severity": "info", "asks": "info", "at_risk_micros": 0},
        {"support_ppm": 924_000, "unsupported_micros": 76_000_000, "class": "E2"},
    ),
    "C50": Case(
        "billed-quantity-vs-reported",
        facts(
            campaigns=(
                campaign(
                    period(None, cost="4160.00", clicks=10_350),
                    lines=(billed_line("4160.00", quantity=10_400, unit="clicks"),),
                ),
            )
        ),
        "finding",
        {
            "direction": "over",
            "severity": "high",
            "diff_micros": 20_000_000,
            "at_risk_micros": 20_000_000,
        },
        {"diff_units": 50, "tolerance_units": 10},
    ),
    "C51 A": Case(
        "invoice-line-vs-campaign-spend",
        CROSSED_LINES,
        "finding",
        {"diff_micros": 50_000_000, "direction": "over", "severity": "medium", "at_risk_micros": 50_000_000},
        subject="google/1/A",
    ),
    "C51 B": Case(
        "invoice-line-vs-campaign-spend",
        CROSSED_LINES,
        "finding",
        {"diff_micros": -50_000_000, "direction": "under", "asks": "info", "at_risk_micros": 0},
        subject="google/1/B",
    ),
    "C55": Case(
        "engagement-support",
        facts(campaigns=(_clicked("7", 100, 140, "40.00"), _clicked("8", 100, 30, "40.00"))),
        "finding",
        {"severity": "info", "billed_micros": 80_000_000},
        {"support_ppm": 650_000, "unsupported_micros": 28_000_000},
        subject="google/1/clicks/E2",
    ),
}
"""Worked cases whose facts no row of a single day can hold: they are given as they stand."""
