"""Invoices, transactions and balances in TikTok's words, all of one business center.

Source: "BC Invoices", "BC Payments" and "BC Billing Group" of TikTok API for Business v1.3; read 2026-11. An
invoice tells neither its period nor lines; amounts are JSON numbers in major units.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec

from adtally import world

from .envelope import check_names, decoded, invalid, moment, named, page

PAGE = ("page", "page_size")
BILLING_ROWS = 50
TYPES = {"RECON", "CREDIT", "AUTO_PAY"}
LEVELS = {"ADVERTISER", "BC", "PAYMENT_PORTFOLIO"}
DAYS_BY_DEFAULT, MOST_DAYS = 90, 365
VOUCHER = Decimal(50)


class TransactionFilter(msgspec.Struct, forbid_unknown_fields=True):
    transaction_types: list[str] = []
    billing_types: list[str] = []
    account_ids: list[str] = []
    account_name: str = ""
    owner_of_account: str = ""
    start_time: str = ""
    end_time: str = ""


class CostFilter(msgspec.Struct, forbid_unknown_fields=True):
    keyword: str = ""
    start_date: str = ""
    end_date: str = ""


def invoices(played: world.World, given: Mapping[str, str]) -> dict[str, object]:
    """The documents that were sent within the asked times."""
    check_names(
        given,
        ("invoice_id", "invoice_title", "pay_statuses", "start_time", "end_time", *PAGE),
        ("bc_id", "invoice_types"),
    )
    types = named(given, "invoice_types", TYPES, [])
    first, last = moment(given, "start_time"), moment(given, "end_time")
    rows = [
        _invoice(bill, played)
        for bill in played.bills
        if bill.connector == "tiktok"
        and _type(bill) in types
        and (first is None or first.date() <= bill.issue_day)
        and (last is None or bill.issue_day <= last.date())
        and given.get("invoice_id", bill.invoice_id) == bill.invoice_id
    ]
    return page(rows, given, most=BILLING_ROWS)


def billing_groups(played: world.World, given: Mapping[str, str]) -> dict[str, object]:
    """Which accounts are billed together."""
    check_names(given, ("filtering", *PAGE), ("bc_id",))
    rows = [
        {
            "billing_group_id": _group_id(account.billed_to),
            "billing_group_name": account.billed_to,
            "advertisers": [
                {"advertiser_id": member.account_id, "advertiser_name": member.name}
                for member in _invoiced(played)
                if member.billed_to == account.billed_to
            ],
        }
        for account in {account.billed_to: account for account in _invoiced(played)}.values()
    ]
    return page(rows, given, most=BILLING_ROWS)


def transactions(played: world.World, given: Mapping[str, str]) -> dict[str, object]:
    """What moved on the accounts of the center: here, an advertising credit for each."""
    check_names(given, ("transaction_level", "filtering", *PAGE), ("bc_id",))
    if given.get("transaction_level", "ADVERTISER") not in LEVELS:
        raise invalid("transaction_level: Not a valid choice.")
    asked = decoded(given, "filtering", TransactionFilter, TransactionFilter())
    first, last = _times(asked, played.today)
    rows = [
        row
        for account in _invoiced(played)
        for at, row in _credits(account)
        if first <= at <= last and (not asked.account_ids or account.account_id in asked.account_ids)
    ]
    return page(rows, given, key="transaction_list", most=BILLING_ROWS)


def balances(played: world.World, given: Mapping[str, str]) -> dict[str, object]:
    """What is in the accounts of the center, now."""
    check_names(given, ("filtering", "fields", "child_bc_id", *PAGE), ("bc_id",))
    keyword = decoded(given, "filtering", dict[str, str], {}).get("keyword", "")
    rows = [
        {
            "advertiser_id": account.account_id,
            "advertiser_name": account.name,
            "currency": account.currency,
            "timezone": account.timezone,
            "account_balance": 0.0,
            "valid_account_balance": 0.0,
            "frozen_balance": 0.0,
            "tax": 0.0,
            "cash_balance": 0.0,
            "grant_balance": 0.0,
        }
        for account in _invoiced(played)
        if keyword in account.account_id or keyword in account.name
    ]
    return page(rows, given, key="advertiser_account_list", most=BILLING_ROWS)


def costs(played: world.World, given: Mapping[str, str]) -> dict[str, object]:
    """What each account of the center cost over some days: one sum each."""
    check_names(given, ("filtering", *PAGE), ("bc_id",))
    asked = decoded(given, "filtering", CostFilter, CostFilter())
    first = date.fromisoformat(asked.start_date) if asked.start_date else played.today - timedelta(days=7)
    last = date.fromisoformat(asked.end_date) if asked.end_date else played.today
    if (last - first).days >= MOST_DAYS:
        raise invalid(f"The time span can't exceed {MOST_DAYS} days.")
    rows = [
        {
            "advertiser_id": account.account_id,
            "advertiser_name": account.name,
            "currency": account.currency,
            "amount": _number(cost),
            "cash_amount": _number(cost),
            "grant_amount": 0.0,
            "tax_amount": 0.0,
        }
        for account in _invoiced(played)
        if asked.keyword in account.account_id
        for cost in [
            sum(
                row.cost_micros
                for campaign in account.campaigns
                for row in played.days[campaign.campaign_id]
                if first <= row.day <= last
            )
        ]
    ]
    return page(rows, given, key="cost_list", most=BILLING_ROWS)


def _invoiced(played: world.World) -> list[world.Account]:
    return [account for account in played.of_platform("tiktok_ads") if account.manager_id]


def _type(bill: world.Bill) -> str:
    return "CREDIT" if bill.kind == "credit_memo" else "RECON"


def _invoice(bill: world.Bill, played: world.World) -> dict[str, object]:
    account = next(account for account in played.accounts if account.billed_to == bill.billed_to)
    tax = bill.summed("tax")
    reduced_by = [other for other in played.bills if other.corrects and other.corrects == bill.invoice_id]
    corrected = [other for other in played.bills if bill.corrects and bill.corrects == other.invoice_id]
    found: dict[str, object] = {
        "invoice_id": bill.invoice_id,
        "serial_number": _serial(bill),
        "subject_id": "1",
        "invoice_type": _type(bill),
        "status": "APPROVED",
        "send_date": bill.issue_day.isoformat(),
        "due_date": (bill.issue_day + timedelta(days=30)).isoformat(),
        "currency_code": bill.currency,
        "amount": _number(bill.total_micros),
        "amount_excluding_tax": _number(bill.total_micros - tax),
        "total_tax_amount": _number(tax),
        "pay_status": "UNPAID",
        "unpaid_amount": _number(bill.total_micros),
        "overdue_status": "NO",
        "billing_group_id": _group_id(bill.billed_to),
        "account_name": account.name,
        "invoice_title": account.name,
        "negative_invoice_ids": [_linked(other) for other in reduced_by],
        "positive_invoice_ids": [_linked(other) for other in corrected],
    }
    if tax:
        found |= {"tax_type1": "GST", "tax_rate1": account.tax_ppm / 10_000, "tax_amount1": _number(tax)}
    return found


def _linked(bill: world.Bill) -> dict[str, str]:
    return {"invoice_id": bill.invoice_id, "serial_number": _serial(bill)}


def _serial(bill: world.Bill) -> str:
    return f"TT{bill.currency[:2]}{bill.issue_day:%y%m}{bill.invoice_id[-5:]}"


def _group_id(billed_to: str) -> str:
    return str(5_000 + sum(map(ord, billed_to)))


def _number(micros: int) -> float:
    """A JSON number of major units with two decimals at most, as the endpoint sends it."""
    return float(Decimal(micros).scaleb(-6).quantize(Decimal("0.01")))


def _times(asked: TransactionFilter, today: date) -> tuple[datetime, datetime]:
    given = {"start_time": asked.start_time, "end_time": asked.end_time}
    told = {name: text for name, text in given.items() if text}
    now = datetime(today.year, today.month, today.day, 12)  # noqa: DTZ001 - by the account's own clock
    last = moment(told, "end_time") or now
    first = moment(told, "start_time") or last - timedelta(days=DAYS_BY_DEFAULT)
    if (last - first).days > MOST_DAYS:
        raise invalid(f"The time span can't exceed {MOST_DAYS} days.")
    return first, last


def _credits(account: world.Account) -> Iterator[tuple[datetime, dict[str, object]]]:
    at = datetime(2026, 10, 6, 9, 30)  # noqa: DTZ001 - by the account's own clock
    yield (
        at,
        {
            "transaction_id": f"7{account.account_id[-6:]}1006",
            "account_id": account.account_id,
            "account_name": account.name,
            "bc_id": account.manager_id,
            "amount": float(VOUCHER),
            "subtotal": float(VOUCHER),
            "tax_amount": 0.0,
            "currency": account.currency,
            "amount_type": "POSITIVE",
            "transaction_type": "PROMOTION_ISSUED",
            "billing_type": "CREDIT",
            "timezone": "UTC+00:00",
            "create_time": at.strftime("%Y-%m-%d %H:%M:%S"),
        },
    )
