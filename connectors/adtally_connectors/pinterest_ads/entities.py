"""Accounts, campaigns, ad groups, ads and order lines as records.

Source: API v5, OpenAPI document 5.23.0 (read 2026-11). Times are seconds since 1970. Some ids may begin with
letters (``C626...``, ``AG268...``), which other answers leave out.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from adtally import Account, Ad, AdGroup, Campaign, ContractError, Order

from . import wire

ZONE = "UTC"
"""Pinterest bills by days of UTC, and reports by them unless another zone is asked for."""
PREFIXES = ("AG", "C")
PERIODS = {"DAILY": "daily", "LIFETIME": "total"}
NO_CURRENCY = (None, "", "UNK")


def to_account(row: wire.Account) -> Account | None:
    """The account by UTC, or None for one that has no currency yet."""
    if row.currency in NO_CURRENCY:
        return None
    return Account(id=to_id(row.id), name=row.name, currency=row.currency or "", timezone=ZONE)


def to_campaign(row: wire.Campaign) -> Campaign:
    daily, total = row.daily_spend_cap or None, row.lifetime_spend_cap or None
    return Campaign(
        campaign_id=to_id(row.id),
        name=row.name or "",
        status=row.status or "",
        objective=row.objective_type or "",
        first_day=first_day(row.start_time),
        last_day=last_day(row.end_time),
        budget_id=row.order_line_id or "",
        budget_micros=daily or total,
        budget_period=("daily" if daily else "total") if daily or total else "",
    )


def to_ad_group(row: wire.AdGroup) -> AdGroup:
    """The ad group; where the campaign shares out its budget, it has none of its own to keep."""
    period = PERIODS.get(row.budget_type or "", "")
    return AdGroup(
        ad_group_id=to_id(row.id),
        campaign_id=to_id(row.campaign_id),
        name=row.name or "",
        status=row.status or "",
        first_day=first_day(row.start_time),
        last_day=last_day(row.end_time),
        budget_micros=(row.budget_in_micro_currency or None) if period else None,
        budget_period=period if row.budget_in_micro_currency else "",
    )


def to_ad(row: wire.Ad) -> Ad:
    return Ad(
        ad_id=to_id(row.id),
        ad_group_id=to_id(row.ad_group_id),
        campaign_id=to_id(row.campaign_id),
        name=row.name or "",
        status=row.status or "",
    )


def to_order(row: wire.OrderLine, account: Account) -> Order:
    """An order line; only one of type PAID is billed."""
    return Order(
        order_id=to_id(row.id),
        purchase_order=row.purchase_order_id or "",
        paid_type=row.paid_type or "",
        first_day=first_day(row.start_time),
        last_day=last_day(row.end_time),
        cap_micros=row.budget or row.paid_budget or None,
        currency=account.currency,
    )


def to_id(value: wire.Id) -> str:
    """The digits of an id, "" for none. Raises ContractError for anything else, such as ``6.26E+11``."""
    text = str(value).strip()
    for prefix in PREFIXES:
        text = text.removeprefix(prefix)
    if text and not (text.isascii() and text.isdigit()):
        raise ContractError(f"not an id: {text[:40]!r}")
    return text


def first_day(seconds: int | None) -> date | None:
    return datetime.fromtimestamp(seconds, UTC).date() if seconds else None


def last_day(seconds: int | None) -> date | None:
    """The last day before the end, which at midnight closes the day; None for no end."""
    return first_day(seconds - 1) if seconds else None
