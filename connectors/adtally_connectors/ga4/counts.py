"""What GA4 counted on a day under a key, as evidence.

Source: sessions, engagedSessions, ecommercePurchases, purchaseRevenue of the Data API v1beta (read in the
official Python client 0.23.3, 2026-11). ``(not set)``, ``(other)``, ``(none)`` are words and no ids; texts
that come out of URLs are whatever somebody wrote there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from adtally import ContractError, Evidence, TooLarge, Unit, canonical_account, to_micros

from . import queries, wire
from .quality import OTHER_ROW, SAMPLED, flags, is_withheld

OTHER = "(other)"
NO_KEY = {"", "(not set)", OTHER, "(none)", "none", "n/a"}
LONGEST = 200
DIGEST = "sha256:"

COUNTS = {
    queries.SESSIONS: "session",
    queries.ENGAGED: "engaged_session",
    queries.PURCHASES: "purchase",
}
"""Kinds of evidence, by metric."""


class Key(NamedTuple):
    kind: queries.KeyKind
    value: str
    refers_to: str = ""


def to_evidence(page: wire.Report, share: queries.Share, unit: Unit) -> Iterator[Evidence]:
    """One record for each kind that a row counts; a zero is no record.

    The value of purchases is GA4's, in the currency that it tells beside it, less what was refunded since.
    Raises TooLarge for a sample of several days, ContractError for days that were not asked for and for
    numbers that are none.
    """
    weakened = flags(page.metadata)
    if SAMPLED in weakened and unit.window.days > 1:
        raise TooLarge(f"GA4 gives but a sample of {unit.window}: fewer days are asked for")
    no_revenue = is_withheld(queries.REVENUE, page.metadata)
    currency = page.metadata.currency_code or unit.account.currency
    for row in page.rows:
        day_text, *keys = row.key
        if day_text == OTHER and OTHER_ROW in weakened:
            continue  # of no day that could be known; every record says that such rows exist
        day = _day(day_text, unit)
        key = _key(share.key_kind, keys)
        amounts = dict(zip(queries.METRICS, (one.value for one in row.metric_values), strict=True))
        revenue = None if no_revenue else _number(queries.REVENUE, amounts[queries.REVENUE])
        for metric, kind in COUNTS.items():
            quantity = _count(metric, amounts[metric])
            value = revenue if metric == queries.PURCHASES else None
            if quantity or value:
                yield Evidence(
                    source_id=unit.account.id,
                    record_id=f"{day} {share.key_kind} {_mark(' '.join(keys))}",
                    kind=kind,
                    day=day,
                    key_kind=key.kind,
                    key_value=key.value,
                    refers_to=key.refers_to,
                    quantity_micros=quantity,
                    value_micros=value,
                    currency="" if value is None else currency,
                    timezone=unit.account.timezone,
                    evidence_class="E2",
                    flags=weakened,
                )


def _day(text: str, unit: Unit) -> date:
    try:
        day = date.fromisoformat(text if len(text) == len("20261001") and _is_number(text) else "")
    except ValueError:
        raise ContractError(f"GA4's report has no day in {text[:40]!r}") from None
    if day not in unit.window:
        raise ContractError(f"a row of {day} came, which was not asked for")
    return day


def _key(kind: queries.KeyKind, texts: list[str]) -> Key:
    """The key of a row; one without a key goes by an empty name."""
    value = plain(texts[-1])
    if value.casefold() in NO_KEY:
        return Key("name", "")
    if kind != "campaign_id":
        return Key(kind, value)
    customer = canonical_account(texts[0])
    if not _is_number(value):
        return Key("name", value)
    return Key("campaign_id", value, customer if _is_number(customer) else "")


def plain(text: str) -> str:
    """The text without control characters, at most 200 characters of it."""
    return "".join(filter(str.isprintable, text)).strip()[:LONGEST]


def _mark(text: str) -> str:
    """The text as a part of an id, or its digest where two texts could look alike as they are shown."""
    if plain(text) == text and not text.startswith(DIGEST):
        return text
    return DIGEST + sha256(text.encode()).hexdigest()


def _count(metric: str, text: str) -> int:
    count = _number(metric, text)
    if count < 0:
        raise ContractError(f"{metric}: {text[:40]!r} is below zero")
    return count


def _number(metric: str, text: str) -> int:
    try:
        return to_micros(text)
    except ContractError:
        raise ContractError(f"{metric}: {text[:40]!r} is no number") from None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
