"""What is asked of Google Ads, in its query language.

Source: field reference of Google Ads API v26; "Change event" guide: a query needs a finite range of
``change_date_time`` within the last 30 days and a LIMIT of at most 10,000.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from adtally import Window

CLIENTS = """SELECT customer_client.id, customer_client.descriptive_name, customer_client.manager,
 customer_client.status, customer_client.currency_code, customer_client.time_zone FROM customer_client"""

# Without a filter on status a query leaves nothing out either; naming each state does not rest on that.
CAMPAIGNS = """SELECT campaign.id, campaign.name, campaign.status, campaign.advertising_channel_type,
 campaign.start_date_time, campaign.end_date_time, campaign.campaign_budget, campaign_budget.amount_micros,
 campaign_budget.total_amount_micros, campaign_budget.period FROM campaign
 WHERE campaign.status IN ('ENABLED', 'PAUSED', 'REMOVED')"""
AD_GROUPS = """SELECT campaign.id, ad_group.id, ad_group.name, ad_group.status FROM ad_group
 WHERE ad_group.status IN ('ENABLED', 'PAUSED', 'REMOVED')"""
ADS = """SELECT campaign.id, ad_group.id, ad_group_ad.ad.id, ad_group_ad.ad.name, ad_group_ad.status
 FROM ad_group_ad WHERE ad_group_ad.status IN ('ENABLED', 'PAUSED', 'REMOVED')"""
ACCOUNT_BUDGETS = """SELECT account_budget.id, account_budget.status, account_budget.purchase_order_number,
 account_budget.approved_start_date_time, account_budget.approved_end_date_time,
 account_budget.approved_spending_limit_micros, account_budget.adjusted_spending_limit_micros
 FROM account_budget"""
BILLING_SETUPS = "SELECT billing_setup.id, billing_setup.status FROM billing_setup"

CAMPAIGN_TERMS = """SELECT campaign.id, campaign.advertising_channel_type, campaign.bidding_strategy_type,
 campaign.payment_mode, campaign.start_date_time, campaign.target_cpa.target_cpa_micros,
 campaign.maximize_conversions.target_cpa_micros, campaign.target_roas.target_roas,
 campaign.maximize_conversion_value.target_roas, campaign.target_cpc.target_cpc_micros,
 campaign.target_spend.cpc_bid_ceiling_micros, campaign.percent_cpc.cpc_bid_ceiling_micros,
 campaign.commission.commission_rate_micros FROM campaign
 WHERE campaign.status IN ('ENABLED', 'PAUSED', 'REMOVED')"""
AD_GROUP_TERMS = """SELECT campaign.id, campaign.advertising_channel_type, campaign.bidding_strategy_type,
 campaign.payment_mode, campaign.start_date_time, ad_group.id, ad_group.cpc_bid_micros,
 ad_group.cpm_bid_micros, ad_group.cpv_bid_micros, ad_group.fixed_cpm_micros FROM ad_group
 WHERE campaign.bidding_strategy_type IN ('MANUAL_CPC', 'MANUAL_CPM', 'MANUAL_CPV', 'FIXED_CPM')
 AND ad_group.status IN ('ENABLED', 'PAUSED', 'REMOVED')"""

DELIVERY = """SELECT segments.date, {further}metrics.impressions, metrics.clicks, metrics.interactions,
 metrics.engagements, metrics.cost_micros, metrics.video_trueview_views, metrics.video_quartile_p100_rate,
 metrics.active_view_impressions, metrics.active_view_measurable_impressions, metrics.conversions,
 metrics.conversions_value FROM {source}"""
CAMPAIGN = """campaign.id, campaign.advertising_channel_type, campaign.bidding_strategy_type,
 campaign.payment_mode, """
FURTHER = {
    "customer": "metrics.invalid_clicks, ",
    "campaign": f"{CAMPAIGN}metrics.invalid_clicks, ",
    "ad_group": f"{CAMPAIGN}ad_group.id, ",
    "ad_group_ad": f"{CAMPAIGN}ad_group.id, ad_group_ad.ad.id, ",
}
"""What a delivery query asks for beyond the rest, by the resource that it reads."""

ACTIONS = """SELECT segments.date, campaign.id, segments.conversion_action, segments.conversion_action_name,
 segments.conversion_action_category, metrics.conversions, metrics.conversions_value,
 metrics.all_conversions, metrics.all_conversions_value FROM campaign"""
VIEW_THROUGH = "SELECT segments.date, campaign.id, metrics.view_through_conversions FROM campaign"

HOURS = """SELECT segments.date, segments.hour, campaign.id, metrics.impressions, metrics.clicks,
 metrics.cost_micros FROM campaign"""
# Where people were, not where they looked for something; one row each for places that were aimed at or not.
COUNTRIES = """SELECT user_location_view.country_criterion_id, user_location_view.targeting_location,
 metrics.cost_micros FROM user_location_view"""

PLACES = """SELECT geo_target_constant.id, geo_target_constant.country_code FROM geo_target_constant
 WHERE geo_target_constant.id IN ({ids})"""

CHANGES_AT_ONCE = 10_000
CHANGES = """SELECT change_event.resource_name, change_event.change_date_time,
 change_event.change_resource_type, change_event.change_resource_name,
 change_event.resource_change_operation, change_event.campaign, change_event.old_resource,
 change_event.new_resource FROM change_event
 WHERE change_event.change_date_time >= '{start}' AND change_event.change_date_time <= '{end}'
 AND change_event.change_resource_type IN ('CAMPAIGN', 'CAMPAIGN_BUDGET', 'AD_GROUP', 'AD_GROUP_AD')
 ORDER BY change_event.change_date_time LIMIT {limit}"""


def delivery(source: str) -> str:
    """The query for the delivery of a resource: customer, campaign, ad_group or ad_group_ad."""
    return DELIVERY.format(source=source, further=FURTHER[source])


def daily(query: str, window: Window, campaigns: Iterable[str] = ()) -> str:
    """A query for these days, and only for these campaigns where any are named."""
    days = f"segments.date BETWEEN '{window.first_day}' AND '{window.last_day}'"
    only = ", ".join(campaigns)
    return f"{query} WHERE {days}{f' AND campaign.id IN ({only})' if only else ''}"


def places(ids: Iterable[str]) -> str:
    """The query for the country codes of these geographic ids."""
    return PLACES.format(ids=", ".join(ids))


def changes(start: datetime, end: datetime) -> str:
    """The query for the changes from ``start`` to ``end``, both by the account's clock."""
    return CHANGES.format(start=start, end=end, limit=CHANGES_AT_ONCE)
