"""Daily budgets as they were in force on each day, and the days that cost far more than they allow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from ..calendar import Window, from_ordinal
from ..ledger import Connection
from . import sql_orders
from .campaigns import Campaigns, CampaignSettings
from .change_log import ChangeLog, Control
from .facts import CampaignMonth
from .order_facts import DailyBudget
from .owners import Owner
from .reading import Reading
from .statuses import Changed, values_on

RULED = frozenset(["google_ads"])
"""The platforms that say how far a day and a month may exceed a daily budget."""

BudgetKey = tuple[int, str]
"""Account key and the budget's id; of a campaign's own budget without an id that of the campaign."""


def read_budgets(
    reading: Reading, campaigns: Iterable[CampaignMonth], settings: Campaigns, log: ChangeLog
) -> list[DailyBudget]:
    """The daily budgets of the campaigns of the month, on platforms whose rule is known."""
    keys = {(owner.connector, owner.account_id): key for key, owner in reading.owners.by_key.items()}
    members: defaultdict[BudgetKey, dict[str, CampaignMonth]] = defaultdict(dict)
    for campaign in campaigns:
        key = keys[campaign.connector, campaign.account_id]
        control = log.controls.get((campaign.platform, campaign.account_id, campaign.campaign_id), Control())
        if campaign.platform in RULED and control.budget_period == "daily" and control.budget_micros:
            members[key, control.budget_id or campaign.campaign_id][campaign.campaign_id] = campaign
    users: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    for (platform, account_id, _), control in log.controls.items():
        users[platform, account_id, control.budget_id] += bool(control.budget_id)

    found = list[tuple[BudgetKey, DailyBudget]]()
    for (key, budget_id), of_budget in members.items():
        owner = reading.owners.by_key[key]
        budget = DailyBudget(
            connector=owner.connector,
            platform=owner.platform,
            account_id=owner.account_id,
            budget_id=budget_id,
            campaigns=tuple(sorted(of_budget)),
            shared=users[(*owner.account, budget_id)] > 1,
        )
        found.append(((key, budget_id), _in_force(reading, budget, owner, of_budget, settings, log)))
    heavy = _heavy_days(reading, found)
    return [replace(budget, heavy=tuple(heavy.get(number, ()))) for number, (_, budget) in enumerate(found)]


def _in_force(
    reading: Reading,
    budget: DailyBudget,
    owner: Owner,
    campaigns: Mapping[str, CampaignMonth],
    settings: Campaigns,
    log: ChangeLog,
) -> DailyBudget:
    account = owner.account
    if not log.is_known(account):
        return replace(budget, unknown="log")
    changes = sorted(
        (
            change
            for entity in {budget.budget_id, *budget.campaigns}
            for change in log.within(account, log.budgets.get((*account, entity), ()), owner.timezone)
        ),
        key=lambda change: change.at,
    )
    now = log.controls[(*account, budget.campaigns[0])].budget_micros
    if not changes and not log.reaches_today(account):
        return replace(budget, unknown="value")
    values = list[tuple[date, int]]()
    for day in reading.month:
        if not any(_may_run(campaign, settings, day) for campaign in campaigns.values()):
            continue
        micros = _largest(changes, day, owner.timezone) if changes else now
        if micros is None:
            return replace(budget, unknown="value")
        values.append((day, micros))
    return replace(budget, in_force=tuple(_runs(values)))


def _may_run(campaign: CampaignMonth, settings: Campaigns, day: date) -> bool:
    known = settings.get((campaign.platform, campaign.account_id, campaign.campaign_id), CampaignSettings())
    inside = (known.first_day or date.min) <= day <= (known.last_day or date.max)
    return inside and not (campaign.paused and day in campaign.paused.days)


def _largest(changes: Sequence[Changed], day: date, timezone: str) -> int | None:
    """The largest budget of the day, in micros; None if the log does not tell one of them."""
    values = values_on(changes, day, timezone)
    return max(map(int, values)) if all(value.isdecimal() for value in values) else None


def _runs(values: Iterable[tuple[date, int]]) -> list[tuple[Window, int]]:
    """Neighbouring days of one budget together."""
    found = list[tuple[Window, int]]()
    for day, micros in values:
        if found and found[-1][1] == micros and (day - found[-1][0].last_day).days == 1:
            found[-1] = (found[-1][0].span(Window(day, day)), micros)
        else:
            found.append((Window(day, day), micros))
    return found


def _heavy_days(
    reading: Reading, budgets: Sequence[tuple[BudgetKey, DailyBudget]]
) -> dict[int, list[tuple[date, int]]]:
    """The days above twice the smallest budget, by the number of the budget."""
    rows = [
        (number, 2 * min(micros for _, micros in budget.in_force), key, campaign_id)
        for number, ((key, _), budget) in enumerate(budgets)
        if budget.in_force
        for campaign_id in budget.campaigns
    ]
    return _read_heavy(reading.conn, reading.bounds, rows) if rows else {}


def _read_heavy(
    conn: Connection, bounds: Mapping[str, int], rows: Sequence[tuple[int, int, int, str]]
) -> dict[int, list[tuple[date, int]]]:
    conn.execute(sql_orders.BUDGETED)
    conn.execute(sql_orders.FORGET_BUDGETED)
    conn.executemany(sql_orders.FILL_BUDGETED, rows)
    sql_orders.need_feeds(conn, "budgeted")
    found: defaultdict[int, list[tuple[date, int]]] = defaultdict(list)
    for number, ordinal, cost in conn.execute(sql_orders.HEAVY_DAYS, bounds):
        found[number].append((from_ordinal(ordinal), cost))
    return found
