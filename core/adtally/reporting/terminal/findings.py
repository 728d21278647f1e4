"""Findings as text: a list to work through, and one of them with its numbers and proof."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console

from ...money import amount_text, money_text
from ...reconciliation.result import Finding
from ...reconciliation.verdicts import Severity
from ..wording import (
    ABSENT,
    CLASS_WORDS,
    SEVERITY_LINES,
    VERDICT_LABELS,
    days_text,
    instant_text,
    platform_label,
    shown,
    signed_amount,
)
from .layout import Part, fit, left, paragraph, right, say, widest

SEVERITY_STYLES: dict[Severity, str] = {
    "critical": "bold red",
    "high": "red",
    "medium": "yellow",
    "low": "",
    "info": "dim",
}
Names = Mapping[tuple[str, str], str]


def print_findings(
    console: Console, findings: Sequence[Finding], *, names: Names | None = None, limit: int | None = None
) -> None:
    """Print each finding as a sentence with its money, whom it concerns, its state and its id.

    ``names`` are account names by (platform, account id); ids stand where one is absent. Beyond ``limit``
    the rest is counted.
    """
    if not findings:
        say(console, "No findings.")
        return
    print_entries(console, findings[:limit], names or {}, with_state=True)
    if limit is not None and len(findings) > limit:
        say(console, f"{len(findings) - limit:,} more: adtally findings list")


def print_entries(
    console: Console, findings: Sequence[Finding], names: Names, *, with_state: bool = False
) -> None:
    amounts = [_at_risk(row) for row in findings]
    width = widest(amounts)
    for row, amount in zip(findings, amounts, strict=True):
        lead: list[Part] = [
            (left(_severity_word(row.severity), 8), SEVERITY_STYLES[row.severity]),
            f"  {right(amount, width)}  ",
        ]
        paragraph(console, lead, shown(row.explanation))
        indent = " " * (width + 12)
        state = f"  {row.month}  {row.state}" if with_state else ""
        room = max(console.width, 60) - len(indent) - len(row.finding_id) - 2 - len(state)
        say(console, indent, fit(whom(row, names), room), state, (f"  {row.finding_id}", "dim"))


def print_finding(console: Console, finding: Finding, *, names: Names | None = None) -> None:
    """Print one finding: what it says, how much, what to do, the proof, and since when it stands."""
    paragraph(console, [], shown(finding.explanation), style="bold")
    verdict, since = VERDICT_LABELS[finding.verdict].lower(), instant_text(finding.first_seen)
    severity = (_severity_word(finding.severity), SEVERITY_STYLES[finding.severity])
    say(console, severity, f"  {verdict}, {finding.state} since {since}")
    paragraph(console, [], _scope(finding, names or {}))
    say(console, (f"{finding.check_id}  {finding.finding_id}", "dim"))

    say(console)
    say(console, ("How much", "bold"))
    for label, amount, why in _sums(finding):
        paragraph(console, [f"  {left(label, 12)}", f"{right(amount, 18)}  "], why)

    say(console)
    say(console, ("What to do", "bold"))
    paragraph(console, ["  "], shown(finding.next_step) or "Nothing: it is worth knowing.")
    if finding.state == "open":
        say(console, f"  Then record it: adtally findings ack {finding.finding_id} --note TEXT")

    say(console)
    say(console, ("Proof", "bold"))
    last = ""
    for proof in finding.evidence:
        source = f"{CLASS_WORDS[proof.evidence_class]}; {shown(proof.table)} {shown(proof.key)}"
        source += f"; fetched {instant_text(proof.as_of)}" if proof.as_of else ""
        if source != last:
            paragraph(console, ["  "], source, style="dim")
            last = source
        paragraph(console, [f"    {left(fit(proof.says, 44), 44)}  "], shown(proof.value) or ABSENT)
    if not finding.evidence:
        say(console, "  No row stands behind it.")


def whom(finding: Finding, names: Names) -> str:
    """``Google Ads, Fjord Coffee IT``: the platform, and the account's name or id."""
    account = names.get((finding.platform, finding.account_id)) or finding.account_id
    told = [platform_label(finding.platform), shown(account)]
    if not account and finding.invoice_id:
        told[1] = f"bill {shown(finding.invoice_id)}"
    return ", ".join(part for part in told if part)


def _scope(finding: Finding, names: Names) -> str:
    parts = [whom(finding, names)]
    if finding.campaign_id:
        parts.append(f"campaign {shown(finding.campaign_id)}")
    if finding.invoice_id and finding.account_id:
        parts.append(f"bill {shown(finding.invoice_id)}")
    parts.append(f"{days_text(finding.first_day, finding.last_day)} {finding.last_day.year}")
    return ", ".join(parts)


def _sums(finding: Finding) -> Iterable[tuple[str, str, str]]:
    """Yield label, amount and where it comes from; what the check does not state is left out."""
    currency = finding.currency
    if finding.billed_micros is not None:
        yield "Billed", money_text(finding.billed_micros, currency), ""
    if finding.expected_micros is not None:
        yield "Expected", money_text(finding.expected_micros, currency), shown(finding.formula)
    elif finding.formula:
        yield "Formula", "", shown(finding.formula)
    if finding.diff_micros is not None:
        yield "Difference", f"{currency} {signed_amount(finding.diff_micros, currency)}", ""
        if finding.residual_micros is not None:
            explained = finding.diff_micros - finding.residual_micros
            why = "by rows that exist" if explained else "no row explains any of it"
            yield "Explained", money_text(explained, currency), why
    if finding.tolerance_micros is not None:
        yield "Tolerance", money_text(finding.tolerance_micros, currency), ""
    yield "At risk", _at_risk(finding), SEVERITY_LINES[finding.severity]


def _at_risk(finding: Finding) -> str:
    if not finding.currency or not finding.at_risk_micros:
        return ABSENT
    return f"{finding.currency}\u00a0{amount_text(finding.at_risk_micros, finding.currency)}"


def _severity_word(severity: Severity) -> str:
    return "CRITICAL" if severity == "critical" else severity
