"""Reports of version 3: what may be ordered, and the rows of the file that comes of it.

Source: Reporting version 3 of the Amazon Ads API; read 2026-11. A day is one of the profile's own clock. Who
was not shown has no row.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from adtally import Window, world

from . import entities
from .envelope import Refusal
from .fields import COUNTS, MONEY, PRODUCTS_BY_NAME, SHARES, TYPES, Type

MOST_DAYS, KEPT_DAYS = 31, 95
STEPS = ("PENDING", "PROCESSING", "COMPLETED")


class Filter(msgspec.Struct, forbid_unknown_fields=True):
    field: str
    values: list[str]


class Configuration(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    ad_product: str
    group_by: list[str]
    columns: list[str]
    report_type_id: str
    time_unit: str
    format: str
    filters: list[Filter] = []


class Order(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    start_date: date
    end_date: date
    configuration: Configuration
    name: str = ""


@dataclass(slots=True)
class Job:
    """A report in the making: how often somebody looked decides how far it is."""

    report_id: str
    scope: str
    account: world.Account
    order: Order
    type: Type
    fails: bool
    looks: int = 0

    @property
    def status(self) -> str:
        return "FAILED" if self.fails and self.looks > 1 else STEPS[min(max(self.looks, 1), len(STEPS)) - 1]

    def told(self, link: str) -> dict[str, object]:
        ready = self.status == "COMPLETED"
        return {
            "reportId": self.report_id,
            "status": self.status,
            "name": self.order.name or None,
            "startDate": str(self.order.start_date),
            "endDate": str(self.order.end_date),
            "createdAt": "2026-11-10T12:00:00.000Z",
            "updatedAt": "2026-11-10T12:00:00.000Z",
            "generatedAt": "2026-11-10T12:04:00.000Z" if ready else None,
            "url": link if ready else None,
            "urlExpiresAt": "2026-11-10T13:04:00.000Z" if ready else None,
            "fileSize": 512 if ready else None,
            "failureReason": "Internal failure" if self.status == "FAILED" else None,
            "configuration": msgspec.to_builtins(self.order.configuration),
        }


def checked(order: Order, accounts: list[world.Account], today: date) -> tuple[world.Account, Type]:
    """Whom the report is about, and its type; or a Refusal."""
    asked = order.configuration
    found = TYPES.get((asked.report_type_id, " ".join(asked.group_by)))
    product = PRODUCTS_BY_NAME.get(asked.ad_product)
    if product is None or found is None or found.product != product:
        raise Refusal(400, "configuration adProduct or groupBy is not supported for this report type")
    if unknown := sorted(set(asked.columns) - found.columns):
        allowed = ", ".join(sorted(found.columns))
        raise Refusal(
            400, f"configuration columns includes invalid values: ({unknown}). Allowed: ({allowed})"
        )
    if asked.time_unit != "DAILY" or "date" not in asked.columns or asked.format != "GZIP_JSON":
        raise Refusal(400, "the sandbox has DAILY reports with the column date in GZIP_JSON only")
    days = (order.end_date - order.start_date).days + 1
    if days < 1:
        raise Refusal(400, "endDate must not be before startDate")
    if days > MOST_DAYS:
        words = f"startDate to endDate range ({days} days) must not exceed maximum range ({MOST_DAYS} days)"
        raise Refusal(400, words)
    if order.start_date < today - timedelta(days=KEPT_DAYS):
        raise Refusal(400, "Report date is too far in the past")
    return _account(order, accounts, product), found


def _account(order: Order, accounts: list[world.Account], product: str) -> world.Account:
    filters = {one.field: one.values for one in order.configuration.filters}
    if product != "dsp":
        if filters or accounts[0].manager_id:
            raise Refusal(400, "configuration filters are not supported for this report type")
        return accounts[0]
    wanted = filters.pop("advertiserId", [])
    found = [account for account in accounts if account.manager_id and account.account_id in wanted]
    if filters or len(wanted) != 1 or not found:
        raise Refusal(400, "filter advertiserId is required, with advertisers of this entity")
    return found[0]


def rows(job: Job, played: world.World) -> list[dict[str, object]]:
    """The rows of the file."""
    account, kind, window = job.account, job.type, Window(job.order.start_date, job.order.end_date)
    sums: defaultdict[tuple[str, ...], defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    names: dict[str, world.Campaign] = {}
    for campaign in account.campaigns:
        if entities.product_of(campaign) != kind.product:
            continue
        names[campaign.campaign_id] = campaign
        for row in played.days[campaign.campaign_id]:
            ids = (campaign.campaign_id, row.ad_group_id, row.ad_id)[: kind.depth]
            if row.day in window and all(ids):
                for name in world_counts():
                    sums[row.day.isoformat(), *ids][name] += getattr(row, name)
    return [
        {
            column: _shown(column, day, ids, counts, names[ids[0]], account)
            for column in job.order.configuration.columns
        }
        for (day, *ids), counts in sorted(sums.items())
    ]


def world_counts() -> set[str]:
    """The counts of the world that any column is made of."""
    return {*COUNTS.values(), *MONEY.values()}


def _shown(
    column: str,
    day: str,
    ids: list[str],
    counts: defaultdict[str, int],
    campaign: world.Campaign,
    account: world.Account,
) -> object:
    places = [*map(int, ids), 0, 0]
    told: dict[str, object] = {
        "date": day,
        "advertiserId": int(account.account_id),
        "campaignId": places[0],
        "orderId": places[0],
        "campaignName": campaign.name,
        "adGroupId": places[1],
        "lineItemId": places[1],
        "adId": places[2],
        "creativeId": places[2],
        "costType": campaign.model.upper(),
        "campaignBudgetCurrencyCode": account.currency,
        "orderCurrency": account.currency,
    }
    if column in told:
        return told[column]
    if column in MONEY:
        return float(Decimal(counts[MONEY[column]]).scaleb(-6))
    if column in SHARES:
        name, percent = SHARES[column]
        return counts[name] * percent // 100
    if column.startswith("sales"):
        return 0.0
    return counts[COUNTS[column]] if column in COUNTS else 0
