"""Orders as evidence of purchases.

Source: Shopify GraphQL Admin API 2026-10, object Order, enum OrderDisplayFinancialStatus (read 2026-11).
"""

from __future__ import annotations

import logging

from adtally import Account, ContractError, Evidence, local_day, to_micros

from . import wire
from .visits import Key, cleaned, last_visits, to_key

log = logging.getLogger(__name__)

ONE = 1_000_000
STATUSES = {
    "PAID": "paid",
    "PARTIALLY_REFUNDED": "paid",
    "PARTIALLY_PAID": "accepted",
    "REFUNDED": "refunded",
    "AUTHORIZED": "pending",
    "PENDING": "pending",
    "VOIDED": "cancelled",
    "EXPIRED": "cancelled",
}
CHANNELS = {"web": "", "": "", "pos": "pos", "shopify_draft_order": "draft"}
RENEWAL = "subscription_contract"


def to_order(row: wire.Order, account: Account) -> Evidence:
    key, flags = keyed(row)
    if row.edited:
        flags.append("edited")
    currency = row.subtotal_price_set.shop_money.currency_code
    return Evidence(
        source_id=account.id,
        record_id=number(row.id),
        kind="order",
        day=local_day(row.created_at, account.timezone),
        key_kind=key.kind,
        key_value=key.value,
        status=_status(row),
        quantity_micros=ONE,
        value_micros=_net(row, currency),
        currency=currency,
        timezone=account.timezone,
        evidence_class="E3",
        flags=" ".join(flags),
    )


def number(gid: str) -> str:
    """The number of ``gid://shopify/Order/5001``."""
    found = gid.rpartition("/")[2].partition("?")[0]
    if not found:
        raise ContractError(f"an id is not understood: {gid[:80]!r}")
    return found


def amount(bag: wire.Bag | None, currency: str) -> int:
    """Micros in the shop's currency; nothing is 0. Raises ContractError for another currency."""
    if bag is None:
        return 0
    if bag.shop_money.currency_code != currency:
        told = bag.shop_money.currency_code[:40]
        raise ContractError(f"one order has amounts in {currency} and in {told!r}")
    return to_micros(bag.shop_money.amount)


def keyed(row: wire.Origin) -> tuple[Key, list[str]]:
    """The ad that the order came from, and what weakens that."""
    journey = row.customer_journey_summary
    visits = last_visits(journey, row.created_at)
    key = to_key(visits)
    channel = _channel(row.source_name or "")
    flags = [channel] if channel else []
    if journey is not None and not journey.ready:
        flags.append("visits_pending")
    elif not visits:
        flags.append("no_visit")
    told = journey.moments_count if journey else None
    if key.back:
        flags.append("earlier_visit")
    elif not key.value and told and told.count > len(visits) > 0:
        flags.append("more_visits")
    return key, flags


def _channel(name: str) -> str:
    """Where it was ordered, if not in the online store; an app's own channel has its number as its name."""
    other = "renewal" if name.startswith(RENEWAL) else "other_channel"
    return CHANNELS.get(name, other)


def _status(row: wire.Order) -> str:
    if row.test:
        return "test"
    if row.cancelled_at is not None:
        return "cancelled"
    native = row.display_financial_status or ""
    if native and native not in STATUSES:
        log.warning("shopify: order %s: status %s is taken as pending", number(row.id), cleaned(native))
    return STATUSES.get(native, "pending")


def _net(row: wire.Order, currency: str) -> int:
    """What the goods cost after discounts, before returns, without shipping and tax.

    Where prices include tax, the subtotal does; the order's tax is also that of its shipping.
    """
    subtotal = amount(row.subtotal_price_set, currency)
    if not row.taxes_included:
        return subtotal
    of_shipping = sum(
        amount(tax.price_set, currency) for line in row.shipping_lines.nodes for tax in line.tax_lines
    )
    return subtotal - amount(row.total_tax_set, currency) + of_shipping
