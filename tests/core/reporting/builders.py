"""A small October: results and states with defaults, to be changed where a test needs it."""

from datetime import UTC, date, datetime

from adtally.calendar import Window
from adtally.engine.day_states import DayState, FeedStatus, Status, Trouble
from adtally.reconciliation.coverage_facts import Coverage
from adtally.reconciliation.evidence_facts import EvidenceSum
from adtally.reconciliation.facts import (
    CampaignMonth,
    Counts,
    Document,
    Facts,
    Period,
    Rate,
)
from adtally.reconciliation.result import Detail, Finding, Month, Result, Support
from adtally.reconciliation.verdicts import Asks, Outcome, Proof, Severity, Verdict
from adtally.records import Model

SEPTEMBER = Window(date(2026, 9, 1), date(2026, 9, 30))
OCTOBER = Window(date(2026, 10, 1), date(2026, 10, 31))
NOVEMBER = Window(date(2026, 11, 1), date(2026, 11, 30))
TODAY = date(2026, 11, 23)
FETCHED = datetime(2026, 11, 23, 6, 12, tzinfo=UTC)
HOSTILE = '</script><img src=x onerror="alert(1)">[bold]{{ 7*7 }}\u202egnp.exe\x1b[2J\x00'
UNIT = 1_000_000
SENTENCE = "EUR 1,800.00 billed; 1,980 clicks at the agreed 0.75 make EUR 1,485.00: EUR 315.00 too much."


def proof(says: str = "billed quantity", value: str = "2,400 clicks") -> Proof:
    return Proof(says=says, table="invoice_lines", key="INV-7/3", value=value, as_of=FETCHED)


def finding(
    finding_id: str = "F-1",
    *,
    severity: Severity = "high",
    asks: Asks = "claim",
    at_risk: int = 315 * UNIT,
    currency: str = "EUR",
    platform: str = "google_ads",
    account_id: str = "123",
    month: Window = OCTOBER,
    state: str = "open",
    check_id: str = "expected-charge-vs-billed",
    explanation: str = SENTENCE,
    next_step: str = "Ask Google Ads for a credit of EUR 315.00.",
    evidence: tuple[Proof, ...] = (proof(),),
) -> Finding:
    return Finding(
        finding_id=finding_id,
        check_id=check_id,
        subject="google/123/77",
        month=f"{month.first_day:%Y-%m}",
        verdict="finding",
        severity=severity,
        asks=asks,
        direction="over",
        confidence="high",
        state=state,  # type: ignore[arg-type]
        connector=platform.removesuffix("_ads"),
        platform=platform,
        account_id=account_id,
        campaign_id="77",
        invoice_id="INV-7",
        first_day=month.first_day,
        last_day=month.last_day,
        currency=currency,
        billed_micros=1_800 * UNIT,
        expected_micros=1_485 * UNIT,
        diff_micros=315 * UNIT,
        tolerance_micros=7_430_000,
        residual_micros=315 * UNIT,
        at_risk_micros=at_risk,
        formula="0.75 × 1,980 clicks = 1,485.00",
        evidence=evidence,
        explanation=explanation,
        next_step=next_step,
        first_seen=FETCHED,
        last_seen=FETCHED,
    )


def support(
    platform: str = "google_ads",
    currency: str = "EUR",
    *,
    backed: dict[str, int] | None = None,
    unbacked: int = 0,
    word: int = 0,
    per_view: int = 0,
    per_view_interactions: int | None = None,
    unknown: int = 0,
) -> Support:
    """Amounts in major units."""
    return Support(
        platform=platform,
        currency=currency,
        backed_micros={name: units * UNIT for name, units in (backed or {}).items()},
        unbacked_micros=unbacked * UNIT,
        platform_word_micros=word * UNIT,
        per_view_micros=per_view * UNIT,
        per_view_interactions=per_view_interactions,
        unknown_micros=unknown * UNIT,
    )


def campaign(
    campaign_id: str = "77",
    *,
    name: str = "brand search",
    platform: str = "google_ads",
    account_id: str = "123",
    currency: str = "EUR",
    model: Model | None = "cpc",
    then: Model | None = None,
    cost: int = 1_500,
    impressions: int | None = 100_000,
    clicks: int | None = 2_000,
    interactions: int | None = 2_000,
    evidence: tuple[EvidenceSum, ...] = (),
    pending_until: dict[str, date] | None = None,
) -> CampaignMonth:
    """Cost in major units; ``then`` is a second model within the month."""
    counts = Counts(
        impressions=impressions, clicks=clicks, interactions=interactions, cost_micros=cost * UNIT
    )
    models: list[Model | None] = [model, then] if then else [model]
    rates = [Rate(model=one, rate_micros=750_000, source="agreement 1") if one else None for one in models]
    return CampaignMonth(
        connector=platform.removesuffix("_ads"),
        platform=platform,
        account_id=account_id,
        campaign_id=campaign_id,
        name=name,
        currency=currency,
        month=OCTOBER,
        periods=tuple(Period(window=OCTOBER, counts=counts, rate=rate) for rate in rates),
        counts=counts,
        coverage=Coverage(pending_until=pending_until or {}),  # type: ignore[arg-type]
        evidence=evidence,
    )


def sessions(quantity: int, evidence_class: str = "E2", *, kind: str = "session") -> EvidenceSum:
    return EvidenceSum(
        source_id="ga4", kind=kind, evidence_class=evidence_class, quantity=quantity, records=31
    )


def bill(platform: str = "google_ads", currency: str = "EUR") -> Document:
    return Document(
        connector=platform.removesuffix("_ads"),
        platform=platform,
        invoice_id="INV-7",
        account_id="123",
        currency=currency,
        total_micros=1_800 * UNIT,
    )


def outcome(
    verdict: Verdict = "match",
    *,
    check_id: str = "invoice-arithmetic",
    subject: str = "google/INV-7",
    explanation: str = "Lines, tax and adjustments make 466.00, as printed.",
    next_step: str = "",
    at_risk: int = 0,
    currency: str = "EUR",
    figures: dict[str, int | str] | None = None,
) -> Outcome:
    return Outcome(
        check_id=check_id,
        subject=subject,
        verdict=verdict,
        connector="google",
        platform="google_ads",
        window=OCTOBER,
        currency=currency,
        at_risk_micros=at_risk,
        explanation=explanation,
        next_step=next_step,
        figures=figures or {},
    )


def month(
    window: Window = OCTOBER,
    *,
    findings: tuple[Finding, ...] = (),
    outcomes: tuple[Outcome, ...] = (),
    support: tuple[Support, ...] = (),
    campaigns: tuple[CampaignMonth, ...] = (),
    documents: tuple[Document, ...] = (),
) -> Month:
    facts = Facts(month=window, today=TODAY, campaigns=campaigns, documents=documents)
    detail = Detail(facts=facts, outcomes=outcomes).packed()
    return Month(month=window, detail=detail, findings=findings, support=support)


def result(*months: Month) -> Result:
    period = Window(months[0].month.first_day, months[-1].month.last_day) if months else OCTOBER
    return Result(period=period, months=months)


def days(window: Window = OCTOBER, **changes: DayState) -> dict[date, DayState]:
    """Every day final, but for those named: ``d21="failed"``."""
    states: dict[date, DayState] = dict.fromkeys(window, "final")
    for name, state in changes.items():
        states[window.first_day.replace(day=int(name[1:]))] = state
    return states


def feed(
    account_id: str = "123",
    *,
    connector: str = "google",
    name: str = "Fjord Coffee IT",
    report: str = "campaign_daily",
    grain: str = "campaign",
    newest: date | None = date(2026, 11, 22),
    states: dict[date, DayState] | None = None,
) -> FeedStatus:
    return FeedStatus(
        connector=connector,
        platform=f"{connector}_ads",
        account_id=account_id,
        account_name=name,
        currency="EUR",
        timezone="Europe/Berlin",
        report=report,
        grain=grain,
        newest_complete_day=newest,
        days=days() if states is None else states,
    )


def trouble(
    account_id: str = "123",
    *,
    connector: str = "meta",
    first_day: date = date(2026, 10, 21),
    last_day: date = date(2026, 10, 31),
    message: str = "token expired",
    retry: str = "adtally sync meta --account 123",
    is_offered: bool = True,
) -> Trouble:
    return Trouble(
        connector=connector,
        account_id=account_id,
        report="campaign_daily",
        first_day=first_day,
        last_day=last_day,
        status="failed" if is_offered else "not_offered",
        message=message,
        retry=retry,
    )


def status(
    *feeds: FeedStatus,
    troubles: tuple[Trouble, ...] = (),
    as_of: str = "2026-11-23T06:12:00Z",
    today: date = TODAY,
    seen_twice: tuple[str, ...] = (),
) -> Status:
    return Status(
        today=today, as_of=as_of, feeds=feeds or (feed(),), troubles=troubles, seen_twice=seen_twice
    )
