"""Campaign-months: what each campaign counted and cost, at which rate, by which bill, with which evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import NamedTuple

from ..calendar import Window
from ..money import MICROS
from . import sql
from .campaign_days import Baselines, CampaignDays, CampaignKey, Trail, read_days, read_trails
from .campaign_sums import Sums, none_of, offered, total
from .change_log import ChangeLog
from .conversions import Conversions
from .evidence_facts import EvidenceSum
from .facts import Baseline, CampaignMonth, Counts, FlightDays, Gaps, Period, Rate
from .flights import Flight, flight_days, flight_of
from .gaps import find_gaps
from .lines import AccountLines
from .mapping import CampaignRef
from .order_facts import PausedDays
from .owners import AccountId, Owner
from .paused import standstill, with_costs
from .reading import Reading
from .statuses import Histories, paused_days
from .terms import Agreed, RateBook, governing, promised_rate


class CampaignSettings(NamedTuple):
    """A campaign as the platform describes it today."""

    name: str = ""
    channel: str = ""
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is agreed about a campaign, and when it may run."""

    agreed: Sequence[Agreed]
    flight: Flight | None


Campaigns = Mapping[tuple[str, str, str], CampaignSettings]
"""By platform, account and campaign."""


def read_settings(reading: Reading) -> dict[tuple[str, str, str], CampaignSettings]:
    """What the ledger knows of every campaign; of several connectors the first one that names it."""
    found: dict[tuple[str, str, str], CampaignSettings] = {}
    for platform, account_id, campaign_id, name, channel, *days in reading.conn.execute(
        sql.CAMPAIGN_SETTINGS
    ):
        first_day, last_day = (date.fromisoformat(day) if day else None for day in days)
        campaign = (platform, account_id, campaign_id)
        if not found.get(campaign, CampaignSettings()).name:
            found[campaign] = CampaignSettings(name, channel, first_day, last_day)
    return found


def read_campaigns(
    reading: Reading,
    book: RateBook,
    sums: Sums,
    settings: Campaigns,
    lines: Mapping[AccountId, AccountLines],
    evidence: Mapping[CampaignRef, Sequence[EvidenceSum]],
    log: ChangeLog,
) -> list[CampaignMonth]:
    """One entry for each campaign and currency of ``sums``."""
    owners, month = reading.owners, reading.month
    coverages = {key: reading.days.coverage([key], month) for key in owners.by_key}
    conversions = Conversions(reading)
    trails = read_trails(reading.conn, month)

    def known(campaign: CampaignKey) -> CampaignSettings:
        return settings.get((*owners.by_key[campaign[0]].account, campaign[1]), CampaignSettings())

    groups = {
        campaign: (*owners.by_key[campaign[0]].account, known(campaign).channel)
        for campaign in {*trails, *((key, campaign_id) for key, campaign_id, _ in sums)}
    }
    baselines = Baselines(trails, groups, month)
    plans = {
        (key, campaign_id): _plan(book, owners.by_key[key], campaign_id, known((key, campaign_id)), month)
        for key, campaign_id, _ in sums
    }
    paused = {
        (key, campaign_id): standstill(log, owners.by_key[key], campaign_id, month)
        for key, campaign_id in plans
    }
    days = _watched(reading, plans, trails, paused)
    gaps = _gaps(reading, plans, days, log.statuses)

    found = list[CampaignMonth]()
    for (key, campaign_id, currency), by_piece in sums.items():
        campaign, owner = (key, campaign_id), owners.by_key[key]
        plan = plans[campaign]
        rate_on = partial(book.rate, plan.agreed, owner.connector, owner.account_id, campaign_id)
        governed = [governing(plan.agreed, piece.first_day) for piece in book.pieces]
        found.append(
            CampaignMonth(
                connector=owner.connector,
                platform=owner.platform,
                account_id=owner.account_id,
                campaign_id=campaign_id,
                name=known(campaign).name,
                currency=currency,
                timezone=owner.timezone,
                month=month,
                periods=tuple(_periods(book.pieces, by_piece, rate_on)),
                counts=total(by_piece.values()),
                coverage=coverages[key],
                lines=tuple(lines[owner.account].campaigns.get(campaign_id, ()))
                if owner.account in lines
                else (),
                evidence=tuple(evidence.get((owner.account, campaign_id), ())),
                channel=known(campaign).channel,
                flight=_flight(plan, month, days.get(campaign), currency),
                gaps=gaps.get(campaign),
                baseline=_promise(plan, [book.pieces[piece].first_day for piece in by_piece])
                or baselines.beside(campaign),
                results=conversions.results(
                    owner.account,
                    campaign_id,
                    click_only=all(one is not None and one[1].click_only for one in governed),
                ),
                paused=_paused_costs(paused[campaign], days.get(campaign), currency),
            )
        )
    return found


def add_billed_without_rows(
    reading: Reading, sums: Sums, lines: Mapping[AccountId, AccountLines], currencies: Mapping[str, str]
) -> None:
    """Campaigns that a bill names and a completely fetched month does not: their counts are zero.

    Zero for the metrics that the account's other campaigns have; the platform does not offer the others.
    ``currencies`` are those of the documents.
    """
    by_key: dict[int, set[str]] = {}
    seen = set[tuple[AccountId, str]]()
    for (key, campaign_id, _), pieces in sums.items():
        seen.add((reading.owners.by_key[key].account, campaign_id))
        by_key.setdefault(key, set()).update(offered(pieces.values()))
    for key, names in by_key.items():
        account = reading.owners.by_key[key].account
        billed = lines.get(account)
        if billed is None or not reading.days.coverage([key], reading.month).complete:
            continue
        for campaign_id, of_campaign in billed.campaigns.items():
            if (account, campaign_id) not in seen:
                sums[key, campaign_id, currencies[of_campaign[0].invoice]] = {0: none_of(names)}


def _plan(book: RateBook, owner: Owner, campaign_id: str, known: CampaignSettings, month: Window) -> Plan:
    agreed = book.agreed(owner.connector, owner.account_id, campaign_id, known.name)
    return Plan(agreed, flight_of(agreed, known.first_day, known.last_day, month))


def _watched(
    reading: Reading,
    plans: Mapping[CampaignKey, Plan],
    trails: Mapping[CampaignKey, Trail],
    paused: Mapping[CampaignKey, PausedDays | None],
) -> dict[CampaignKey, CampaignDays]:
    """The single days of the campaigns that may not run on all of them, did not, or miss some."""
    watched = {
        campaign
        for campaign, plan in plans.items()
        if (plan.flight and not plan.flight.holds(reading.month))
        or ((still := paused[campaign]) and still.days)
        or (campaign in trails and trails[campaign].may_have_holes)
    }
    return read_days(reading.conn, watched, reading.month)


def _gaps(
    reading: Reading,
    plans: Mapping[CampaignKey, Plan],
    days: Mapping[CampaignKey, CampaignDays],
    histories: Histories,
) -> dict[CampaignKey, Gaps | None]:
    by_key, fetched = reading.owners.by_key, reading.days

    def gaps(campaign: CampaignKey, own: CampaignDays) -> Gaps | None:
        key, campaign_id = campaign
        flight = plans[campaign].flight
        paused = _paused(reading, histories, by_key[key], campaign_id)

        def expected(day: date) -> bool:
            return (flight is None or day in flight) and day not in paused and fetched.asked(key, day)

        return find_gaps(
            own.shown, reading.month, expected=expected, confirmed=partial(fetched.confirmed, key)
        )

    return {campaign: gaps(campaign, own) for campaign, own in days.items()}


def _paused(reading: Reading, histories: Histories, owner: Owner, campaign_id: str) -> set[date]:
    """The days on which the campaign, or its whole account, stood still."""
    changes = (histories.get((*owner.account, entity), ()) for entity in (campaign_id, ""))
    return {day for history in changes for day in paused_days(history, reading.month, owner.timezone)}


def _promise(plan: Plan, days: Sequence[date]) -> Baseline | None:
    """The interaction rate that the seller promised for these days."""
    promise = promised_rate(plan.agreed, days)
    if promise is None:
        return None
    ppm, source = promise
    return Baseline(impressions=MICROS, interactions=ppm, source=source, promised=True)


def _paused_costs(paused: PausedDays | None, days: CampaignDays | None, currency: str) -> PausedDays | None:
    return with_costs(paused, days.costs[currency]) if paused and days else paused


def _flight(plan: Plan, month: Window, days: CampaignDays | None, currency: str) -> FlightDays | None:
    if plan.flight is None:
        return None
    return flight_days(plan.flight, month, days.costs[currency] if days else {})


def _periods(
    pieces: Sequence[Window], by_piece: Mapping[int, Counts], rate_on: Callable[[date], Rate | None]
) -> list[Period]:
    """The month's pieces, neighbours of one rate joined; a piece without rows counts zero.

    Pieces without rows matter only to a flat price, which runs on; elsewhere they are left out at the ends.
    """
    nothing = none_of(offered(by_piece.values()))
    periods: list[Period] = []
    for number, window in enumerate(pieces):
        rate, counts = rate_on(window.first_day), by_piece.get(number)
        if counts is None and not (rate and rate.model == "flat"):
            continue
        last = periods[-1] if periods else None
        if last and last.rate == rate:
            joined = total([last.counts, counts or nothing])
            periods[-1] = Period(window=last.window.span(window), counts=joined, rate=rate)
        else:
            periods.append(Period(window=window, counts=counts or nothing, rate=rate))
    return periods
