"""For each law a connector that breaks it, and no other."""

import itertools
import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import ClassVar

from adtally import Campaign, Delivery, TransientError, Unit, pulls

from .pier import Advertiser, Listed, Page, Pier, Row

log = logging.getLogger(__name__)
drawn = itertools.count()


class WithoutAnEnd(Pier):
    def query(self, unit: Unit) -> dict[str, object]:
        return {"from": unit.window.first_day, **self.states()}


class Stuttering(Pier):
    @pulls(Campaign)
    def campaigns(self, unit: Unit) -> Iterator[Campaign]:
        for campaign in Pier.campaigns(self, unit):
            yield from (campaign, campaign)


class Overlapping(Pier):
    @pulls(Campaign)
    def archived(self, unit: Unit) -> Iterator[Campaign]:
        return (campaign for campaign in self.campaigns(unit) if campaign.status == "removed")


class Restless(Pier):
    def title(self, found: Listed) -> str:
        return f"{found.campaign} as seen for the {next(drawn)}th time"


class Contented(Pier):
    def pages(self, unit: Unit) -> Iterator[Page]:
        with suppress(TransientError):
            yield from super().pages(unit)


class Chatty(Pier):
    def states(self) -> dict[str, object]:
        with suppress(TransientError):
            self.http.ask("GET", "https://tracker.example/hello", signed=False)
        return super().states()


class Generous(Pier):
    def later(self, link: str) -> Page:
        key = self.token.get_secret_value()
        return self.http.get(f"{link}&key={key.replace('+', '%2B')}", decode=self.shape, signed=False)


class Talkative(Pier):
    def later(self, link: str) -> Page:
        log.debug("asking %s as %s", link, self.token.get_secret_value())
        return super().later(link)


class OnlyActive(Pier):
    def states(self) -> dict[str, object]:
        return {}


class ZeroRow(Row, kw_only=True):
    taps: int = 0


class ZeroPage(Page, frozen=True):
    rows: Sequence[ZeroRow]


class Zeroing(Pier):
    shape: ClassVar[type[Page]] = ZeroPage


class AnyRow(Row, kw_only=True):
    taps: int | str | dict[str, int]  # type: ignore[assignment]


class AnyPage(Page, frozen=True):
    rows: Sequence[AnyRow]


class Trusting(Pier):
    shape: ClassVar[type[Page]] = AnyPage

    def record(self, row: Row) -> Delivery:
        delivery = super().record(row)
        delivery.clicks = row.taps if isinstance(row, AnyRow) and isinstance(row.taps, int) else 0
        return delivery


class Hoarding(Pier):
    def pages(self, unit: Unit) -> Iterator[Page]:
        return iter(list(super().pages(unit)))


class Greenwich(Pier):
    def zone(self, found: Advertiser) -> str:
        log.debug("the account is in %s", found.timezone)
        return "UTC"


SINNERS: dict[str, tuple[type[Pier], str]] = {
    "rows lie in the window": (
        WithoutAnEnd,
        "campaign_daily, asked for 2026-10-01..2026-10-01 alone, yields a record of 2026-10-02",
    ),
    "keys are unique": (
        Stuttering,
        "campaigns, 2026-10-12..2026-10-12: two Campaign records for campaign_id brand",
    ),
    "rows in = rows stored": (
        Overlapping,
        "the same Campaign (old) comes from campaigns 2026-10-12..2026-10-12 "
        "and from archived 2026-10-12..2026-10-12",
    ),
    "second run changes nothing": (Restless, "a second run writes 2 campaigns; in campaigns this row "),
    "cut stream changes nothing": (
        Contented,
        "the answer to GET /pier/stats breaks off, and in delivery this row is gone or changed: ",
    ),
    "asks only its own hosts": (Chatty, "tracker.example is asked, and no answer handed it out"),
    "credentials stay at home": (Generous, "an answer links to another origin, and it is sent a secret"),
    "no secret in a log": (Talkative, "a secret stands in a log line: asking http://127.0.0.1:"),
    "every state is asked for": (OnlyActive, "campaign old spent money and has no delivery"),
    "what is absent stays NULL": (
        Zeroing,
        "without taps clicks turns from 30 to 0 in delivery, 1 2026-10-01 campaign brand",
    ),
    "wrong types are refused": (
        Trusting,
        "with an object as taps clicks turns from 30 to 0 in delivery, 1 2026-10-01 campaign brand",
    ),
    "memory stays flat": (
        Hoarding,
        "campaign_daily, 2026-10-01..2026-10-02: all 2 pages are read before the first record is yielded",
    ),
    "days are the account's own": (
        Greenwich,
        "account 1: the platform says Pacific/Kiritimati, the connector UTC",
    ),
}
