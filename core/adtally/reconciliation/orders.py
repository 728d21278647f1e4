"""Orders over their flights: what their campaigns delivered and cost so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from ..calendar import Window, from_ordinal, to_ordinal
from ..connector import MetricGroup
from ..money import MICROS
from ..settings import Agreement
from . import sql, sql_orders
from .bookings import Booked, booked_orders
from .campaign_sums import total
from .campaigns import Campaigns
from .change_log import ChangeLog
from .coverage import Days
from .coverage_facts import Coverage
from .facts import CampaignMonth, Counts, OrderFlight
from .mapping import CampaignKeys
from .reading import Reading


class Flown(NamedTuple):
    """What an order's campaigns delivered in one currency, in the month or before it."""

    currency: str
    in_month: bool
    counts: Counts


def read_orders(
    reading: Reading,
    agreements: Sequence[Agreement],
    settings: Campaigns,
    log: ChangeLog,
    campaigns: Sequence[CampaignMonth],
    keys: CampaignKeys,
) -> list[OrderFlight]:
    """The orders with a cap or guaranteed units whose flight has days in the month."""
    booked = booked_orders(reading, agreements, settings, log)
    if not booked:
        return []
    flown = _flown(reading, booked)
    refuted = _refuted(reading, booked, keys)
    first = min(order.window.first_day for order in booked)
    days = Days(reading.conn, sql.CELLS, Window(first, reading.month.last_day), reading.known)
    by_member = defaultdict[str, list[CampaignMonth]](list)
    for campaign in campaigns:
        by_member[campaign.subject].append(campaign)
    return [
        _flight(reading, order, flown.get(number, []), days, by_member, refuted.get(number, 0))
        for number, order in enumerate(booked)
    ]


def _flown(reading: Reading, booked: Sequence[Booked]) -> dict[int, list[Flown]]:
    """What was delivered on the flights' days up to the month's end, by the number of the order."""
    conn, last = reading.conn, to_ordinal(reading.month.last_day)
    conn.execute(sql_orders.ORDERED)
    conn.execute(sql_orders.FORGET_ORDERED)
    first = last
    for number, order in enumerate(booked):
        begins = to_ordinal(order.window.first_day)
        until = min(to_ordinal(order.window.last_day), last)
        first = min(first, begins)
        rows = [(number, begins, until, *member) for member in order.members]
        conn.executemany(sql_orders.FILL_ORDERED, rows)
    sql_orders.need_feeds(conn, "ordered")
    bounds = {"first": first, "last": last, "month": to_ordinal(reading.month.first_day)}
    found: defaultdict[int, list[Flown]] = defaultdict(list)
    for number, currency, in_month, count, view, other_view, *values in conn.execute(
        sql_orders.FLOWN, bounds
    ):
        pairs = zip(sql.METRICS, values[::2], values[1::2], strict=True)
        counts = {name: micros if known == count else None for name, micros, known in pairs}
        if view != other_view:  # views by different definitions are never added
            counts["video_views"] = None
        found[number].append(Flown(currency, bool(in_month), Counts(**counts)))
    return found


def _refuted(reading: Reading, booked: Sequence[Booked], keys: CampaignKeys) -> dict[int, int]:
    """Clicks that a verifier calls invalid, by the number of the order: of several verifiers the largest."""
    clicked = {number: order for number, order in enumerate(booked) if order.units and order.rate}
    clicked = {number: order for number, order in clicked.items() if order.rate and order.rate.model == "cpc"}
    if not clicked:
        return {}
    accounts = {key: owner.account for key, owner in reading.owners.by_key.items()}
    of_order = {
        number: {(accounts[key], campaign_id) for key, campaign_id in order.members}
        for number, order in clicked.items()
    }
    last = reading.month.last_day
    first = min(order.window.first_day for order in clicked.values())
    bounds = {"first": to_ordinal(first), "last": to_ordinal(last)}
    sums: defaultdict[int, defaultdict[tuple[int, str], int]] = defaultdict(lambda: defaultdict(int))
    for key, source, key_kind, value, hint, ordinal, micros in reading.conn.execute(
        sql_orders.REFUTED_CLICKS, bounds
    ):
        campaign = keys.find(reading.owners.by_key[key].connector, key_kind, value, account_hint=hint)
        for number, order in clicked.items():
            if campaign in of_order[number] and from_ordinal(ordinal) in order.window:
                sums[number][key, source] += micros
    return {number: max(by_source.values()) // MICROS for number, by_source in sums.items()}


def _flight(
    reading: Reading,
    order: Booked,
    flown: Sequence[Flown],
    days: Days,
    by_member: Mapping[str, Sequence[CampaignMonth]],
    refuted: int,
) -> OrderFlight:
    owners = reading.owners.by_key
    subjects = [f"{owners[key].connector}/{owners[key].account_id}/{id_}" for key, id_ in order.members]
    here = [campaign for subject in subjects for campaign in by_member[subject]]
    until = min(order.window.last_day, reading.month.last_day)
    known = {owners[key].currency for key in order.keys}
    delivered = {one.currency for one in flown} or known
    before = total([one.counts for one in flown if not one.in_month])
    of_month = total([one.counts for one in flown if one.in_month])
    return OrderFlight(
        connector=order.connector,
        platform=order.platform,
        account_id=order.account_id,
        name=order.name,
        subject=order.subject,
        window=order.window,
        source=order.source,
        currencies=tuple(dict.fromkeys((*order.currencies, *sorted(delivered)))),
        campaigns=tuple(subjects),
        coverage=_covered(reading, order, days, Window(order.window.first_day, until)),
        budget_micros=order.budget_micros,
        before_micros=before.cost_micros,
        month_micros=None if of_month.cost_micros is None else of_month.cost_micros + sum(_beyond_cost(here)),
        credited_micros=of_month.credited_micros or 0,
        units=order.units,
        rate=order.rate,
        under_delivery_ppm=order.under_delivery_ppm,
        delivered=total([one.counts for one in flown]),
        invalid_clicks=refuted,
    )


def _covered(reading: Reading, order: Booked, days: Days, window: Window) -> Coverage:
    """How far the window is known for every account with campaigns of the order."""
    accounts = {reading.owners.by_key[key].account for key, _ in order.members}
    found = [
        days.coverage((owner.key for owner in reading.owners.by_account[account]), window)
        for account in accounts
    ]
    pending: dict[MetricGroup, date] = {}
    for coverage in found:
        for group, day in coverage.pending_until.items():
            pending[group] = max(day, pending.get(group, day))
    return Coverage(
        missing_days=max((coverage.missing_days for coverage in found), default=window.days),
        pending_until=pending,
        as_of=max((coverage.as_of for coverage in found if coverage.as_of), default=None),
    )


def _beyond_cost(campaigns: Iterable[CampaignMonth]) -> Iterator[int]:
    """What the bills' lines bill beyond the reported cost; it may be less than nothing."""
    for campaign in campaigns:
        if campaign.counts.cost_micros is not None:
            yield (campaign.billed_micros or 0) - campaign.counts.cost_micros
