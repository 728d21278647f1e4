"""A month in sums: billed, to claim back, backed, and the three buckets that the money went to."""

from __future__ import annotations

from rich.console import Console

from ...money import amount_text
from ...reconciliation.result import Month
from ..buckets import NO_EVIDENCE, buckets, has_evidence, lines
from ..claims import at_risk, claims
from ..confirmed import Confirmed, headline, kind_of
from ..months import billed, currencies, platforms_without_bills
from ..wording import big_price, platform_label, share_text
from .layout import bar, left, paragraph, right, say, widest

WIDTH, LABEL = 80, 41


def print_totals(console: Console, month: Month) -> None:
    columns = currencies(month)
    if not columns:
        say(console, "No bill and no cost is known for this month.")
        return
    whole, claimed = billed(month.support), at_risk(claims(month))
    seen, known = headline(month), has_evidence(month)
    amounts = {currency: amount_text(whole[currency], currency) for currency in columns}
    parts = {currency: amount_text(claimed[currency], currency) for currency in columns}
    wide, narrow = widest(amounts.values(), 10), widest(parts.values(), 10)
    last = f"a confirmed {kind_of(seen.values())}" if seen else ""
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
            _price_text(seen.get(currency)) if seen else "",
        )
    if not known:
        paragraph(console, [], f"What is backed is not known yet. {NO_EVIDENCE}")
    for platform in platforms_without_bills(month):
        told = f"{platform_label(platform)}: no bill is known; from the platform's own cost report."
        paragraph(console, [], told)
    say(console)


def print_buckets(console: Console, month: Month) -> None:
    sums = [buckets(month.support, currency) for currency in sorted({row.currency for row in month.support})]
    known = has_evidence(month)
    wide = widest((text for line in lines(sums, known=known) for text in line.texts), 11)
    abreast = max(1, (WIDTH - LABEL) // (wide + 2))
    for first in range(0, len(sums), abreast):
        chunk = sums[first : first + abreast]
        names = "".join(f"  {right(one.currency, wide)}" for one in chunk)
        say(console, (left("What was paid for", LABEL), "bold"), names)
        for line in lines(chunk, known=known):
            label = f"  {line.label}" if line.is_detail else line.label
            say(console, left(label, LABEL), *(f"  {right(text, wide)}" for text in line.texts))
        say(console)


def _price_text(row: Confirmed | None) -> str:
    if row is None or not row.own_units:
        return "not known yet"
    own = big_price(row.billed_micros, row.own_units, row.currency)
    if not row.platform_units:
        return own
    return f"{own} (they say {big_price(row.billed_micros, row.platform_units, row.currency)})"
