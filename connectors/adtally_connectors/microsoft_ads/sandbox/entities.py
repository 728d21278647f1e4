"""The world's accounts, campaigns, ad groups, ads and goals in Microsoft's words.

Source: API v13, OpenAPI models of the SDK 13.0.30.1; "CampaignStatus", "GetCampaignsByAccountId"
(2024-11-06); read 2026-11. Nothing that was deleted is listed, and bidding schemes only as opted in to.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from adtally import world

from .envelope import Json, Refusal, check_names, flags, invalid, optional, read

USER_ID = "7700001"
PACIFIC = "(GMT-08:00) Pacific Time (US & Canada); Tijuana"
ZONES = {
    "America/New_York": ("EasternTimeUSCanada", "(GMT-05:00) Eastern Time (US & Canada)"),
    "Europe/Berlin": (
        "AmsterdamBerlinBernRomeStockholmVienna",
        "(GMT+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna",
    ),
    "Europe/London": (
        "GreenwichMeanTimeDublinEdinburghLisbonLondon",
        "(GMT) Greenwich Mean Time : Dublin, Edinburgh, Lisbon, London",
    ),
}
"""Zones by Microsoft's name, and as a report shows them."""
TYPES = {"search": "Search", "social": "Audience"}
STATES = {"enabled": "Active", "paused": "Paused", "removed": "Deleted"}
CAMPAIGN_TYPES = {
    *("Search", "Shopping", "DynamicSearchAds", "Audience", "Hotel", "PerformanceMax", "App"),
    "ObjectiveBased",
}
CAMPAIGN_FIELDS = {
    *("BidStrategyId", "CpvCpmBiddingScheme", "MaxConversionValueBiddingScheme", "ManualCpi", "ManualCpc"),
    *("TargetImpressionShareBiddingScheme", "TargetCpaInMaxConversion", "CostPerSaleBiddingScheme"),
    *("LifetimeBudgetFields", "MaxConversionValueWithMaxCpc", "UnifiedCampaignFields"),
}
AD_GROUP_FIELDS = {"AdGroupType", "CpvBid", "CpmBid", "CommissionRate", "PercentCpcBid", "McpaBid"}
AD_TYPES = {
    *("Text", "Image", "Product", "AppInstall", "ExpandedText", "DynamicSearch", "ResponsiveAd"),
    *("ResponsiveSearch", "Hotel"),
}
GOAL_TYPES = {
    *("Url", "Duration", "PagesViewedPerVisit", "Event", "AppInstall", "OfflineConversion"),
    *("InStoreTransaction", "AppDownload"),
}
GOAL_FIELDS = {"ViewThroughConversionWindowInMinutes", "GoalCategory"}
ORDERS, SIGN_UPS = ("61001", "Orders", "Event"), ("61002", "Sign-ups", "Url")
"""Id, name and type of the goals that every account has; sign-ups are excluded from bidding."""


def account(of: world.Account) -> Json:
    invoiced = of.currency == "USD"
    return {
        "Id": of.account_id,
        "Name": of.name,
        "Number": f"F{of.account_id[-7:]}",
        "ParentCustomerId": of.manager_id,
        "BillToCustomerId": of.manager_id,
        "CurrencyCode": of.currency,
        "TimeZone": ZONES[of.timezone][0],
        "AccountLifeCycleStatus": "Active",
        "AccountFinancialStatus": "ClearFinancialStatus",
        "PaymentMethodType": "Invoice" if invoiced else None,
        "BillingThresholdAmount": None,
        "PauseReason": None,
    }


def campaigns(of: world.Account, given: Mapping[str, object]) -> Json:
    check_names(given, ("AccountId",), ("CampaignType", "ReturnAdditionalFields"))
    types = flags(given, "CampaignType", CAMPAIGN_TYPES) or {"Search"}
    asked = flags(given, "ReturnAdditionalFields", CAMPAIGN_FIELDS)
    return {
        "Campaigns": [
            _campaign(one, asked)
            for one in of.campaigns
            if one.status != "removed" and TYPES[one.channel] in types
        ]
    }


def ad_groups(of: world.Account, given: Mapping[str, object]) -> Json:
    check_names(given, ("CampaignId",), ("ReturnAdditionalFields",))
    asked = flags(given, "ReturnAdditionalFields", AD_GROUP_FIELDS)
    campaign_id = read(given, "CampaignId", str)
    for campaign in of.campaigns:
        if campaign.campaign_id == campaign_id and campaign.status != "removed":
            return {"AdGroups": [_ad_group(campaign, group, asked) for group in campaign.ad_groups]}
    raise Refusal(210, "The campaign does not exist.")


def ads(of: world.Account, given: Mapping[str, object]) -> Json:
    check_names(given, ("AdGroupId", "AdTypes"), ("ReturnAdditionalFields",))
    types = set(read(given, "AdTypes", list[str]))
    if not types or types - AD_TYPES:
        raise invalid("AdTypes: at least one of the known types is needed.")
    ad_group_id = read(given, "AdGroupId", str)
    for campaign in of.campaigns:
        for group in campaign.ad_groups:
            if group.ad_group_id == ad_group_id and campaign.status != "removed":
                kind = ad_type(campaign)
                found = [_ad(campaign, group, ad) for ad in group.ads if kind in types]
                return {"Ads": found}
    raise Refusal(210, "The ad group does not exist.")


def goals(of: world.Account, given: Mapping[str, object]) -> Json:
    check_names(given, ("ConversionGoalIds", "ConversionGoalTypes"), ("ReturnAdditionalFields",))
    types = flags(given, "ConversionGoalTypes", GOAL_TYPES)
    asked = flags(given, "ReturnAdditionalFields", GOAL_FIELDS)
    if optional(given, "ConversionGoalIds", list[str]):
        raise invalid("ConversionGoalIds: the sandbox tells all goals.")
    nothing: list[str] = []
    return {
        "ConversionGoals": [
            _goal(goal, of.currency, asked) for goal in (ORDERS, SIGN_UPS) if goal[2] in types
        ],
        "PartialErrors": nothing,
    }


def ad_type(campaign: world.Campaign) -> str:
    return "ResponsiveAd" if campaign.channel == "social" else "ResponsiveSearch"


def ad_title(campaign: world.Campaign, ad: str) -> str:
    return f"{campaign.name} ad {ad[-1]}"


def number(micros: int) -> float:
    """A JSON number of major units."""
    return float(Decimal(micros).scaleb(-6))


def _campaign(of: world.Campaign, asked: set[str]) -> Json:
    found: Json = {
        "Id": of.campaign_id,
        "Name": of.name,
        "Status": STATES[of.status],
        "CampaignType": TYPES[of.channel],
        "SubType": None,
        "DailyBudget": 500.0,
        "BudgetType": "DailyBudgetStandard",
        "BudgetId": None,
        "TimeZone": None,
        "BiddingScheme": _scheme(of, asked),
        "StartDate": {"Day": 20, "Month": 8, "Year": 2026},
        "EndDate": None,
    }
    if "BidStrategyId" in asked:
        found["BidStrategyId"] = None
    return found


def _scheme(of: world.Campaign, asked: set[str]) -> Json | None:
    """A short name for some, that of the class for others; null where it was not opted in to."""
    bid = of.ad_groups[0].bid_micros
    if of.model == "cpm":
        return {"Type": "ManualCpm"} if "CpvCpmBiddingScheme" in asked else None
    if of.goal:
        return {"Type": "MaxConversionsBiddingScheme", "MaxCpc": None, "TargetCpa": 25.0}
    if of.agreement:
        return {"Type": "MaxClicks", "MaxCpc": {"Amount": number(bid)}}
    return {"Type": "EnhancedCpcBiddingScheme"}


def _ad_group(campaign: world.Campaign, group: world.AdGroup, asked: set[str]) -> Json:
    price = {"Amount": number(group.bid_micros)}
    is_cpm = campaign.model == "cpm"
    found: Json = {
        "Id": group.ad_group_id,
        "Name": group.name,
        "Status": "Active",
        "CpcBid": None if is_cpm else price,
        "BiddingScheme": {
            "Type": "InheritFromParentBiddingScheme",
            "InheritedBidStrategyType": "ManualCpm" if is_cpm else "EnhancedCpc",
        },
        "StartDate": {"Day": 20, "Month": 8, "Year": 2026},
        "EndDate": None,
    }
    own = {"CpmBid": price if is_cpm else None}
    return found | {name: own.get(name) for name in sorted(asked)}


def _ad(campaign: world.Campaign, group: world.AdGroup, ad: str) -> Json:
    return {
        "Id": ad,
        "Type": ad_type(campaign),
        "Status": "Active",
        "EditorialStatus": "Active",
        "BusinessName": ad_title(campaign, ad) if campaign.channel == "social" else None,
        "FinalUrls": ["https://shop.example/"],
    }


def _goal(goal: tuple[str, str, str], currency: str, asked: set[str]) -> Json:
    goal_id, name, kind = goal
    found: Json = {
        "Id": goal_id,
        "Name": name,
        "Type": kind,
        "Status": "Active",
        "Scope": "Account",
        "CountType": "All" if goal == ORDERS else "Unique",
        "ConversionWindowInMinutes": 43_200,
        "ExcludeFromBidding": goal == SIGN_UPS,
        "Revenue": {"Type": "VariableValue", "Value": None, "CurrencyCode": currency},
        "TagId": "5500001",
    }
    extra = {
        "ViewThroughConversionWindowInMinutes": 1_440,
        "GoalCategory": "Purchase" if goal == ORDERS else "Signup",
    }
    return found | {name: extra[name] for name in sorted(asked)}
