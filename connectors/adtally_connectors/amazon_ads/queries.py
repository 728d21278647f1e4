"""What is asked of Amazon: the lists and the reports of each product.

Source: OpenAPI documents of each list (as of 2026-10) and the pages of report types of Reporting version 3
(as of 2026-07), read 2026-11. Each product has one report type for a grain; a column that a type does not
have would refuse the whole report, so only documented ones are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from adtally import Account, Window

from . import wire

Grain: TypeAlias = Literal["campaign", "ad_group", "ad"]

LIST_SIZE = 100
STATES = ("ENABLED", "PAUSED", "ARCHIVED")
PRODUCTS_STATES = (*STATES, "ENABLING", "PROPOSED", "USER_DELETED", "OTHER")
COLUMN = dict(zip(wire.ReportRow.__struct_fields__, wire.ReportRow.__struct_encode_fields__, strict=True))
"""The column of each field of a row."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One list; without a media type it is paged by numbers, else by tokens."""

    path: str
    media_type: str = ""
    body: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class Report:
    type_id: str
    group_by: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """One kind of ads; ``reports`` and ``lists`` by grain, without those that it does not have."""

    name: str
    lists: Mapping[Grain, Listing]
    reports: Mapping[Grain, Report]
    conversions: Report
    invalid: Report | None = None
    """Clicks that Amazon found invalid, by campaign; the DSP's own reports have them."""


def _listing(path: str, media_type: str, states: tuple[str, ...] = STATES) -> Listing:
    return Listing(path, media_type, {"stateFilter": {"include": states}, "maxResults": LIST_SIZE})


def _of_v1(what: str, ad_product: str) -> Listing:
    body: dict[str, object] = {"adProductFilter": {"include": [ad_product]}, "maxResults": LIST_SIZE}
    if (ad_product, what) != ("AMAZON_DSP", "ads"):  # which has no filter on states, and lists all
        body["stateFilter"] = {"include": STATES}
    return Listing(f"/adsApi/v1/query/{what}", "application/json", body)


BASE = ("date", "campaign_id", "campaign_budget_currency_code", "impressions", "clicks", "cost")
SOLD = ("purchases", "sales")
SOLD_BY_CLICK = (*SOLD, "purchases_clicks", "sales_clicks")
PRODUCTS = (*BASE, "purchases14d", "sales14d")
BRANDS_GROUP = (*BASE, "cost_type", "video5_second_views", "video_complete_views", *SOLD)
BRANDS = (*BRANDS_GROUP, "viewable_impressions")
DISPLAY = (*BASE, "impressions_views", "video_complete_views", "leads", *SOLD)
TELEVISION = (*BASE, "video_complete_views", *SOLD)
DSP = (
    *("date", "advertiser_id", "order_id", "order_currency", "impressions", "measurable_impressions"),
    *("viewable_impressions", "clicks", "invalid_click_throughs", "total_cost", "video_ad_start"),
    *("video_ad_complete", *SOLD),
)
CONVERTED = ("date", "campaign_id")
INVALID = ("date", "campaign_name", "clicks", "invalid_click_throughs")
WINDOWS = ("1d", "7d", "14d", "30d")

SPONSORED_PRODUCTS = Product(
    "SPONSORED_PRODUCTS",
    {
        "campaign": _listing("/sp/campaigns/list", "application/vnd.spCampaign.v3+json", PRODUCTS_STATES),
        "ad_group": _listing("/sp/adGroups/list", "application/vnd.spAdGroup.v3+json", PRODUCTS_STATES),
        "ad": _listing("/sp/productAds/list", "application/vnd.spProductAd.v3+json", PRODUCTS_STATES),
    },
    {
        "campaign": Report("spCampaigns", ("campaign",), (*PRODUCTS, "campaign_name")),
        "ad_group": Report("spCampaigns", ("campaign", "adGroup"), (*PRODUCTS, "ad_group_id")),
        "ad": Report("spAdvertisedProduct", ("advertiser",), (*PRODUCTS, "ad_group_id", "ad_id")),
    },
    Report(
        "spCampaigns",
        ("campaign",),
        (*CONVERTED, *(f"{what}{days}" for what in SOLD for days in WINDOWS)),
    ),
    Report("spGrossAndInvalids", ("campaign",), INVALID),
)
SPONSORED_BRANDS = Product(
    "SPONSORED_BRANDS",
    {
        "campaign": _listing("/sb/v4/campaigns/list", "application/vnd.sbcampaignresource.v4+json"),
        "ad_group": _listing("/sb/v4/adGroups/list", "application/vnd.sbadgroupresource.v4+json"),
        "ad": _listing("/sb/v4/ads/list", "application/vnd.sbadresource.v4+json"),
    },
    {
        "campaign": Report("sbCampaigns", ("campaign",), (*BRANDS, "campaign_name")),
        "ad_group": Report("sbAdGroup", ("adGroup",), (*BRANDS_GROUP, "ad_group_id")),
        "ad": Report("sbAds", ("ads",), (*BRANDS, "ad_group_id", "ad_id")),
    },
    Report("sbCampaigns", ("campaign",), (*CONVERTED, *SOLD_BY_CLICK, "video5_second_views")),
    Report("sbGrossAndInvalids", ("campaign",), INVALID),
)
SPONSORED_DISPLAY = Product(
    "SPONSORED_DISPLAY",
    {
        "campaign": Listing("/sd/campaigns/extended"),
        "ad_group": Listing("/sd/adGroups/extended"),
        "ad": Listing("/sd/productAds/extended"),
    },
    {
        "campaign": Report("sdCampaigns", ("campaign",), (*DISPLAY, "cost_type", "campaign_name")),
        "ad_group": Report("sdAdGroup", ("adGroup",), (*DISPLAY, "ad_group_id")),
        "ad": Report("sdAdvertisedProduct", ("advertiser",), (*DISPLAY, "ad_group_id", "ad_id")),
    },
    Report("sdCampaigns", ("campaign",), (*CONVERTED, *SOLD_BY_CLICK, "leads", "lead_form_opens")),
    Report("sdGrossAndInvalids", ("campaign",), INVALID),
)
SPONSORED_TELEVISION = Product(
    "SPONSORED_TELEVISION",
    {
        "campaign": _of_v1("campaigns", "SPONSORED_TELEVISION"),
        "ad_group": _of_v1("adGroups", "SPONSORED_TELEVISION"),
        "ad": _of_v1("ads", "SPONSORED_TELEVISION"),
    },
    {
        "campaign": Report("stCampaigns", ("campaign",), TELEVISION),
        "ad_group": Report("stCampaigns", ("campaign", "adGroup"), (*TELEVISION, "ad_group_id")),
    },
    Report("stCampaigns", ("campaign",), (*CONVERTED, *SOLD, "purchases_clicks", "purchases_views")),
)
DEMAND_SIDE_PLATFORM = Product(
    "DEMAND_SIDE_PLATFORM",
    {
        "campaign": _of_v1("campaigns", "AMAZON_DSP"),
        "ad_group": _of_v1("adGroups", "AMAZON_DSP"),
        "ad": _of_v1("ads", "AMAZON_DSP"),
    },
    {
        "campaign": Report("dspCampaign", ("campaign",), DSP),
        "ad_group": Report("dspCampaign", ("campaign", "ad"), (*DSP, "line_item_id")),
        "ad": Report("dspCampaign", ("campaign", "ad", "creative"), (*DSP, "line_item_id", "creative_id")),
    },
    Report(
        "dspCampaign",
        ("campaign",),
        (
            *("date", "advertiser_id", "order_id", *SOLD, "off_amazon_purchases", "lead", "sign_up"),
            "mobile_app_first_starts",
        ),
    ),
)
SPONSORED = (SPONSORED_PRODUCTS, SPONSORED_BRANDS, SPONSORED_DISPLAY, SPONSORED_TELEVISION)
ASSOCIATIONS = Listing("/adsApi/v1/query/adAssociations", "application/json", {"maxResults": LIST_SIZE})
"""Which creative is in which line item of the DSP."""


def products(account: Account) -> tuple[Product, ...]:
    """What an account may have: an advertiser of the DSP is below an agency, and has nothing else."""
    return (DEMAND_SIDE_PLATFORM,) if account.manager_id else SPONSORED


def scope(account: Account) -> dict[str, str]:
    """The header that names the profile through which an account is read."""
    return {"Amazon-Advertising-API-Scope": account.manager_id or account.id}


def of_list(account: Account, listing: Listing) -> dict[str, str]:
    """The headers of a list; the DSP's name the advertiser, and not a profile."""
    media = {"Accept": listing.media_type, "Content-Type": listing.media_type} if listing.media_type else {}
    return media | ({"Amazon-Ads-AccountId": account.id} if account.manager_id else scope(account))


def order(ad_product: str, report: Report, account: Account, window: Window) -> dict[str, object]:
    """The request for a report by day."""
    configuration: dict[str, object] = {
        "adProduct": ad_product,
        "groupBy": report.group_by,
        "columns": [COLUMN[name] for name in report.fields],
        "reportTypeId": report.type_id,
        "timeUnit": "DAILY",
        "format": "GZIP_JSON",
    }
    if account.manager_id:
        configuration["filters"] = [{"field": "advertiserId", "values": [account.id]}]
    return {
        "startDate": str(window.first_day),
        "endDate": str(window.last_day),
        "configuration": configuration,
    }
