"""Results by the platform's default attribution, and how many come from people who only saw the ad."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from . import sql
from .coverage import Days
from .facts import Results
from .owners import AccountId
from .reading import Reading

Quantities = dict[tuple[str, str, bool, bool], int]
"""Micros by action, attribution, whether they are view-through, and whether they are in the total."""


class Conversions:
    """The results of one month, of accounts whose interactions are known for all its days."""

    def __init__(self, reading: Reading) -> None:
        days = Days(reading.conn, sql.ACTION_CELLS, reading.month, reading.known)
        self._key: dict[AccountId, int] = {}
        for account, owners in reading.owners.by_account.items():
            for owner in reversed(owners):
                if days.coverage([owner.key], reading.month).complete:
                    self._key[account] = owner.key
        self._campaigns: defaultdict[int, defaultdict[str, Quantities]] = defaultdict(
            lambda: defaultdict(dict)
        )
        for key, campaign_id, action, attribution, seen, in_total, quantity in reading.conn.execute(
            sql.ACTIONS, reading.bounds
        ):
            self._campaigns[key][campaign_id][action, attribution, bool(seen), bool(in_total)] = quantity
        self._defaults = {key: _default(campaigns.values()) for key, campaigns in self._campaigns.items()}

    def results(self, account: AccountId, campaign_id: str, *, click_only: bool) -> Results | None:
        """The results of a campaign; None if they are not known.

        Sums stay in one attribution. View-through results of another attribution are a part of the total only
        where the same action is in it; then that attribution with most of them is told, since windows nest. A
        window with more of them than the total holds is no part of it.
        """
        key = self._key.get(account)
        default = None if key is None else self._defaults.get(key, "")
        if key is None or default is None:
            return None
        quantities = self._campaigns[key].get(campaign_id, {})
        total = sum(
            quantity
            for (_, attribution, seen, in_total), quantity in quantities.items()
            if attribution == default and (seen or in_total)
        )
        counted = {
            action for action, attribution, _, in_total in quantities if in_total and attribution == default
        }
        seen_only: defaultdict[str, int] = defaultdict(int)
        for (action, attribution, seen, _), quantity in quantities.items():
            if seen and (attribution == default or action in counted):
                seen_only[attribution] += quantity
        if default in seen_only:
            name, part = default, seen_only[default]
        else:
            fitting = [(part, name) for name, part in seen_only.items() if part <= total]
            part, name = max(fitting, default=(0, default))
        return Results(
            all_micros=total,
            view_through_micros=part,
            attribution=default if name == default else f"{default}, of it {name}",
            click_only=click_only,
        )


def _default(campaigns: Collection[Quantities]) -> str | None:
    """The attribution of the account's totals; None where no rows, or those of several, are marked so."""
    rows = [row for quantities in campaigns for row in quantities]
    totals = {attribution for _, attribution, _, in_total in rows if in_total}
    if len(totals) == 1:
        return totals.pop()
    return "default" if "default" in totals else None
