"""The checks, one module a family. ``CHECKS`` is their order: what an earlier one finds, it owns.

A new check is one decorated generator (``declaration.check``) and its place in this order.
"""

from __future__ import annotations

from .contract import billed_without_billable_events, effective_rate_above_cap, expected_charge_vs_billed
from .counterfactual import pricing_model_counterfactual
from .declaration import Check
from .delivered import invoice_total_vs_delivered
from .documents import invoice_arithmetic, invoice_currency_mismatch, invoice_line_arithmetic
from .duplicates import invoice_duplicate

CHECKS: dict[str, Check] = {
    check.id: check
    for check in (
        invoice_duplicate,
        invoice_currency_mismatch,
        invoice_arithmetic,
        invoice_line_arithmetic,
        invoice_total_vs_delivered,
        billed_without_billable_events,
        effective_rate_above_cap,
        expected_charge_vs_billed,
        pricing_model_counterfactual,
    )
}
