"""What checks of orders share: whom an outcome is about, why it is none, and where its money lies."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from msgspec.structs import replace

from ...calendar import Window
from ..facts import CampaignMonth, OrderFlight
from ..verdicts import Outcome, Stake
from .campaigns import unfetched
from .outcomes import campaign_pool, not_checkable, not_fetched


def of_order(order: OrderFlight, month: Window) -> Outcome:
    """About the flight's days up to the month's end."""
    last = min(order.window.last_day, month.last_day)
    return Outcome(
        check_id="",
        subject=order.subject,
        verdict="not_checkable",
        connector=order.connector,
        platform=order.platform,
        account_id=order.account_id,
        window=Window(order.window.first_day, last),
        currency=order.currency,
    )


def blocked_order(order: OrderFlight, campaigns: Sequence[CampaignMonth], blank: Outcome) -> Outcome | None:
    """Why nothing can be said of the order, or None; ``campaigns`` are those that ran in the month."""
    if not order.campaigns:
        return not_checkable(
            blank,
            "Not checked: no campaign of the ledger belongs to the order.",
            "Compare `campaign` of the order's agreements with the campaigns' names.",
        )
    if not order.coverage.complete:
        return not_fetched(blank, order.coverage)
    for campaign in campaigns:
        if unknown := unfetched(campaign):
            return replace(unknown, subject=blank.subject, campaign_id="", window=blank.window)
    if len(order.currencies) > 1:
        return not_checkable(
            blank,
            f"Not checked: the order's amounts are in {' and '.join(order.currencies)}.",
            "Give each currency an order of its own.",
        )
    return None


def until_final(order: OrderFlight, groups: Collection[str]) -> date | None:
    """The day from which these numbers of the whole flight are final, or None if they are."""
    until = [day for group, day in order.coverage.pending_until.items() if group in groups]
    return max(until, default=None)


def order_stake(campaigns: Sequence[CampaignMonth], micros: int) -> Stake:
    """Money that lies in some of these campaigns or their bills, nobody can say in which."""
    pools = [campaign_pool(campaign) for campaign in campaigns]
    bills = {f"document:{line.invoice}" for campaign in campaigns for line in campaign.lines}
    first, *others = (*dict.fromkeys(pools), *sorted(bills))
    return Stake(pool=first, also=tuple(others), micros=micros)
