"""The world's accounts in Google's words: customers, campaigns, ad groups, ads and their changes.

Source: resource messages and enums of Google Ads API v26; read 2026-11.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from adtally import world

TOP = next(iter(world.MANAGERS))
"""The manager account that the others lie below."""
CHANNELS = {"search": "SEARCH", "display": "DISPLAY", "video": "VIDEO", "all": "PERFORMANCE_MAX"}
NETWORKS = {"search": "SEARCH", "display": "CONTENT", "video": "YOUTUBE", "all": "MIXED"}
STRATEGIES = {"cpc": "MANUAL_CPC", "cpm": "TARGET_CPM", "vcpm": "MANUAL_CPM", "cpv": "TARGET_CPV"}
COUNTRY_NUMBERS = (
    *(("AT", 40), ("AU", 36), ("CA", 124), ("DE", 276), ("ES", 724), ("FR", 250), ("GB", 826), ("HK", 344)),
    *(("IT", 380), ("JP", 392), ("NZ", 554), ("TW", 158), ("US", 840)),
)
COUNTRY_IDS = {"": 0} | {country: 2000 + number for country, number in COUNTRY_NUMBERS}
"""The geographic id of a country: 2000 and its number in ISO 3166-1; 0 is nowhere that is known."""
GOALS = {"conversions": "MAXIMIZE_CONVERSIONS", "pay_per_conversion": "TARGET_CPA"}
BIDS = {
    "cpc": "cpc_bid_micros",
    "vcpm": "cpm_bid_micros",
    "cpm": "target_cpm_micros",
    "cpv": "target_cpv_micros",
}


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing that can be selected: its fields, and the days that count for it."""

    fields: Mapping[str, object]
    days: tuple[tuple[world.Campaign, world.Row], ...] = ()


def of_account(account: world.Account, played: world.World) -> dict[str, list[Entity]]:
    """Everything that a serving account has, by resource."""
    owner = customer(account.account_id, account.name, account.currency, account.timezone, manager=False)
    found: dict[str, list[Entity]] = defaultdict(list)
    everything: list[tuple[world.Campaign, world.Row]] = []
    for campaign in account.campaigns:
        own = owner | _campaign(account.account_id, campaign)
        days = tuple((campaign, row) for row in played.days[campaign.campaign_id])
        everything += days
        found["campaign"].append(Entity(own, days))
        for group in campaign.ad_groups:
            inner = own | _ad_group(account.account_id, campaign, group)
            of_group = [pair for pair in days if pair[1].ad_group_id == group.ad_group_id]
            found["ad_group"].append(Entity(inner, tuple(of_group)))
            for ad in group.ads:
                leaf = inner | _ad(account.account_id, campaign, group, ad)
                of_ad = tuple(pair for pair in of_group if pair[1].ad_id == ad)
                found["ad_group_ad"].append(Entity(leaf, of_ad))
        found["change_event"] += [Entity(owner | change) for change in _stops(account.account_id, campaign)]
    found["customer"].append(Entity(owner, tuple(everything)))
    found["user_location_view"] = list(_locations(owner, account, everything))
    found["geo_target_constant"] = [Entity(_place(code)) for code in COUNTRY_IDS if code]
    found["customer_client"].append(_client(account, 0))
    return found


def of_manager(manager_id: str, accounts: Iterable[world.Account]) -> dict[str, list[Entity]]:
    """A manager's clients at every depth, itself at level 0; it has no campaigns of its own."""
    top = manager_id == TOP
    clients = [_manager(manager_id, 0)]
    clients += [_manager(number, 1) for number in world.MANAGERS if top and number != manager_id]
    clients += [
        _client(account, 1 if account.manager_id == manager_id else 2)
        for account in accounts
        if account.manager_id == manager_id or (top and account.manager_id)
    ]
    name = world.MANAGERS[manager_id]
    own = customer(manager_id, name, "EUR", "Europe/Berlin", manager=True)
    return {"customer": [Entity(own)], "customer_client": clients}


def customer(account_id: str, name: str, currency: str, timezone: str, *, manager: bool) -> dict[str, object]:
    return {
        "customer.resource_name": f"customers/{account_id}",
        "customer.id": account_id,
        "customer.descriptive_name": name,
        "customer.currency_code": currency,
        "customer.time_zone": timezone,
        "customer.manager": manager,
        "customer.status": "ENABLED",
        "customer.test_account": False,
        "customer.auto_tagging_enabled": True,
    }


def _locations(
    owner: Mapping[str, object], account: world.Account, days: Sequence[tuple[world.Campaign, world.Row]]
) -> Iterator[Entity]:
    """Each country in which people were: on odd days in places that were aimed at, on even ones elsewhere."""
    places: defaultdict[tuple[str, bool], list[tuple[world.Campaign, world.Row]]] = defaultdict(list)
    for country, row in world.by_country(account, (row for _, row in days)) if days else ():
        places[country, row.day.day % 2 == 1].append((days[0][0], row))
    for (country, aimed), found in places.items():
        number = COUNTRY_IDS[country]
        name = f"customers/{account.account_id}/userLocationViews/{number}~{str(aimed).lower()}"
        yield Entity(
            {
                **owner,
                "user_location_view.resource_name": name,
                "user_location_view.country_criterion_id": number,
                "user_location_view.targeting_location": aimed,
            },
            tuple(found),
        )


def _place(code: str) -> dict[str, object]:
    number = COUNTRY_IDS[code]
    return {
        "geo_target_constant.resource_name": f"geoTargetConstants/{number}",
        "geo_target_constant.id": number,
        "geo_target_constant.country_code": code,
        "geo_target_constant.target_type": "Country",
        "geo_target_constant.status": "ENABLED",
    }


def _campaign(account_id: str, campaign: world.Campaign) -> dict[str, object]:
    here, budget = f"customers/{account_id}", str(int(campaign.campaign_id) + 900)
    strategy = GOALS.get(campaign.goal) or STRATEGIES[campaign.model]
    pays = campaign.goal == "pay_per_conversion"
    return {
        "campaign.resource_name": f"{here}/campaigns/{campaign.campaign_id}",
        "campaign.id": campaign.campaign_id,
        "campaign.name": campaign.name,
        "campaign.status": campaign.status.upper(),
        "campaign.serving_status": "SERVING" if campaign.status == "enabled" else "SUSPENDED",
        "campaign.advertising_channel_type": CHANNELS[campaign.channel],
        "campaign.bidding_strategy_type": strategy,
        "campaign.payment_mode": "CONVERSIONS" if pays else "CLICKS",
        "campaign.target_cpa.target_cpa_micros": campaign.price_micros if pays else None,
        "campaign.start_date_time": f"{campaign.days.first_day} 00:00:00",
        "campaign.end_date_time": "2037-12-30 23:59:59",
        "campaign.campaign_budget": f"{here}/campaignBudgets/{budget}",
        "campaign_budget.resource_name": f"{here}/campaignBudgets/{budget}",
        "campaign_budget.id": budget,
        "campaign_budget.name": f"{campaign.name} budget",
        "campaign_budget.status": "ENABLED",
        "campaign_budget.amount_micros": campaign.budget_micros,
        "campaign_budget.period": "DAILY",
        "campaign_budget.type": "FIXED_CPA" if pays else "STANDARD",
        "campaign_budget.explicitly_shared": False,
    }


def _ad_group(account_id: str, campaign: world.Campaign, group: world.AdGroup) -> dict[str, object]:
    here = f"customers/{account_id}"
    bid = None if campaign.goal else BIDS.get(campaign.model)
    found: dict[str, object] = {
        "ad_group.resource_name": f"{here}/adGroups/{group.ad_group_id}",
        "ad_group.id": group.ad_group_id,
        "ad_group.name": group.name,
        "ad_group.status": "REMOVED" if campaign.status == "removed" else "ENABLED",
        "ad_group.type": f"{CHANNELS[campaign.channel]}_STANDARD",
        "ad_group.campaign": f"{here}/campaigns/{campaign.campaign_id}",
    }
    if bid:
        found[f"ad_group.{bid}"] = group.bid_micros
    if bid == "cpc_bid_micros":
        found["ad_group.effective_cpc_bid_micros"] = group.bid_micros
    return found


def _ad(account_id: str, campaign: world.Campaign, group: world.AdGroup, ad: str) -> dict[str, object]:
    here = f"customers/{account_id}"
    return {
        "ad_group_ad.resource_name": f"{here}/adGroupAds/{group.ad_group_id}~{ad}",
        "ad_group_ad.ad_group": f"{here}/adGroups/{group.ad_group_id}",
        "ad_group_ad.status": "REMOVED" if campaign.status == "removed" else "ENABLED",
        "ad_group_ad.ad.id": ad,
        "ad_group_ad.ad.name": f"{group.name} ad {ad[-1]}",
        "ad_group_ad.ad.type": "VIDEO_AD" if campaign.channel == "video" else "RESPONSIVE_SEARCH_AD",
    }


def _stops(account_id: str, campaign: world.Campaign) -> Iterator[dict[str, object]]:
    """The changes that stopped the campaign at the end of a day, and that switched it on again."""
    if campaign.status == "paused":
        yield _switched(account_id, campaign, f"{campaign.days.last_day} 23:50:12.345678", "PAUSED")
    if still := campaign.still_on:
        day = timedelta(days=1)
        yield _switched(account_id, campaign, f"{still - day} 23:50:12.345678", "PAUSED")
        yield _switched(account_id, campaign, f"{still + day} 00:01:30.000000", "ENABLED")


def _switched(account_id: str, campaign: world.Campaign, at: str, status: str) -> dict[str, object]:
    name = f"customers/{account_id}/campaigns/{campaign.campaign_id}"
    old, place = ("ENABLED", 1) if status == "PAUSED" else ("PAUSED", 2)
    return {
        "change_event.resource_name": f"customers/{account_id}/changeEvents/{campaign.campaign_id}~{place}",
        "change_event.change_date_time": at,
        "change_event.change_resource_type": "CAMPAIGN",
        "change_event.change_resource_name": name,
        "change_event.resource_change_operation": "UPDATE",
        "change_event.changed_fields": "status",
        "change_event.old_resource": {"campaign": {"resourceName": name, "status": old}},
        "change_event.new_resource": {"campaign": {"resourceName": name, "status": status}},
        "change_event.user_email": "media@lindenhof.example",
        "change_event.client_type": "GOOGLE_ADS_WEB_CLIENT",
        "change_event.campaign": name,
    }


def _client(account: world.Account, level: int) -> Entity:
    status = "CANCELED" if account.access == "cancelled" else "ENABLED"
    facts = (account.name, account.currency, account.timezone, status)
    return _listed(account.account_id, level, facts, manager=False)


def _manager(manager_id: str, level: int) -> Entity:
    facts = (world.MANAGERS[manager_id], "EUR", "Europe/Berlin", "ENABLED")
    return _listed(manager_id, level, facts, manager=True)


def _listed(number: str, level: int, facts: tuple[str, str, str, str], *, manager: bool) -> Entity:
    name, currency, timezone, status = facts
    return Entity(
        {
            "customer_client.resource_name": f"customers/{number}/customerClients/{number}",
            "customer_client.id": number,
            "customer_client.client_customer": f"customers/{number}",
            "customer_client.level": level,
            "customer_client.manager": manager,
            "customer_client.hidden": False,
            "customer_client.status": status,
            "customer_client.test_account": False,
            "customer_client.descriptive_name": name,
            "customer_client.currency_code": currency,
            "customer_client.time_zone": timezone,
        }
    )
