"""What may be asked for: fields of entities, dimensions, metrics and parameters.

Source: reference pages of TikTok API for Business v1.3 and its SDK of 2026-02-27; read 2026-11.
"""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


ADVERTISER = _names(
    """advertiser_id name currency timezone display_timezone status advertiser_account_type owner_bc_id
    company country industry balance create_time company_name_editable role contacter email telephone
    address language license_no description promotion_area rejection_reason"""
)
CAMPAIGN = _names(
    """advertiser_id campaign_id campaign_name objective_type budget budget_mode budget_optimize_on bid_type
    po_number rf_campaign_type operation_status secondary_status create_time modify_time campaign_type
    campaign_system_origin is_smart_performance_campaign is_new_structure optimization_goal
    campaign_automation_type deep_bid_type roas_bid special_industries"""
)
ADGROUP = _names(
    """advertiser_id campaign_id campaign_name adgroup_id adgroup_name billing_event optimization_goal
    optimization_event bid_type bid_price conversion_bid_price deep_bid_type deep_cpa_bid roas_bid
    bid_display_mode cpv_video_duration pacing budget budget_mode schedule_type schedule_start_time
    schedule_end_time rf_purchased_type purchased_impression purchased_reach rf_estimated_cpr
    click_attribution_window view_attribution_window engaged_view_attribution_window
    attribution_event_count operation_status secondary_status create_time modify_time promotion_type
    placement_type placements cpm pre_discount_cpm discount_type discount_amount discount_percentage"""
)
AD = _names(
    """advertiser_id campaign_id campaign_name adgroup_id adgroup_name ad_id ad_name operation_status
    secondary_status create_time modify_time ad_format landing_page_url"""
)
STATUSES = _names(
    """STATUS_ALL STATUS_NOT_DELETE STATUS_NOT_DELIVERY STATUS_DELIVERY_OK STATUS_DISABLE STATUS_DELETE
    STATUS_FROZEN STATUS_TIME_DONE STATUS_RF_CLOSED STATUS_PENDING STATUS_DELIVERING STATUS_DELIVERED
    STATUS_DELETED STATUS_ENABLE STATUS_DISABLED"""
)
FILTERS = _names(
    """campaign_ids campaign_name adgroup_ids adgroup_name ad_ids ad_name primary_status secondary_status
    objective_type buying_types creation_filter_start_time creation_filter_end_time po_number"""
)
OF_ENTITIES = _names("fields exclude_field_types_in_response filtering page page_size")

LEVELS = {
    "AUCTION_ADVERTISER": "advertiser_id",
    "AUCTION_CAMPAIGN": "campaign_id",
    "AUCTION_ADGROUP": "adgroup_id",
    "AUCTION_AD": "ad_id",
}
"""The ID dimension of each data level."""
STATUS_FILTERS = {
    "AUCTION_CAMPAIGN": "campaign_status",
    "AUCTION_ADGROUP": "adgroup_status",
    "AUCTION_AD": "ad_status",
}
ID_FILTERS = {"campaign_ids": "campaign_id", "adgroup_ids": "adgroup_id", "ad_ids": "ad_id"}
FILTER_TYPES = _names("IN MATCH GREATER_EQUAL GREATER_THAN LOWER_EQUAL LOWER_THAN BETWEEN RANGE")
TIMES = ("stat_time_day", "stat_time_hour")
OF_REPORT = _names(
    """advertiser_id advertiser_ids report_type data_level service_type dimensions metrics start_date end_date
    query_lifetime multi_adv_report_in_utc_time filtering enable_total_metrics order_field order_type
    query_mode page page_size bc_id"""
)
OF_TASK = OF_REPORT - {"page", "page_size"} | _names(
    "output_format file_name enable_report_title_translation"
)

COUNTS = {
    "impressions": "impressions",
    "clicks": "clicks",
    "conversion": "conversions",
    "real_time_conversion": "conversions",
    "result": "conversions",
    "real_time_result": "conversions",
    "cta_conversion": "clicked",
    "vta_conversion": "view_through",
    "real_time_cta_conversion": "clicked",
    "real_time_vta_conversion": "view_through",
    "complete_payment": "purchases",
    "onsite_form": "leads",
    "form": "nothing",
    "app_install": "installs",
    "real_time_app_install": "installs",
    "engagements": "engaged",
    "video_play_actions": "plays",
    "video_watched_2s": "two_seconds",
    "video_watched_6s": "video_views",
    "engaged_view": "video_views",
    "engaged_view_15s": "video_completions",
    "video_views_p25": "two_seconds",
    "video_views_p50": "video_views",
    "video_views_p75": "video_views",
    "video_views_p100": "video_completions",
    "likes": "engagements",
    "gross_impressions": "gross",
    "reach": "people",
}
"""Counts, by what they are the sum of."""
NOTHING = _names(
    """total_sales_lead offline_form_events skan_conversion skan_result secondary_goal_result total_purchase
    purchase total_purchase_value onsite_shopping total_onsite_shopping_value offline_shopping_events
    offline_shopping_events_value paid_engaged_view paid_engagement_engaged_view paid_engaged_view_15s
    paid_engagement_engaged_view_15s cta_app_install vta_app_install evta_app_install evta_conversion
    real_time_evta_conversion cta_purchase vta_purchase evta_purchase comments shares follows
    profile_visits clicks_on_music_disc anchor_clicks average_video_play average_video_play_per_user
    cta_registration vta_registration"""
)
"""Not applicable to anything in this world: shown as a dash."""
CONVERSIONS = _names(
    """conversion real_time_conversion result real_time_result cta_conversion vta_conversion
    real_time_cta_conversion real_time_vta_conversion complete_payment"""
)
"""Shown as a dash for what has no conversion goal."""
VIDEO = _names(
    """video_play_actions video_watched_2s video_watched_6s engaged_view engaged_view_15s video_views_p25
    video_views_p50 video_views_p75 video_views_p100"""
)
MONEY = {"spend": "cost_micros", "billed_cost": "billed", "total_complete_payment_rate": "revenue_micros"}
"""Amounts, by what they are the sum of."""
BY_ADVERTISER = {"cash_spend": "billed", "voucher_spend": "credited"}
"""Amounts that only the advertiser has, by day."""
ATTRIBUTES = {
    "AUCTION_ADVERTISER": _names("advertiser_id advertiser_name currency timezone"),
    "AUCTION_CAMPAIGN": _names("campaign_name objective_type"),
    "AUCTION_ADGROUP": _names("adgroup_name campaign_id billing_event"),
    "AUCTION_AD": _names("ad_name adgroup_id"),
}
"""Attribute metrics, each also at the levels below."""
METRICS = (
    frozenset(COUNTS)
    | NOTHING
    | frozenset(MONEY)
    | frozenset(BY_ADVERTISER)
    | frozenset[str]().union(*ATTRIBUTES.values())
    | _names(
        "cpc cpm ctr frequency cost_per_conversion cost_per_1000_reached budget bid smart_target bid_strategy"
    )
    | _names("campaign_automation_type")
)
