"""Refunds as evidence, each on its own day and under the key of its order.

Source: Shopify GraphQL Admin API 2026-10, objects Refund, RefundLineItem and RefundShippingLine, enum
OrderTransactionStatus (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from adtally import Account, ContractError, Evidence, Http, Window, cursor_pages, local_day

from . import queries, wire
from .sales import ONE, amount, keyed, number
from .search import ask, following

DONE, FAILED = {"SUCCESS"}, {"FAILURE", "ERROR"}


class Parts(NamedTuple):
    """Of which order it is, what of it is no price of goods, in micros, and whether it was paid out."""

    order: wire.Origin
    taxes: int
    shipping: int
    has_lines: bool
    status: str


def days_refunds(row: wire.Refunded, account: Account, window: Window) -> Iterator[tuple[date, wire.Refund]]:
    """The refunds of an order that moved money on these days; goods may come back without any."""
    seen = set[str]()
    for refund in row.refunds:
        at = _at(refund)
        day = local_day(at, account.timezone)
        if refund.id in seen or day not in window or not refund.total_refunded_set.shop_money.amount:
            continue
        seen.add(refund.id)
        yield day, refund


def parts(http: Http, path: str, row: wire.Refunded, refund: wire.Refund) -> Parts:
    """Look at all lines of one refund."""
    currency = refund.total_refunded_set.shop_money.currency_code
    last: list[wire.RefundParts] = []

    def page(cursor: str) -> tuple[list[wire.RefundLine], str]:
        variables = {"id": refund.id, "first": queries.LINES, "after": cursor or None}
        found = ask(http, path, queries.REFUND, variables, wire.Reply[wire.RefundSeen]).refund
        if (found.id, found.order.id) != (refund.id, row.id):
            raise ContractError(f"refund {found.id[:80]} of {found.order.id[:80]} was not asked for")
        last[:] = [found]
        return found.refund_line_items.nodes, following(found.refund_line_items.page_info)

    lines = [line for lines in cursor_pages(page) for line in lines]
    [found] = last
    shipping = 0
    for each in found.refund_shipping_lines.nodes:
        tax = 0 if found.order.taxes_included else amount(each.tax_amount_set, currency)
        shipping += amount(each.subtotal_amount_set, currency) + tax
    taxes = sum(amount(line.total_tax_set, currency) for line in lines)
    return Parts(found.order, taxes, shipping, bool(lines), _status(found.transactions.nodes))


def to_refund(refund: wire.Refund, day: date, told: Parts, account: Account) -> Evidence:
    """The record; its value is what came back for goods, without tax and shipping, if the refund tells."""
    key, flags = keyed(told.order)
    currency = refund.total_refunded_set.shop_money.currency_code
    value = amount(refund.total_refunded_set, currency) - told.taxes - told.shipping
    if not told.has_lines and value > 0:
        flags.append("with_tax")
    return Evidence(
        source_id=account.id,
        record_id=number(refund.id),
        kind="refund",
        day=day,
        key_kind=key.kind,
        key_value=key.value,
        status="test" if told.order.test else told.status,
        refers_to=number(told.order.id),
        quantity_micros=ONE,
        value_micros=max(value, 0),
        currency=currency,
        timezone=account.timezone,
        evidence_class="E3",
        flags=" ".join(flags),
    )


def _at(refund: wire.Refund) -> datetime:
    at = refund.created_at or refund.processed_at
    if at is None:
        raise ContractError(f"refund {refund.id[:80]} has no createdAt")
    return at


def _status(transactions: tuple[wire.Transaction, ...]) -> str:
    """Paid out, failed, or neither yet; a refund without transactions was booked by hand."""
    states = {one.status for one in transactions}
    if not states or states & DONE:
        return "refunded"
    return "failed" if states <= FAILED else "pending"
