"""What each report type can be grouped by, and the columns that it has then.

Source: pages of report types of Reporting version 3 (as of 2026-07) and field lists of public clients; read
2026-11.
"""

from __future__ import annotations

from dataclasses import dataclass


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


WINDOWS = ("1d", "7d", "14d", "30d")
SOLD = _names("purchases purchasesClicks sales salesClicks unitsSold unitsSoldClicks")
VIDEO = _names(
    "videoFirstQuartileViews videoMidpointViews videoThirdQuartileViews videoCompleteViews videoUnmutes"
)
BASE = _names("date impressions clicks cost")
OF_CAMPAIGN = _names(
    """campaignId campaignName campaignStatus campaignBudgetAmount campaignBudgetCurrencyCode
    campaignBudgetType"""
)
OF_GROUP = _names("adGroupId adGroupName")
PRODUCTS = (
    BASE
    | {f"{name}{days}" for name in ("purchases", "sales", "unitsSoldClicks") for days in WINDOWS}
    | _names("spend costPerClick clickThroughRate")
)
BRANDS = BASE | OF_CAMPAIGN | SOLD | VIDEO | _names("costType video5SecondViews viewabilityRate")
DISPLAY = BASE | OF_CAMPAIGN | SOLD | VIDEO | _names("impressionsViews viewabilityRate leads leadFormOpens")
TELEVISION = BASE | OF_CAMPAIGN | SOLD | VIDEO | _names("purchasesViews reach householdReach")
INVALID = _names(
    """date campaignName campaignStatus impressions grossImpressions invalidImpressions invalidImpressionRate
    clicks grossClickThroughs invalidClickThroughs invalidClickThroughRate"""
)
"""No id of a campaign is among them."""
DSP = _names(
    """date entityId advertiserId advertiserName advertiserTimezone orderId orderName orderCurrency
    impressions measurableImpressions viewableImpressions clicks grossImpressions invalidImpressions
    grossClickThroughs invalidClickThroughs totalCost supplyCost totalFee videoAdStart videoAdComplete
    purchases sales totalPurchases totalSales offAmazonPurchases lead leadClicks leadViews signUp
    mobileAppFirstStarts"""
)


@dataclass(frozen=True, slots=True)
class Type:
    """A report type as it is grouped: its product, its columns, and how deep its rows are."""

    product: str
    columns: frozenset[str]
    depth: int


TYPES = {
    ("spCampaigns", "campaign"): Type("sp", PRODUCTS | OF_CAMPAIGN, 1),
    ("spCampaigns", "campaign adGroup"): Type("sp", PRODUCTS | OF_CAMPAIGN | OF_GROUP, 2),
    ("spAdvertisedProduct", "advertiser"): Type(
        "sp", PRODUCTS | OF_CAMPAIGN | OF_GROUP | _names("adId advertisedAsin advertisedSku"), 3
    ),
    ("sbCampaigns", "campaign"): Type("sb", BRANDS | {"viewableImpressions"}, 1),
    ("sbAdGroup", "adGroup"): Type("sb", BRANDS | OF_GROUP, 2),
    ("sbAds", "ads"): Type("sb", BRANDS | OF_GROUP | {"adId", "viewableImpressions"}, 3),
    ("sdCampaigns", "campaign"): Type("sd", DISPLAY | {"costType", "cumulativeReach"}, 1),
    ("sdAdGroup", "adGroup"): Type("sd", DISPLAY | OF_GROUP | {"bidOptimization"}, 2),
    ("sdAdvertisedProduct", "advertiser"): Type(
        "sd", DISPLAY | OF_GROUP | _names("adId promotedAsin promotedSku"), 3
    ),
    ("stCampaigns", "campaign"): Type("st", TELEVISION, 1),
    ("stCampaigns", "campaign adGroup"): Type("st", TELEVISION | OF_GROUP, 2),
    ("spGrossAndInvalids", "campaign"): Type("sp", INVALID, 1),
    ("sbGrossAndInvalids", "campaign"): Type("sb", INVALID, 1),
    ("sdGrossAndInvalids", "campaign"): Type("sd", INVALID, 1),
    ("dspCampaign", "campaign"): Type("dsp", DSP, 1),
    ("dspCampaign", "campaign ad"): Type("dsp", DSP | _names("lineItemId lineItemName"), 2),
    ("dspCampaign", "campaign ad creative"): Type(
        "dsp", DSP | _names("lineItemId lineItemName creativeId creativeName creativeAdId"), 3
    ),
}
PRODUCTS_BY_NAME = {
    "SPONSORED_PRODUCTS": "sp",
    "SPONSORED_BRANDS": "sb",
    "SPONSORED_DISPLAY": "sd",
    "SPONSORED_TELEVISION": "st",
    "DEMAND_SIDE_PLATFORM": "dsp",
}
COUNTS = {
    "impressions": "impressions",
    "clicks": "clicks",
    "measurableImpressions": "measurable_impressions",
    "viewableImpressions": "viewable_impressions",
    "impressionsViews": "viewable_impressions",
    "invalidClickThroughs": "invalid_clicks",
    "purchases": "purchases",
    "totalPurchases": "purchases",
    "leads": "leads",
    "lead": "leads",
    "mobileAppFirstStarts": "installs",
    "video5SecondViews": "video_views",
    "videoAdStart": "video_views",
    "videoCompleteViews": "video_completions",
    "videoAdComplete": "video_completions",
    "purchases14d": "purchases",
    "purchasesViews": "view_through",
}
"""Columns that are the sum of a count of the world; other counts are 0 here."""
MONEY = {
    "cost": "cost_micros",
    "spend": "cost_micros",
    "totalCost": "cost_micros",
    "sales": "revenue_micros",
    "totalSales": "revenue_micros",
    "sales14d": "revenue_micros",
}
SHARES = {
    "purchases1d": ("purchases", 50),
    "purchases7d": ("purchases", 80),
    "purchases30d": ("purchases", 120),
    "purchasesClicks": ("purchases", 70),
}
"""Counts that are some percent of another one."""
