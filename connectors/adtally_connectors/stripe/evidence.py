"""Charges, refunds and disputes as evidence: what was paid, what went back, what is contested.

Source: schemas Charge, Refund and Dispute in stripe-python 16.1.0, and docs.stripe.com/reports
/reporting-categories (read 2026-11). A charge is also made of an attempt that fails and of an authorisation
that is never captured, and a refund of the part that was not captured: the status parts them from money.
"""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime

from adtally import Account, Evidence, local_day

from . import keys, wire
from .amounts import Amount, in_micros, returned, sold

log = logging.getLogger(__name__)

ONE = 1_000_000
NEVER_CAPTURED = "partial_capture_reversal"
CHARGES = {"pending": "pending", "failed": "failed"}
REFUNDS = {
    "succeeded": "refunded",
    "pending": "pending",
    "requires_action": "pending",
    "failed": "failed",
    "canceled": "cancelled",
}
DISPUTES = {
    "needs_response": "open",
    "under_review": "open",
    "appeal_needs_response": "open",
    "appeal_under_review": "open",
    "warning_needs_response": "open",
    "warning_under_review": "open",
    "warning_closed": "cancelled",
    "prevented": "cancelled",
    "won": "won",
    "lost": "lost",
}
"""A warning is an inquiry: once it is closed, no money has moved."""


def day_of(row: wire.Dated, account: Account) -> date:
    """The day on which the row counts, by the account's clock."""
    return local_day(datetime.fromtimestamp(row.created, UTC), account.timezone)


def to_payment(charge: wire.Charge, checkout: wire.Checkout | None, account: Account) -> Evidence:
    """One attempt to be paid; those that were ``paid`` or later ``refunded`` brought money."""
    intent = charge.payment_intent if isinstance(charge.payment_intent, wire.Intent) else None
    metadata = keys.written(charge, intent, checkout)
    destination = charge.transfer_data and charge.transfer_data.destination
    return _record(
        charge,
        "payment",
        sold(charge, intent, checkout),
        keys.key_of(metadata),
        account,
        status=_charge_status(charge),
        refers_to=keys.order_of(metadata),
        flags="destination" if destination else "",
    )


def to_refund(refund: wire.Refund, checkout: wire.Checkout | None, account: Account) -> Evidence:
    """Money that went back, on its own day."""
    charge = refund.charge if isinstance(refund.charge, wire.Charge) else None
    row = refund.balance_transaction
    is_release = isinstance(row, wire.LedgerRow) and row.reporting_category == NEVER_CAPTURED
    status = _known(REFUNDS, refund.status or "", "pending", f"refund {refund.id}")
    if is_release or (charge is not None and not charge.captured):
        status = "cancelled"
    if charge is not None and not charge.livemode:
        status = "test"
    return _against(refund, "refund", status, checkout, account)


def to_dispute(dispute: wire.Dispute, checkout: wire.Checkout | None, account: Account) -> Evidence:
    """A payment that the cardholder contests; the money is gone unless it is ``won`` or ``cancelled``."""
    status = _known(DISPUTES, dispute.status, "open", f"dispute {dispute.id}")
    return _against(dispute, "dispute", status if dispute.livemode else "test", checkout, account)


def _charge_status(charge: wire.Charge) -> str:
    """``refunded`` of an authorisation says that it was let go: no money moved."""
    if not charge.livemode:
        return "test"
    if charge.status != "succeeded":
        return _known(CHARGES, charge.status, "pending", f"charge {charge.id}")
    if charge.captured:
        return "refunded" if charge.refunded else "paid"
    return "cancelled" if charge.refunded else "pending"


def _known(meanings: dict[str, str], status: str, otherwise: str, what: str) -> str:
    if status not in meanings:
        log.warning("stripe: %s has the unknown status %r: taken as %s", what, status[:40], otherwise)
    return meanings.get(status, otherwise)


def _against(
    row: wire.Refund | wire.Dispute,
    kind: str,
    status: str,
    checkout: wire.Checkout | None,
    account: Account,
) -> Evidence:
    """What takes a payment back; its key is its own, else that of the payment."""
    charge = row.charge if isinstance(row.charge, wire.Charge) else None
    intent = row.payment_intent if isinstance(row.payment_intent, wire.Intent) else None
    metadata = keys.written(row, charge, intent, checkout)
    same = charge if charge is not None and charge.currency == row.currency else None
    return _record(
        row,
        kind,
        returned(row.amount, same, intent, checkout),
        keys.key_of(metadata),
        account,
        status=status,
        refers_to=charge.id if charge is not None else str(row.charge or ""),
    )


def _record(
    row: wire.Paid,
    kind: str,
    amount: Amount,
    key: keys.Key,
    account: Account,
    *,
    status: str,
    refers_to: str,
    flags: str = "",
) -> Evidence:
    code = row.currency.upper()
    return Evidence(
        source_id=account.id,
        record_id=row.id,
        kind=kind,
        day=day_of(row, account),
        key_kind=key.kind,
        key_value=key.value,
        status=status,
        refers_to=refers_to,
        quantity_micros=ONE,
        value_micros=in_micros(amount.units, code),
        currency=code,
        timezone=account.timezone,
        evidence_class="E3",
        flags=" ".join(filter(None, ("" if amount.is_net else "gross", flags))),
    )
