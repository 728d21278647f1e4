"""Invoices in Google's words, with billing setups and account budgets.

Source: ``Invoice`` and ``InvoiceService`` of Google Ads API v26; read 2026-11. An account budget's subtotal
is what was billed and old invalid activity; billed is served and overdelivery.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from adtally import world

from .entities import Entity
from .gaql import Refusal

MONTHS = (
    *("JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE"),
    *("JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"),
)
MEASURES = {
    "clicks": "CLICKS",
    "impressions": "IMPRESSIONS",
    "viewable_impressions": "IMPRESSIONS",
    "video_views": "VIDEO_PLAYS",
    "conversions": "ACQUISITIONS",
}
PARAMETERS = {"billingSetup", "issueYear", "issueMonth", "includeGranularLevelInvoiceDetails"}
FIRST_YEAR = 2019
REGULATORY_FEES = {"AT": "AUSTRIA_DST_FEE"}


def setups(account: world.Account) -> list[Entity]:
    """The billing setup; an account that pays by card has one too, but no invoices."""
    here = f"customers/{account.account_id}"
    number = _digits(account)
    fields = {
        "billing_setup.resource_name": f"{here}/billingSetups/{_setup_id(account)}",
        "billing_setup.id": _setup_id(account),
        "billing_setup.status": "APPROVED",
        "billing_setup.start_date_time": "2025-01-01 00:00:00",
        "billing_setup.payments_account": f"{here}/paymentsAccounts/{number}",
        "billing_setup.payments_account_info.payments_account_id": number,
        "billing_setup.payments_account_info.payments_profile_id": number[:14],
    }
    return [Entity(fields)]


def account_budgets(account: world.Account, played: world.World) -> list[Entity]:
    """One account budget without end or limit; none without monthly invoicing."""
    if not account.billed_to:
        return []
    here = f"customers/{account.account_id}"
    served = sum(row.cost_micros for c in account.campaigns for row in played.days[c.campaign_id])
    fields = {
        "account_budget.resource_name": f"{here}/accountBudgets/{_budget_id(account.account_id)}",
        "account_budget.id": _budget_id(account.account_id),
        "account_budget.name": f"{account.name} 2026",
        "account_budget.status": "APPROVED",
        "account_budget.billing_setup": f"{here}/billingSetups/{_setup_id(account)}",
        "account_budget.approved_start_date_time": "2026-01-01 00:00:00",
        "account_budget.approved_end_time_type": "FOREVER",
        "account_budget.approved_spending_limit_type": "INFINITE",
        "account_budget.amount_served_micros": served,
    }
    return [Entity(fields)]


def invoices(account: world.Account, played: world.World, query: Mapping[str, str]) -> dict[str, object]:
    """What was issued in the month that is asked for, to everyone who shares the bill."""
    _check(account, query)
    granular = query.get("includeGranularLevelInvoiceDetails", "").lower() == "true"
    asked = int(query["issueYear"]), MONTHS.index(query["issueMonth"]) + 1
    found = [
        _invoice(bill, account, played, granular=granular)
        for bill in played.bills
        if bill.billed_to == account.billed_to and (bill.issue_day.year, bill.issue_day.month) == asked
    ]
    return {"invoices": found} if found else {}


def _check(account: world.Account, query: Mapping[str, str]) -> None:
    for name in sorted(query.keys() - PARAMETERS):
        raise Refusal("requestError.UNKNOWN", f"Invalid JSON payload received. Unknown name {name!r}.")
    for name in ("billingSetup", "issueYear", "issueMonth"):
        if not query.get(name):
            raise Refusal("requestError.REQUIRED_FIELD_MISSING", f"The required field {name!r} is missing.")
    if query["issueMonth"] not in MONTHS or not query["issueYear"].isdigit():
        raise Refusal("requestError.INVALID_INPUT", "issueYear is a year and issueMonth the name of a month.")
    if int(query["issueYear"]) < FIRST_YEAR:
        raise Refusal("invoiceError.YEAR_MONTH_TOO_OLD", "Invoices start in January 2019.")
    if query["billingSetup"] != f"customers/{account.account_id}/billingSetups/{_setup_id(account)}":
        raise Refusal("requestError.RESOURCE_NAME_MALFORMED", "The billing setup is not of this customer.")
    if not account.billed_to:
        raise Refusal(
            "invoiceError.BILLING_SETUP_NOT_ON_MONTHLY_INVOICING",
            "The billing setup is not on monthly invoicing.",
        )


def _invoice(
    bill: world.Bill, asker: world.Account, played: world.World, *, granular: bool
) -> dict[str, object]:
    here = f"customers/{asker.account_id}"
    members = [account for account in played.accounts if account.billed_to == bill.billed_to]
    tax, fees = bill.summed("tax"), bill.summed("fee")
    found: dict[str, object] = {
        "resourceName": f"{here}/invoices/{bill.invoice_id}",
        "id": bill.invoice_id,
        "type": bill.kind.upper(),
        "billingSetup": f"{here}/billingSetups/{_setup_id(asker)}",
        "paymentsAccountId": _digits(members[0]),
        "paymentsProfileId": _digits(members[0])[:14],
        "issueDate": bill.issue_day.isoformat(),
        "dueDate": (bill.issue_day + timedelta(days=30)).isoformat(),
        "serviceDateRange": _range(bill),
        "currencyCode": bill.currency,
        "adjustmentsSubtotalAmountMicros": "0",
        "adjustmentsTaxAmountMicros": "0",
        "adjustmentsTotalAmountMicros": "0",
        "regulatoryCostsSubtotalAmountMicros": str(fees),
        "subtotalAmountMicros": str(bill.total_micros - tax - fees),
        "taxAmountMicros": str(tax),
        "totalAmountMicros": str(bill.total_micros),
        "pdfUrl": "https://ads.invalid/invoice.pdf",
        "accountBudgetSummaries": [_summary(bill, account, granular=granular) for account in members],
    }
    if fees:
        found["accountSummaries"] = [_regulatory(bill, account) for account in members]
    if bill.corrects:
        found["correctedInvoice"] = f"{here}/invoices/{bill.corrects}"
    if bill.replaces:
        found["replacedInvoices"] = [f"{here}/invoices/{bill.replaces}"]
    return found


def _summary(bill: world.Bill, account: world.Account, *, granular: bool) -> dict[str, object]:
    owner, here = account.account_id, f"customers/{account.account_id}"
    served = bill.summed("media", account_id=owner)
    over, tax = bill.summed("overdelivery", account_id=owner), bill.summed("tax", account_id=owner)
    invalid = bill.summed("invalid_traffic", account_id=owner)
    subtotal = served + over + invalid
    found: dict[str, object] = {
        "customer": here,
        "customerDescriptiveName": account.name,
        "accountBudget": f"{here}/accountBudgets/{_budget_id(owner)}",
        "accountBudgetName": f"{account.name} 2026",
        "purchaseOrderNumber": bill.purchase_order,
        "billableActivityDateRange": _range(bill),
        "servedAmountMicros": str(served),
        "billedAmountMicros": str(served + over),
        "overdeliveryAmountMicros": str(over),
        "invalidActivityAmountMicros": str(invalid),
        "subtotalAmountMicros": str(subtotal),
        "taxAmountMicros": str(tax),
        "totalAmountMicros": str(subtotal + tax),
        "invalidActivitySummaries": list(_invalid(bill, owner)),
    }
    if granular:
        found["campaignSummaries"] = [
            {
                "campaignDescription": line.campaign_name,
                "quantity": str(line.quantity or 0),
                "unitOfMeasure": MEASURES.get(line.unit, "IMPRESSIONS"),
                "amountMicros": str(line.amount_micros),
            }
            for line in bill.lines
            if line.account_id == owner and line.campaign_name
        ]
    return found


def _regulatory(bill: world.Bill, account: world.Account) -> dict[str, object]:
    """What is added for the countries in which people were."""
    owner = account.account_id
    fees = [line for line in bill.lines if line.kind == "fee" and line.account_id == owner]
    return {
        "customer": f"customers/{owner}",
        "regulatoryCostsSubtotalAmountMicros": str(sum(line.amount_micros for line in fees)),
        "regulatoryCostSummaries": [
            {
                "regulatoryFeeType": REGULATORY_FEES[line.jurisdiction],
                "amountMicros": str(line.amount_micros),
            }
            for line in fees
        ],
    }


def _invalid(bill: world.Bill, account_id: str) -> Iterator[dict[str, object]]:
    for line in bill.lines:
        if line.kind == "invalid_traffic" and line.account_id == account_id:
            yield {
                "originalMonthOfService": MONTHS[line.first_day.month - 1],
                "originalYearOfService": str(line.first_day.year),
                "originalAccountBudgetName": "2026",
                "amountMicros": str(line.amount_micros),
            }


def _range(bill: world.Bill) -> dict[str, str]:
    return {"startDate": bill.service.first_day.isoformat(), "endDate": bill.service.last_day.isoformat()}


def _setup_id(account: world.Account) -> str:
    return f"7{account.account_id[-3:]}"


def _budget_id(account_id: str) -> str:
    return f"9{account_id[-3:]}"


def _digits(account: world.Account) -> str:
    """A payments account number; accounts that share a bill share it."""
    return f"1234-5678-9012-{1000 + sum(map(ord, account.billed_to or account.account_id)):04}"
