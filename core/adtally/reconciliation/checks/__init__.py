"""The checks, one module a family. ``CHECKS`` is their order: what an earlier one finds, it owns.

A new check is one decorated generator (``declaration.check``) and its place in this order.
"""

from __future__ import annotations

from .agency import agency_fee
from .budgets import spend_over_budget
from .claims import order_claimed_by_several
from .contract import billed_without_billable_events, effective_rate_above_cap, expected_charge_vs_billed
from .counterfactual import pricing_model_counterfactual
from .credit_notes import credit_note_linkage
from .cutoff import timezone_cutoff
from .days import delivery_gaps, spend_outside_flight
from .declaration import Check
from .delivered import invoice_total_vs_delivered
from .documents import invoice_arithmetic, invoice_currency_mismatch, invoice_line_arithmetic
from .duplicates import invoice_duplicate
from .engagement import engagement_support
from .exchange import fx_conversion
from .installs import installs_vs_mmp
from .interactions import impressions_without_interaction
from .invalid_traffic import invalid_traffic_credit_due
from .leads import leads_vs_crm
from .lines import billed_quantity_vs_reported, invoice_line_vs_campaign_spend
from .measurement import controlling_measurement
from .missing import invoice_missing
from .overlap import invoice_overlap
from .paused import spend_while_paused
from .purchases import purchases_vs_orders
from .refunds import refund_clawback
from .restated import restated_after_billing
from .running import threshold_charges_vs_spend
from .sessions import clicks_vs_sessions
from .surcharge import surcharge_plausibility
from .tax import tax_plausibility
from .under_delivery import under_delivery_make_good
from .view_through import view_through_share

CHECKS: dict[str, Check] = {
    check.id: check
    for check in (
        invoice_duplicate,
        invoice_overlap,
        invoice_currency_mismatch,
        delivery_gaps,
        invoice_arithmetic,
        invoice_line_arithmetic,
        invoice_missing,
        fx_conversion,
        credit_note_linkage,
        tax_plausibility,
        surcharge_plausibility,
        agency_fee,
        invoice_total_vs_delivered,
        threshold_charges_vs_spend,
        invoice_line_vs_campaign_spend,
        billed_quantity_vs_reported,
        timezone_cutoff,
        restated_after_billing,
        spend_outside_flight,
        spend_while_paused,
        billed_without_billable_events,
        effective_rate_above_cap,
        expected_charge_vs_billed,
        spend_over_budget,
        under_delivery_make_good,
        controlling_measurement,
        impressions_without_interaction,
        clicks_vs_sessions,
        installs_vs_mmp,
        leads_vs_crm,
        purchases_vs_orders,
        order_claimed_by_several,
        view_through_share,
        refund_clawback,
        invalid_traffic_credit_due,
        engagement_support,
        pricing_model_counterfactual,
    )
}
