"""The bills as they should be: one for each group of accounts and month, a line for each campaign."""

from __future__ import annotations

from datetime import date, timedelta

from ..calendar import Window
from ..money import minor, rounded
from ..records import Model
from .model import COMPLETE, Account, Campaign, Draft, total
from .paper import Bill, BillLine
from .prices import per, printed, unit_price, units

BILLED_UNIT: dict[Model, str] = {
    "cpm": "impressions",
    "vcpm": "viewable_impressions",
    "cpc": "clicks",
    "cpv": "video_views",
    "cpcv": "video_completions",
    "cpe": "engagements",
    "cpl": "leads",
    "cpi": "installs",
    "cpa": "conversions",
    "cps": "purchases",
    "flat": "days",
}
PRINTED_AS: dict[tuple[str, Model], Model] = {("google_ads", "vcpm"): "cpm"}
"""Where a bill counts something else than what is paid for."""
FIRST_NUMBER = {
    "google_ads": 5_300_000_000,
    "meta_ads": 230_000_000,
    "tiktok_ads": 900_000_000,
    "snapchat_ads": 2_400_000,
    "microsoft_ads": 9_900_000,
    "amazon_ads": 600_000_000,
    "pinterest_ads": 77_000_000,
    "dv360": 5_012_000_000,
}
"""Where the numbers of a platform's bills start."""
EXPORTED = ("linkedin_ads", "reddit_ads", "x_ads", "apple_ads")
"""Platforms whose bills come from their web pages alone, and tell nothing but their total."""


def write_bills(draft: Draft) -> None:
    """One bill for each group and complete month, without any fault of its own."""
    groups = dict.fromkeys(account.billed_to for account in draft.accounts if account.billed_to)
    for number, group in enumerate(groups, 1):
        members = [account for account in draft.accounts if account.billed_to == group]
        for window in COMPLETE:
            billed = [account for account in members if account.unbilled != window]
            lines = tuple(line for account in billed for line in _account_lines(draft, account, window))
            if lines:
                draft.bills.append(_bill(members[0], number, window, lines))


def taxed(lines: tuple[BillLine, ...], account: Account, window: Window) -> tuple[BillLine, ...]:
    """The lines with the account's tax on their sum as a line of its own, in place of any before."""
    kept = tuple(line for line in lines if not (line.kind == "tax" and line.account_id == account.account_id))
    base = sum(line.amount_micros for line in kept if line.account_id == account.account_id)
    tax = printed(rounded(base * account.tax_ppm, 1_000_000), account.currency)
    if not tax:
        return kept
    line = BillLine(
        kind="tax",
        amount_micros=tax,
        account_id=account.account_id,
        first_day=window.first_day,
        last_day=window.last_day,
        description=f"Tax {account.tax_ppm // 10_000}%",
        jurisdiction=account.jurisdiction,
    )
    return (*kept, line)


def invoice_id(account: Account, number: int, window: Window, suffix: int = 0) -> str:
    """Digits alone where the platform prints so, else the account and the month."""
    if account.platform in FIRST_NUMBER:
        return str(FIRST_NUMBER[account.platform] + number * 10_000 + window.first_day.month * 100 + suffix)
    tail = f"-{suffix}" if suffix else ""
    return f"{account.account_id}-{window.first_day:%Y-%m}{tail}"


def _bill(account: Account, number: int, window: Window, lines: tuple[BillLine, ...]) -> Bill:
    return Bill(
        connector=bills_of(account),
        invoice_id=invoice_id(account, number, window),
        account_id=account.account_id,
        billed_to=account.billed_to,
        currency=account.currency,
        issue_day=_issued(account, window),
        service=window,
        lines=lines,
        purchase_order=f"PO-{window.first_day:%m}{number:02}",
        prints_subtotal=account.prints_subtotal,
    )


def bills_of(account: Account) -> str:
    """The table of config.toml that brings the bills: the same for an API, one of its own for files."""
    if account.platform in EXPORTED:
        return f"{account.connector}_bills"
    return account.connector if account.platform in FIRST_NUMBER else f"{account.connector}_invoices"


def _issued(account: Account, window: Window) -> date:
    return window.last_day if account.currency == "EUR" else window.last_day + timedelta(days=2)


def _account_lines(draft: Draft, account: Account, window: Window) -> tuple[BillLine, ...]:
    lines = [_media(draft, account, campaign, window) for campaign in account.campaigns]
    found = tuple(line for line in lines if line.amount_micros)
    if account.serving_fee_micros:
        shown = sum(total(draft.rows(campaign, window), "impressions") for campaign in account.campaigns)
        fee = BillLine(
            kind="fee",
            amount_micros=printed(rounded(account.serving_fee_micros * shown, 1000), account.currency),
            account_id=account.account_id,
            first_day=window.first_day,
            last_day=window.last_day,
            description="Ad serving",
            quantity=shown,
            unit="impressions",
            per=1000,
            unit_price_micros=account.serving_fee_micros,
        )
        found += (fee,)
    return taxed(found, account, window)


def _media(draft: Draft, account: Account, campaign: Campaign, window: Window) -> BillLine:
    rows = draft.rows(campaign, window)
    amount, times = total(rows, "cost_micros"), per(campaign.model)
    model = PRINTED_AS.get((account.platform, campaign.model), campaign.model)
    quantity = len(rows) if model == "flat" else units(model, rows)
    agreed = campaign.agreement.rate_micros if campaign.agreement and campaign.model != "flat" else 0
    return BillLine(
        kind="media",
        amount_micros=amount,
        account_id=account.account_id,
        first_day=window.first_day,
        last_day=window.last_day,
        description=campaign.name,
        campaign_id=campaign.campaign_id,
        campaign_name=campaign.name,
        quantity=quantity,
        unit=BILLED_UNIT[model],
        per=times,
        unit_price_micros=_price(agreed, amount, quantity, times, account.currency),
    )


def _price(agreed: int, amount: int, quantity: int, times: int, currency: str) -> int | None:
    """The agreed price where it explains the amount, else one that does, if any."""
    if abs(rounded(agreed * quantity, times) - amount) < minor(currency):
        return agreed if quantity else None
    return unit_price(amount, quantity, times, currency)
