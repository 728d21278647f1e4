"""Units of delivery with every metric filled, as a platform that offers all of them would tell."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from adtally.calendar import Window, to_ordinal
from adtally.connector import Report
from adtally.ledger import Ledger
from adtally.ledger.intake import Intake
from adtally.ledger.keys import Feed, Keys, see_account, see_feed
from adtally.ledger.write import write_unit
from adtally.records import Account, Delivery

from .google import CAMPAIGNS, campaign_id
from .synced import DAYS, FIRST, NOW

REPORT = Report(
    name="campaign_daily",
    records=(Delivery,),
    cadence="daily",
    grain="campaign",
    max_days=DAYS,
    restated_days=30,
    final_after={"cost": 3, "clicks": 3, "conversions": 30},
    retention_days=None,
)


def window(number: int) -> Window:
    first = FIRST + timedelta(days=DAYS * number)
    return Window(first, first + timedelta(days=DAYS - 1))


def delivery(campaign: str, day: date, dice: Random) -> Delivery:
    """Seventeen metrics of one campaign's day; sizes are skewed as they are in life."""
    impressions = int(dice.lognormvariate(7, 1.5))
    clicks = impressions * dice.randint(5, 60) // 1000
    views = impressions * dice.randint(100, 400) // 1000
    conversions = clicks * dice.randint(0, 80) // 10
    return Delivery(
        day=day,
        campaign_id=campaign,
        view_definition="30s",
        impressions=impressions,
        measurable_impressions=impressions * 95 // 100,
        viewable_impressions=impressions * 6 // 10,
        clicks=clicks,
        interactions=max(clicks, views),
        engagements=clicks + views // 50,
        video_views=views,
        video_completions=views // 4,
        leads=conversions // 300,
        installs=conversions // 500,
        conversions_micros=conversions * 10_000,
        purchases=conversions // 200,
        revenue_micros=conversions * dice.randint(500, 9000) * 100,
        invalid_clicks=clicks // 40,
        billable_units=clicks,
        cost_micros=clicks * dice.randint(10, 250) * 10_000,
        credited_micros=clicks // 40 * 300_000,
    )


def unit(number: int) -> list[Delivery]:
    """One window of all campaigns, campaign by campaign; the same number gives the same unit."""
    dice = Random(number)
    return [
        delivery(campaign_id(campaign), day, dice) for campaign in range(CAMPAIGNS) for day in window(number)
    ]


class Desk:
    """An account of a ledger, and the way in for its units."""

    def __init__(self, ledger: Ledger) -> None:
        account = Account(id="1112223334", currency="EUR", timezone="Europe/Berlin")
        with ledger.transaction():
            key = see_account(ledger.conn, "north", "northwind", account, NOW)
            self.feed: Feed = see_feed(ledger.conn, key, "north", account, REPORT)
        self.ledger, self.keys = ledger, Keys(ledger.conn)
        self.entities = self.keys.entities(key)

    def intake(self, number: int) -> Intake:
        """The unit of that number, taken and not yet written."""
        taken = Intake(self.ledger.conn, self.keys, self.feed, self.entities, NOW)
        taken.take(unit(number), window(number))
        return taken

    def write(self, taken: Intake, days: Window) -> int:
        """Store the unit in a transaction of its own; returns how many rows changed."""
        with self.ledger.transaction():
            first, last = to_ordinal(days.first_day), to_ordinal(days.last_day)
            changed = write_unit(self.ledger.conn, taken, first, last, NOW.date())
        taken.release()
        return changed["delivery"]
