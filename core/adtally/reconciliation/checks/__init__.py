"""The checks, one module a family. ``CHECKS`` is their order: what an earlier one finds, it owns.

A new check is one decorated generator (``declaration.check``) and its place in this order.
"""

from __future__ import annotations

from .contract import billed_without_billable_events, effective_rate_above_cap, expected_charge_vs_billed
from .counterfactual import pricing_model_counterfactual
from .days import delivery_gaps, spend_outside_flight
from .declaration import Check
from .delivered import invoice_total_vs_delivered
from .documents import invoice_arithmetic, invoice_currency_mismatch, invoice_line_arithmetic
from .duplicates import invoice_duplicate
from .engagement import engagement_support
from .interactions import impressions_without_interaction
from .lines import billed_quantity_vs_reported, invoice_line_vs_campaign_spend
from .missing import invoice_missing
from .running import threshold_charges_vs_spend
from .view_through import view_through_share

CHECKS: dict[str, Check] = {
    check.id: check
    for check in (
        invoice_duplicate,
        invoice_currency_mismatch,
        delivery_gaps,
        invoice_arithmetic,
        invoice_line_arithmetic,
        invoice_missing,
        invoice_total_vs_delivered,
        threshold_charges_vs_spend,
        invoice_line_vs_campaign_spend,
        billed_quantity_vs_reported,
        spend_outside_flight,
        billed_without_billable_events,
        effective_rate_above_cap,
        expected_charge_vs_billed,
        impressions_without_interaction,
        view_through_share,
        engagement_support,
        pricing_model_counterfactual,
    )
}
