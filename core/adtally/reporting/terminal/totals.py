"""A month in sums: billed, to claim back, backed, and the three buckets that the money went to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console

from ...money import amount_text
from ...reconciliation.result import Month
from ...reconciliation.verdicts import EvidenceClass
from ..actions import Buckets, Confirmed, buckets, has_evidence, visits
from ..claims import at_risk, claims
from ..months import billed, currencies, platforms_without_bills
from ..wording import CLASS_WORDS, big_price, count_text, platform_label, share_text, unit_price
from .layout import bar, left, paragraph, right, say, widest

NO_EVIDENCE = "Not known yet: connect GA4, an install tracker, a shop or a file of your own counts."


def print_totals(console: Console, month: Month) -> None:
    columns = currencies(month)
    if not columns:
        say(console, "No bill and no cost is known for this month.")
        return
    whole, claimed = billed(month.support), at_risk(claims(month))
    seen, known = visits(month), has_evidence(month)
    amounts = {currency: amount_text(whole[currency], currency) for currency in columns}
    parts = {currency: amount_text(claimed[currency], currency) for currency in columns}
    wide, narrow = widest(amounts.values(), 10), widest(parts.values(), 10)
    last = "a confirmed visit" if seen else ""
    say(console, f"     {right('billed', wide)}  {right('claim back', narrow)}  {left('backed', 24)}{last}")
    for currency in columns:
        own, total = buckets(month.support, currency).own, whole[currency]
        backed = f"{right(share_text(own, total), 6)}  {bar(own, total, 14)}" if known else "not known yet"
        say(
            console,
            f"{left(currency, 3)}  ",
            (right(amounts[currency], wide), "bold"),
            "  ",
            (right(parts[currency], narrow), "red" if claimed[currency] else ""),
            f"  {left(backed, 24)}",
            _visit_text(seen.get(currency)) if seen else "",
        )
    if not known:
        paragraph(console, ["Backed: "], NO_EVIDENCE)
    for platform in platforms_without_bills(month):
        told = f"{platform_label(platform)}: no bill is known; from the platform's own cost report."
        paragraph(console, [], told)
    say(console)


def print_buckets(console: Console, month: Month) -> None:
    sums = [buckets(month.support, currency) for currency in sorted({row.currency for row in month.support})]
    for first in range(0, len(sums), 3):
        chunk = sums[first : first + 3]
        lines = list(_bucket_rows(chunk))
        wide = widest((text for _, texts in lines for text in texts), 11)
        names = "".join(f"  {right(one.currency, wide)}" for one in chunk)
        say(console, (left("What was paid for", 42), "bold"), names)
        for label, texts in lines:
            style = "" if label.startswith(" ") else "bold"
            say(console, (left(label, 42), style), "".join(f"  {right(text, wide)}" for text in texts))
        say(console)


def _visit_text(row: Confirmed | None) -> str:
    if row is None or not row.own_units:
        return "not known yet"
    own = big_price(row.billed_micros, row.own_units, row.currency)
    if not row.platform_units:
        return own
    return f"{own} (they say {big_price(row.billed_micros, row.platform_units, row.currency)})"


def _bucket_rows(sums: Sequence[Buckets]) -> Iterator[tuple[str, list[str]]]:
    """Yield a label and one amount a currency; details that are zero everywhere are left out."""

    def amounts(micros: list[int]) -> list[str]:
        return [amount_text(one, part.currency) for one, part in zip(micros, sums, strict=True)]

    yield "Per action, backed by evidence", amounts([sum(one.by_class.values()) for one in sums])
    classes: tuple[EvidenceClass, ...] = ("E3", "E2", "E1")
    for name in classes:
        micros = [one.by_class.get(name, 0) for one in sums]
        if any(micros):
            yield f"  by {CLASS_WORDS[name]}", amounts(micros)
    yield "Per action, not backed", amounts([one.unbacked + one.word for one in sums])
    if any(one.unbacked for one in sums):
        yield "  your own data does not show it", amounts([one.unbacked for one in sums])
    if any(one.word for one in sums):
        yield "  platform's own count, nothing beside it", amounts([one.word for one in sums])
    yield "Per view (cpm, vcpm, flat)", amounts([one.per_view for one in sums])
    if any(one.per_view for one in sums):
        yield "  interactions that came with it", [count_text(one.per_view_interactions) for one in sums]
        yield (
            "  cost of each",
            [unit_price(one.per_view_counted, one.per_view_interactions or 0, one.currency) for one in sums],
        )
    if any(one.unknown for one in sums):
        yield "Pricing model not known, not judged", amounts([one.unknown for one in sums])
