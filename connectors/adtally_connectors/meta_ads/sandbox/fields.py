"""What may be asked for: the fields of each node, the parameters of each edge, and their values.

Source: ``adobjects`` of facebook-business 26.0.3 (API v26.0), read 2026-11.
"""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


ACCOUNT = _names(
    """id account_id name currency timezone_name timezone_id timezone_offset_hours_utc account_status
    disable_reason amount_spent balance spend_cap funding_source funding_source_details is_prepay_account
    extended_credit_invoice_group business owner_business created_time attribution_spec tax_id"""
)
CAMPAIGN = _names(
    """id account_id name status effective_status configured_status objective buying_type bid_strategy
    bid_constraints daily_budget lifetime_budget budget_remaining spend_cap start_time stop_time
    created_time updated_time special_ad_categories pacing_type"""
)
ADSET = _names(
    """id account_id campaign_id campaign name status effective_status configured_status billing_event
    optimization_goal bid_strategy bid_amount bid_constraints daily_budget lifetime_budget
    budget_remaining attribution_spec destination_type start_time end_time created_time updated_time
    promoted_object targeting pacing_type"""
)
AD = _names(
    """id account_id campaign_id campaign adset_id adset name status effective_status configured_status
    creative created_time updated_time tracking_specs"""
)
ACTIVITY = _names(
    """event_time event_type extra_data actor_id actor_name application_id application_name object_id
    object_name object_type translated_event_type date_time_in_timezone"""
)
INVOICE = _names(
    """id invoice_id type invoice_type invoice_date due_date billing_period currency amount amount_due
    billed_amount_details ad_account_ids advertiser_name entity liability_type payment_status
    payment_term download_uri cdn_download_uri"""
)
BUSINESS = _names("id name created_time timezone_id verification_status")
RUN = _names(
    """id account_id async_status async_percent_completion is_running date_start date_stop time_ref
    time_completed schedule_id error_code error_subcode error_message error_user_title error_user_msg"""
)
INSIGHTS = _names(
    """account_id account_name account_currency campaign_id campaign_name adset_id adset_name ad_id ad_name
    objective optimization_goal buying_type attribution_setting impressions clicks inline_link_clicks
    outbound_clicks unique_clicks inline_post_engagement actions action_values conversions
    conversion_values video_play_actions video_thruplay_watched_actions video_p25_watched_actions
    video_p50_watched_actions video_p75_watched_actions video_p95_watched_actions
    video_p100_watched_actions video_continuous_2_sec_watched_actions video_avg_time_watched_actions
    video_6_sec_watched_actions video_15_sec_watched_actions video_30_sec_watched_actions purchase_roas
    website_purchase_roas results cost_per_result objective_results spend social_spend reach frequency
    cpm cpc ctr cpp full_view_impressions mmp_credited_install date_start date_stop"""
)
LEVELS = ("account", "campaign", "adset", "ad")
LOWER = {"account": ("campaign", "adset", "ad"), "campaign": ("adset", "ad"), "adset": ("ad",)}
"""Whose ids, names and states a row of a level cannot tell."""

PAGED = _names("fields limit after before summary")
OF_INSIGHTS = PAGED | _names(
    """level time_range time_ranges date_preset time_increment breakdowns action_breakdowns
    action_attribution_windows action_report_time use_account_attribution_setting
    use_unified_attribution_setting filtering sort default_summary summary summary_action_breakdowns
    graph_cache export_format export_columns export_name product_id_limit"""
)
OF_ENTITIES = PAGED | _names("effective_status filtering date_preset time_range")
OF_ADSETS = OF_ENTITIES | _names("is_completed updated_since")
OF_ACTIVITIES = PAGED | _names("since until category oid uid add_children")
OF_INVOICES = PAGED | _names("start_date end_date issue_start_date issue_end_date invoice_id root_id type")

WINDOWS = _names(
    """1d_click 7d_click 28d_click 1d_view 7d_view 28d_view 1d_ev default dda incrementality skan_click
    skan_view skan_click_second_postback skan_click_third_postback"""
)
HOURLY = "hourly_stats_aggregated_by_advertiser_time_zone"
BREAKDOWNS = ("country", HOURLY)
REPORT_TIMES = ("impression", "conversion", "mixed", "lifetime")
OF_CAMPAIGNS = _names("ACTIVE PAUSED DELETED ARCHIVED IN_PROCESS WITH_ISSUES")
OF_AD_SETS = OF_CAMPAIGNS | {"CAMPAIGN_PAUSED"}
OF_ADS = OF_AD_SETS | _names("ADSET_PAUSED DISAPPROVED PENDING_REVIEW PENDING_BILLING_INFO PREAPPROVED")
STATES = {"campaign": OF_CAMPAIGNS, "adset": OF_AD_SETS, "ad": OF_ADS}
GONE = _names("DELETED ARCHIVED")
"""States that are left out unless they are asked for."""
