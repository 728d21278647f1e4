"""A Google Ads invoice as one document of ours: lines at one level of detail that add up to what is billed.

Source: ``resources/invoice.proto`` of Google Ads API v26 (same messages since v23). Its arithmetic:

    total = subtotal + tax + regulatory costs + export charge, each of the latter before its tax
    subtotal = the account budgets' subtotals + invoice-level adjustments
    an account budget's subtotal = billed + invalid activity of earlier months (negative)
    billed = served + overdelivery (negative)

The last two follow from the comments of the fields; Google does not spell them out.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from adtally import Account, Invoice, InvoiceAccount, InvoiceLine, InvoiceLink

from . import wire_billing as wire

MONTHS = (
    *("JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE"),
    *("JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"),
)
UNITS = {"VIDEO_PLAYS": "video_views", "ACQUISITIONS": "conversions"}
"""Units of measure whose ledger column has another name; the others are their own names in lower case."""
JURISDICTIONS = {
    "AUSTRIA_DST_FEE": "AT",
    "CANADA_DST_FEE": "CA",
    "FRANCE_REGULATORY_OPERATING_COST": "FR",
    "INDIA_REGULATORY_OPERATING_COST": "IN",
    "ITALY_REGULATORY_OPERATING_COST": "IT",
    "POLAND_REGULATORY_OPERATING_COST": "PL",
    "SPAIN_REGULATORY_OPERATING_COST": "ES",
    "TURKIYE_REGULATORY_OPERATING_COST": "TR",
    "UK_DST_FEE": "GB",
}


def customers(bill: wire.Invoice) -> set[str]:
    """The accounts that the document bills; none where it names none."""
    by_budget = {tail(summary.customer) for summary in bill.account_budget_summaries}
    return by_budget | {tail(summary.customer) for summary in bill.account_summaries}


def to_invoice(bill: wire.Invoice, account: Account) -> Invoice:
    """The document with its lines, accounts and links; amounts are micros of its own currency.

    What the buyer owes is positive: a credit memo that comes with a positive total is turned round whole.
    A document for several accounts reads the same whichever of them asked, and so has no time zone.
    """
    credit = bill.type == "CREDIT_MEMO"
    sign = -1 if credit and bill.total_amount_micros > 0 else 1
    service = bill.service_date_range
    budgets = bill.account_budget_summaries
    orders = {budget.purchase_order_number for budget in budgets}
    subtotals: dict[str, int] = {}
    for budget in budgets:
        account_id = tail(budget.customer)
        subtotals[account_id] = subtotals.get(account_id, 0) + budget.subtotal_amount_micros
    return Invoice(
        invoice_id=bill.id,
        number=bill.id,
        account_id=bill.payments_account_id.replace("-", ""),
        kind="credit_memo" if credit else "invoice",
        issue_day=bill.issue_date,
        due_day=bill.due_date,
        first_day=service.start_date if service else None,
        last_day=service.end_date if service else None,
        timezone=account.timezone if customers(bill) == {account.id} else "",
        currency=bill.currency_code,
        subtotal_micros=sign * bill.subtotal_amount_micros,
        adjustments_micros=sign * bill.adjustments_subtotal_amount_micros,
        fees_micros=sign
        * (bill.regulatory_costs_subtotal_amount_micros + bill.export_charge_subtotal_amount_micros),
        tax_micros=sign * bill.tax_amount_micros,
        total_micros=sign * bill.total_amount_micros,
        purchase_order=orders.pop() if len(orders) == 1 else "",
        url=bill.pdf_url,
        lines=tuple(
            replace(
                line,
                line=str(number),
                amount_micros=sign * line.amount_micros,
                base_micros=line.base_micros and sign * line.base_micros,
                served_micros=line.served_micros and sign * line.served_micros,
            )
            for number, line in enumerate(_lines(bill), start=1)
        ),
        accounts=tuple(
            InvoiceAccount(account_id=account_id, amount_micros=sign * amount)
            for account_id, amount in subtotals.items()
        ),
        links=tuple(_links(bill)),
    )


def tail(resource_name: str) -> str:
    """The last id of a resource name such as ``customers/1/accountBudgets/9``."""
    return resource_name.rpartition("/")[2]


def _links(bill: wire.Invoice) -> Iterator[InvoiceLink]:
    if bill.corrected_invoice:
        yield InvoiceLink(kind="corrects", other_id=tail(bill.corrected_invoice))
    for name in bill.replaced_invoices:
        yield InvoiceLink(kind="replaces", other_id=tail(name))


def _lines(bill: wire.Invoice) -> Iterator[InvoiceLine]:
    service = bill.service_date_range
    taxed = 0
    for budget in bill.account_budget_summaries:
        days = budget.billable_activity_date_range or service
        common = InvoiceLine(
            line="",
            account_id=tail(budget.customer),
            budget_id=tail(budget.account_budget),
            purchase_order=budget.purchase_order_number,
            first_day=days.start_date if days else None,
            last_day=days.end_date if days else None,
            amount_micros=0,
        )
        yield from _budget_lines(budget, common)
        if budget.tax_amount_micros:
            taxed += budget.tax_amount_micros
            yield replace(
                common,
                kind="tax",
                description="tax of the account budget",
                amount_micros=budget.tax_amount_micros,
                base_micros=budget.subtotal_amount_micros,
            )
    common = InvoiceLine(
        line="",
        first_day=service.start_date if service else None,
        last_day=service.end_date if service else None,
        amount_micros=0,
    )
    yield from _adjustments(bill, common)
    yield from _fees(bill, common)
    if bill.tax_amount_micros != taxed:
        yield replace(
            common,
            kind="tax",
            description="tax beyond the account budgets",
            amount_micros=bill.tax_amount_micros - taxed,
        )


def _budget_lines(budget: wire.AccountBudgetSummary, common: InvoiceLine) -> Iterator[InvoiceLine]:
    """Media up to what was served, then what is taken off: overdelivery and old invalid traffic."""
    summaries = budget.invalid_activity_summaries
    invalid = budget.invalid_activity_amount_micros
    if invalid is None:
        invalid = sum(summary.amount_micros for summary in summaries)
    billed = budget.billed_amount_micros
    if billed is None:
        billed = budget.subtotal_amount_micros - invalid
    over = budget.overdelivery_amount_micros
    rest = billed - over

    for campaign in budget.campaign_summaries:
        rest -= campaign.amount_micros
        measure = campaign.unit_of_measure
        yield replace(
            common,
            campaign_name=campaign.campaign_description,
            quantity=campaign.quantity,
            unit=UNITS.get(measure, measure.lower()),
            amount_micros=campaign.amount_micros,
        )
    if not budget.campaign_summaries:
        yield replace(
            common,
            description=budget.account_budget_name,
            amount_micros=rest,
            served_micros=budget.served_amount_micros,
        )
    elif rest:
        yield replace(common, description="served beyond the named campaigns", amount_micros=rest)
    if over:
        yield replace(common, kind="overdelivery", description="served above the budget", amount_micros=over)
    for summary in summaries:
        invalid -= summary.amount_micros
        first_day, last_day = _month(summary) or (common.first_day, common.last_day)
        yield replace(
            common,
            kind="invalid_traffic",
            description="invalid activity of an earlier month",
            amount_micros=summary.amount_micros,
            purchase_order=summary.original_purchase_order_number,
            first_day=first_day,
            last_day=last_day,
            original_invoice_id=summary.original_invoice_id,
        )
    if invalid:
        yield replace(
            common,
            kind="invalid_traffic",
            description="invalid activity of earlier months",
            amount_micros=invalid,
        )


def _month(summary: wire.InvalidActivity) -> tuple[date, date] | None:
    year, name = summary.original_year_of_service, summary.original_month_of_service
    if year is None or name not in MONTHS:
        return None
    number = MONTHS.index(name) + 1
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def _adjustments(bill: wire.Invoice, common: InvoiceLine) -> Iterator[InvoiceLine]:
    lump = replace(
        common,
        kind="adjustment",
        description="adjustments of the invoice",
        amount_micros=bill.adjustments_subtotal_amount_micros,
    )
    by_account: list[InvoiceLine] = []
    for summary in bill.account_summaries:
        mine = replace(common, account_id=tail(summary.customer))
        by_account += [
            replace(
                mine,
                kind="adjustment",
                description="billing correction",
                amount_micros=summary.billing_correction_subtotal_amount_micros,
            ),
            replace(
                mine,
                kind="promotion",
                description="coupon",
                amount_micros=summary.coupon_adjustment_subtotal_amount_micros,
            ),
            replace(
                mine,
                kind="credit",
                description="excess credit",
                amount_micros=summary.excess_credit_adjustment_subtotal_amount_micros,
            ),
        ]
    yield from _finest(lump, by_account)


def _fees(bill: wire.Invoice, common: InvoiceLine) -> Iterator[InvoiceLine]:
    fee = replace(common, kind="fee", description="regulatory costs")
    by_account: list[InvoiceLine] = []
    by_country: list[InvoiceLine] = []
    exports: list[InvoiceLine] = []
    for summary in bill.account_summaries:
        mine = replace(fee, account_id=tail(summary.customer))
        by_account.append(replace(mine, amount_micros=summary.regulatory_costs_subtotal_amount_micros))
        by_country += (
            replace(
                mine,
                description=cost.regulatory_fee_type.lower().replace("_", " "),
                jurisdiction=JURISDICTIONS.get(cost.regulatory_fee_type, ""),
                amount_micros=cost.amount_micros,
            )
            for cost in summary.regulatory_cost_summaries
        )
        exports.append(
            replace(
                mine,
                description="export charge",
                amount_micros=summary.export_charge_subtotal_amount_micros,
            )
        )
    lump = replace(fee, amount_micros=bill.regulatory_costs_subtotal_amount_micros)
    yield from _finest(lump, by_country, by_account)
    lump = replace(fee, description="export charge", amount_micros=bill.export_charge_subtotal_amount_micros)
    yield from _finest(lump, exports)


def _finest(lump: InvoiceLine, *details: list[InvoiceLine]) -> Iterator[InvoiceLine]:
    """The first details that add up to the lump, else the lump itself; without lines of nothing."""
    for lines in (*details, [lump]):
        if sum(line.amount_micros for line in lines) == lump.amount_micros:
            yield from (line for line in lines if line.amount_micros)
            return
