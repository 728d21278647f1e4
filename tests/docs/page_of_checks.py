"""docs/checks.md, written from what the checks declare: ``make docs`` puts it there, a test compares it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.checks.declaration import Check

PAGE = Path(__file__).parents[2] / "docs" / "checks.md"

FAMILIES: dict[str, tuple[str, ...]] = {
    "Inside the documents": (
        "invoice-duplicate",
        "invoice-overlap",
        "invoice-currency-mismatch",
        "invoice-arithmetic",
        "invoice-line-arithmetic",
        "invoice-missing",
        "fx-conversion",
        "credit-note-linkage",
        "tax-plausibility",
        "surcharge-plausibility",
        "agency-fee",
    ),
    "Documents against delivery": (
        "delivery-gaps",
        "invoice-total-vs-delivered",
        "threshold-charges-vs-spend",
        "invoice-line-vs-campaign-spend",
        "billed-quantity-vs-reported",
        "timezone-cutoff",
        "restated-after-billing",
    ),
    "Against the order": (
        "spend-outside-flight",
        "spend-while-paused",
        "billed-without-billable-events",
        "effective-rate-above-cap",
        "expected-charge-vs-billed",
        "spend-over-budget",
        "under-delivery-make-good",
        "controlling-measurement",
    ),
    "Against engagement": (
        "impressions-without-interaction",
        "clicks-vs-sessions",
        "installs-vs-mmp",
        "leads-vs-crm",
        "purchases-vs-orders",
        "order-claimed-by-several",
        "view-through-share",
        "refund-clawback",
        "invalid-traffic-credit-due",
        "engagement-support",
        "pricing-model-counterfactual",
    ),
}
"""What each check is about; within a family they stand in the order in which they run."""

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def in_words(number: int) -> str:
    """``thirty-seven``; below 100."""
    if number < len(_ONES):
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return f"{_TENS[tens]}-{_ONES[ones]}" if ones else _TENS[tens]


def page() -> str:
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield "# The checks"
    yield ""
    yield (f"All {in_words(len(CHECKS))} of them, as the code declares them: `make docs` writes this page.")
    yield "They run in the order of the numbers, and what an earlier one finds, it owns."
    yield "[Reconciliation](reconciliation.md) says what verdicts, tolerances and classes of evidence are;"
    yield "[the worked example](worked-example.md) follows one bill line by line."
    yield ""
    order = {name: number for number, name in enumerate(CHECKS, 1)}
    for family, names in FAMILIES.items():
        yield f"- **{family}**"
        for name in sorted(names, key=order.__getitem__):
            yield f"  - [{name}](#{name}) ({order[name]}): {CHECKS[name].question}"
    for family, names in FAMILIES.items():
        yield ""
        yield f"## {family}"
        for name in sorted(names, key=order.__getitem__):
            yield from _section(CHECKS[name])
    yield ""


def _section(check: Check) -> Iterator[str]:
    rows = {
        "formula": check.formula,
        "one result a": check.grain,
        "reads": ", ".join(check.reads),
        "waits for final": ", ".join(check.waits_for) or "nothing",
        "tolerance": check.tolerance,
        "severity": check.severity,
    }
    yield from ("", f"### {check.id}", "", check.question, "", "| | |", "| --- | --- |")
    for name, value in rows.items():
        escaped = value.replace("|", "\\|")
        yield f"| {name} | {escaped} |"
    yield ""
    yield "\n\n".join(paragraph.replace("\n", " ") for paragraph in check.notes.split("\n\n"))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
