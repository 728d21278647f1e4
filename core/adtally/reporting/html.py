"""The HTML report: one file that loads nothing, runs nothing and can be sent to anybody."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ..engine.day_states import DayState, Status
from ..money import amount_text, rounded
from ..reconciliation.result import Month, Result
from . import wording
from .buckets import NO_EVIDENCE, SEGMENT_WORDS, segments
from .campaigns import what_if_text
from .completeness import account_names
from .months import shown_month
from .page import page_of
from .since import SINCE_ROWS, WHY_UNBILLED, change_text

NAME = 64
"""Characters of a name in a list; a longer one is cut in the middle."""
SENTENCE = 400
ROWS = 100
"""Rows of a calendar or a list of reasons; the rest is counted."""
PROOF_ROWS = 15

DAY_WORDS: dict[DayState, str] = {
    "final": "complete and final",
    "restated": "complete, may still be restated",
    "partial": "partial day: fetched before it ended",
    "zero": "complete, the platform reports zero",
    "missing": "missing: never fetched, or empty between days with spend",
    "failed": "fetch failed",
    "denied": "fetch denied",
    "inactive": "account not active",
}
DAY_SIGNS: dict[DayState, str] = {
    "final": "",
    "restated": "",
    "partial": "",
    "zero": "0",
    "missing": "?",
    "failed": "×",
    "denied": "!",
    "inactive": "–",
}

WORDS: dict[str, object] = {
    "bucket_words": SEGMENT_WORDS,
    "class_words": wording.CLASS_WORDS,
    "day_signs": DAY_SIGNS,
    "day_words": DAY_WORDS,
    "first_commands": wording.FIRST_COMMANDS,
    "max_proof": PROOF_ROWS,
    "max_rows": ROWS,
    "max_since": SINCE_ROWS,
    "no_evidence": NO_EVIDENCE,
    "severity_lines": wording.SEVERITY_LINES,
    "verdict_labels": wording.VERDICT_LABELS,
    "verdict_lines": wording.VERDICT_LINES,
    "why_unbilled": WHY_UNBILLED,
}
"""What every template may say."""


class OfAccount(Protocol):
    @property
    def connector(self) -> str: ...
    @property
    def account_id(self) -> str: ...


def write_report(
    path: Path, result: Result, status: Status, *, version: str, month: Month | None = None
) -> None:
    """Write the report of one month to ``path``: by default of the newest month that has ended.

    Raises OSError where the file cannot be written.
    """
    path.write_text(report_html(result, status, version=version, month=month), encoding="utf-8")


def report_html(result: Result, status: Status, *, version: str, month: Month | None = None) -> str:
    """The report as text; a ledger without data or without judgement gives a page that says what to do."""
    chosen = month or shown_month(result, status.today)
    page = page_of(result, status, chosen) if chosen and status.as_of else None
    template = _environment(status).get_template("report.html.jinja2")
    return template.render(WORDS, page=page, status=status, version=version, synced=bool(status.as_of))


def _environment(status: Status) -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__ or "", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    names = account_names(status)
    platforms = {row.connector: row.platform for row in status.feeds}

    def account(row: OfAccount, platform: str = "") -> Markup:
        of = platform or platforms.get(row.connector, "")
        return _name(names.get((of, row.account_id)) or row.account_id)

    environment.filters.update(  # pyright: ignore[reportUnknownMemberType] - untyped in jinja2
        account=account,
        amount=amount_text,
        change=change_text,
        big_price=wording.big_price,
        day=wording.day_text,
        days=wording.days_text,
        difference=_difference,
        what_if=what_if_text,
        gap=_gap,
        instant=wording.instant_text,
        money=_money,
        month=wording.month_text,
        name=_name,
        number=wording.count_text,
        period=wording.period_text,
        platform=wording.platform_label,
        plural=wording.plural,
        rate=wording.rate_text,
        ratio=wording.ratio_text,
        segments=segments,
        sentence=_sentence,
        share=_share,
        short_money=wording.short_money,
        shown=wording.shown,
        unit_price=wording.unit_price,
        width=_width,
    )
    return environment


def _money(micros: int, currency: str) -> Markup:
    return _coded(currency, amount_text(micros, currency))


def _difference(micros: int, currency: str) -> Markup:
    return _coded(currency, wording.signed_amount(micros, currency))


def _coded(currency: str, text: str) -> Markup:
    return Markup('<span class="num"><span class="code">{}</span>\u00a0{}</span>').format(currency, text)


def _name(text: str, width: int = NAME) -> Markup:
    """A name from a platform, apart from the direction of the text around it; nothing for none."""
    return Markup("<bdi>{}</bdi>").format(wording.cut(text, width)) if text else Markup("")


def _sentence(text: str) -> Markup:
    """One of our sentences, in which a name may stand."""
    return _name(text, SENTENCE)


def _share(part: int, whole: int, decimals: int = 0) -> str:
    return wording.share_text(part, whole, decimals=decimals)


def _width(part: int, whole: int) -> str:
    """A CSS length: the share that a bar takes, whatever the signs."""
    hundredths = max(0, min(10_000, rounded(part * 10_000, whole))) if whole > 0 else 0
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def _gap(missing: int, accounts: int) -> str:
    """How far the mark of a day reaches: never so little that one account is not seen."""
    return _width(max(missing * 100, accounts * 20), accounts * 100)
