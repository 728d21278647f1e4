"""Sales of which something came back: when, how much, and whether within the agreed days of the sale.

Refunds and lost disputes count on their own day, also those of earlier months' sales.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from ..calendar import Window, from_ordinal, to_ordinal
from . import sql_sales
from .leads import class_at
from .mapping import CampaignKeys, CampaignRef
from .reading import LOOK_BACK, Reading
from .sales_facts import NOT_REFUSED, Returned


class Back(NamedTuple):
    """What came back of a sale on one day; None: all of it."""

    day: date
    micros: int | None
    is_gross: bool


@dataclass(slots=True)
class Sale:
    """A sale of which something came back, whenever."""

    account_key: int
    source_id: str
    kind: str
    record_id: str
    status: str
    sold_on: date
    value_micros: int | None
    currency: str
    back: dict[date, Back] = field(default_factory=dict[date, Back])
    """By day."""

    def through(self, last_day: date, limit: date) -> int:
        """What had come back by the end of ``last_day``, of it what came by ``limit``; at most its value."""
        total = 0
        for back in self.back.values():
            if back.day <= min(last_day, limit):
                total += (self.value_micros or 0) if back.micros is None else back.micros
        return total if self.value_micros is None else min(total, self.value_micros)


class Returns:
    """Everything that came back, by the campaign that the sale belongs to."""

    def __init__(self, reading: Reading, keys: CampaignKeys, since: date | None) -> None:
        """``since`` is the day of the oldest sale of which a refund can matter; None: none can."""
        self.by_campaign: defaultdict[CampaignRef, list[Sale]] = defaultdict(list)
        self.unplaced: dict[int, int] = {}
        """By source: what came back in the month of sales that may be older than what is known of it."""
        self.refunding = set[int]()
        """The sources that tell what came back."""
        self.disputes: defaultdict[CampaignRef, int] = defaultdict(int)
        if since is not None:
            self._read(reading, keys, since)

    def _read(self, reading: Reading, keys: CampaignKeys, since: date) -> None:
        conn = reading.conn
        conn.execute(sql_sales.RETURNED)
        conn.execute(sql_sales.FORGET_RETURNED)
        conn.execute(sql_sales.FILL_RETURNED, {"since": to_ordinal(since - LOOK_BACK)})
        found: dict[tuple[int, str, str, str], Sale] = {}
        placed: defaultdict[int, set[tuple[str, int]]] = defaultdict(set)
        span = {"since": to_ordinal(since), "last": to_ordinal(reading.month.last_day)}
        conn.execute(sql_sales.OWED)
        conn.execute(sql_sales.FORGET_OWED)
        conn.execute(sql_sales.FILL_OWED, {**span, "since": to_ordinal(since - LOOK_BACK)})
        for key, source, kind, record, place, sold_on, value, currency, *rest in conn.execute(
            sql_sales.SOLD, span
        ):
            key_kind, text, hint, platform, account_id, campaign_id, day, micros, gross, *owed = rest
            placed[key].add((record, day))
            sale = found.get((key, source, kind, record))
            if sale is None:
                sold = from_ordinal(sold_on)
                sale = Sale(key, source, kind, record, class_at(place), sold, value, currency)
                found[key, source, kind, record] = sale
                campaign = (
                    ((platform, account_id), campaign_id)
                    if campaign_id
                    else keys.find(reading.owners.by_key[key].connector, key_kind, text, account_hint=hint)
                )
                if campaign:
                    self.by_campaign[campaign].append(sale)
            if owed[2]:
                claimant = ((owed[0], owed[1]), owed[2])
                if sale not in self.by_campaign[claimant][-1:]:
                    self.by_campaign[claimant].append(sale)
            on = from_ordinal(day)
            sale.back[on] = Back(on, micros, bool(gross))
        first, last = reading.bounds["first"], reading.bounds["last"]
        known_from = dict(conn.execute(sql_sales.FIRST_DAYS))
        self.unplaced = {
            key: missing
            for key, count in conn.execute(sql_sales.RETURNS, reading.bounds)
            if (known_from.get(key) or 0) > to_ordinal(since)
            and (missing := count - sum(first <= day <= last for _, day in placed[key])) > 0
        }
        self.refunding = {key for (key,) in conn.execute(sql_sales.REFUNDING)}
        for key, key_kind, text, hint, count in conn.execute(sql_sales.OPEN_DISPUTES, reading.bounds):
            campaign = keys.find(reading.owners.by_key[key].connector, key_kind, text, account_hint=hint)
            if campaign:
                self.disputes[campaign] += count

    def returned(
        self, reading: Reading, campaign: CampaignRef, days: int, window: Window
    ) -> Iterator[Returned]:
        """The sales of which something came back in these days, within ``days`` of the sale."""
        for sale in self._sold(campaign):
            limit = sale.sold_on + timedelta(days=days)
            before = sale.through(window.first_day - timedelta(days=1), limit)
            through = sale.through(window.last_day, limit)
            if through > before or (sale.value_micros is None and self._in(sale, window, limit)):
                owner = reading.owners.by_key[sale.account_key]
                yield Returned(
                    connector=owner.connector,
                    account_id=owner.account_id,
                    kind=sale.kind,
                    sale=sale.record_id,
                    sold_on=sale.sold_on,
                    value_micros=sale.value_micros,
                    currency=sale.currency,
                    before_micros=before,
                    through_micros=through,
                    is_gross=any(back.is_gross for back in sale.back.values()),
                )

    def too_late(self, campaign: CampaignRef, days: int, window: Window) -> int:
        return sum(
            any(day in window and day > sale.sold_on + timedelta(days=days) for day in sale.back)
            for sale in self._sold(campaign)
        )

    def known_in_full(self, campaign: CampaignRef, month: Window) -> Mapping[tuple[int, str], int]:
        """By source and kind: the month's sales that are marked as refunded and whose refund is known."""
        counts: defaultdict[tuple[int, str], int] = defaultdict(int)
        for sale in self.by_campaign.get(campaign, ()):
            if sale.status == "refunded" and sale.sold_on in month:
                counts[sale.account_key, sale.kind] += 1
        return counts

    def first_day(self, campaign: CampaignRef) -> date | None:
        """The first day on which anything came back."""
        return min((day for sale in self._sold(campaign) for day in sale.back), default=None)

    def _sold(self, campaign: CampaignRef) -> list[Sale]:
        return [sale for sale in self.by_campaign.get(campaign, ()) if sale.status in NOT_REFUSED]

    @staticmethod
    def _in(sale: Sale, window: Window, limit: date) -> bool:
        return any(day in window and day <= limit for day in sale.back)
