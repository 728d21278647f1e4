"""What a query may name: the fields of each resource, segments and metrics, and what goes together.

Source: field reference and ``QueryErrorEnum`` of Google Ads API v26; read 2026-11. Names that older versions
had (``metrics.video_views``, ``campaign.start_date``) are unknown here, as they are there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from .gaql import Condition, Query, Refusal

FIELDS: dict[str, str] = {
    "customer": """id descriptive_name currency_code time_zone manager status test_account
        auto_tagging_enabled""",
    "customer_client": """id client_customer level manager hidden status test_account descriptive_name
        currency_code time_zone""",
    "campaign": """id name status serving_status primary_status advertising_channel_type
        advertising_channel_sub_type bidding_strategy bidding_strategy_type payment_mode start_date_time
        end_date_time campaign_budget labels target_cpa.target_cpa_micros
        maximize_conversions.target_cpa_micros target_roas.target_roas
        maximize_conversion_value.target_roas target_spend.cpc_bid_ceiling_micros
        target_cpc.target_cpc_micros
        commission.commission_rate_micros percent_cpc.cpc_bid_ceiling_micros
        manual_cpc.enhanced_cpc_enabled app_campaign_setting.bidding_strategy_goal_type""",
    "campaign_budget": "id name status amount_micros total_amount_micros period type explicitly_shared",
    "ad_group": """id name status type campaign cpc_bid_micros effective_cpc_bid_micros cpm_bid_micros
        cpv_bid_micros target_cpm_micros target_cpv_micros fixed_cpm_micros target_cpa_micros
        target_cpc_micros target_roas percent_cpc_bid_micros""",
    "ad_group_ad": "ad_group status ad.id ad.name ad.type ad.final_urls",
    "account_budget": """id name status billing_setup purchase_order_number approved_start_date_time
        approved_end_date_time approved_end_time_type approved_spending_limit_micros
        approved_spending_limit_type adjusted_spending_limit_micros adjusted_spending_limit_type
        total_adjustments_micros amount_served_micros""",
    "billing_setup": """id status payments_account payments_account_info.payments_account_id
        payments_account_info.payments_account_name payments_account_info.payments_profile_id
        start_date_time end_date_time""",
    "change_event": """change_date_time change_resource_type change_resource_name
        resource_change_operation changed_fields old_resource new_resource user_email client_type
        campaign ad_group""",
    "user_location_view": "country_criterion_id targeting_location",
    "geo_target_constant": "id name country_code target_type status canonical_name parent_geo_target",
    "segments": """date hour week month ad_network_type conversion_action conversion_action_name
        conversion_action_category""",
}
KNOWN = {
    f"{resource}.{name}" for resource, names in FIELDS.items() for name in (*names.split(), "resource_name")
} - {"segments.resource_name"}
TOGETHER = {
    "customer": {"customer"},
    "customer_client": {"customer_client", "customer"},
    "campaign": {"campaign", "campaign_budget", "customer"},
    "ad_group": {"ad_group", "campaign", "campaign_budget", "customer"},
    "ad_group_ad": {"ad_group_ad", "ad_group", "campaign", "campaign_budget", "customer"},
    "user_location_view": {"user_location_view", "customer"},
    "geo_target_constant": {"geo_target_constant"},
    "account_budget": {"account_budget", "customer"},
    "billing_setup": {"billing_setup", "customer"},
    "change_event": {"change_event", "campaign", "ad_group", "customer"},
}
MEASURED = {"customer", "campaign", "ad_group", "ad_group_ad", "user_location_view"}
DATES = {"segments.date", "segments.week", "segments.month"}
HOUR = "segments.hour"
ACTION_SEGMENTS = {name for name in KNOWN if name.startswith("segments.conversion_action")}
STATUSES = {
    f"{resource}.status": {"UNSPECIFIED", "UNKNOWN", "ENABLED", "PAUSED", "REMOVED"}
    for resource in ("campaign", "ad_group", "ad_group_ad")
}
RANGE_DAYS, MOST_CHANGES = 30, 10_000


def _whole(name: str) -> Callable[[Mapping[str, int]], object]:
    return lambda sums: str(sums[name])


def _real(*names: str) -> Callable[[Mapping[str, int]], object]:
    return lambda sums: sum(sums[name] for name in names) / 1_000_000


def _share(part: str, of: str, scale: int = 1) -> Callable[[Mapping[str, int]], object]:
    return lambda sums: sums[part] * scale / sums[of] if sums[of] else 0.0


METRICS: dict[str, Callable[[Mapping[str, int]], object]] = {
    "impressions": _whole("impressions"),
    "clicks": _whole("clicks"),
    "interactions": _whole("interactions"),
    "engagements": _whole("engagements"),
    "cost_micros": _whole("cost_micros"),
    "invalid_clicks": _whole("invalid_clicks"),
    "video_trueview_views": _whole("video_views"),
    "active_view_impressions": _whole("viewable_impressions"),
    "active_view_measurable_impressions": _whole("measurable_impressions"),
    "active_view_viewability": _share("viewable_impressions", "measurable_impressions"),
    "video_quartile_p25_rate": _share("video_views", "impressions"),
    "video_quartile_p50_rate": _share("video_views", "impressions"),
    "video_quartile_p75_rate": _share("video_completions", "impressions"),
    "video_quartile_p100_rate": _share("video_completions", "impressions"),
    "ctr": _share("clicks", "impressions"),
    "average_cpc": _share("cost_micros", "clicks"),
    "average_cpm": _share("cost_micros", "impressions", 1000),
    "conversions": _real("conversions_micros"),
    "conversions_value": _real("revenue_micros"),
    "all_conversions": _real("conversions_micros", "sign_ups_micros"),
    "all_conversions_value": _real("revenue_micros"),
    "view_through_conversions": _whole("view_through"),
}
"""How each metric comes from the sums of its days: int64 as text, a double as a number."""
NOT_BELOW_CAMPAIGN = {"metrics.invalid_clicks"}
BY_ACTION = {
    *("metrics.conversions", "metrics.conversions_value", "metrics.all_conversions"),
    *("metrics.all_conversions_value", "metrics.view_through_conversions"),
}
EVENT_TYPES = "metrics.interaction_event_types"


def check(query: Query, *, manager: bool, today: date) -> None:
    """Refuse what the API refuses of a well-formed query."""
    if query.resource not in TOGETHER:
        raise _no("BAD_RESOURCE_TYPE_IN_FROM_CLAUSE", f"{query.resource!r} is no resource.")
    named = {*query.fields, *(condition.field for condition in query.conditions)}
    for name in sorted(named):
        _check_name(query, name, manager=manager)
    for name, _ in query.order:
        if name not in query.fields:
            raise _no("PROHIBITED_FIELD_IN_ORDER_BY_CLAUSE", f"{name!r} must be selected to sort by it.")
    metrics = {name for name in named if name.startswith("metrics.")}
    if named & ACTION_SEGMENTS and metrics - BY_ACTION:
        raise _no(
            "PROHIBITED_SEGMENT_WITH_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
            f"Cannot select or filter on {sorted(metrics - BY_ACTION)} with conversion action segments.",
        )
    for condition in query.conditions:
        _check_condition(query, condition)
    if DATES & set(query.fields) and not _bounded(query, DATES):
        raise _no("EXPECTED_FILTERS_ON_DATE_RANGE", "A selected date segment needs a finite date range.")
    if query.resource == "change_event":
        _check_changes(query, today)


def _check_name(query: Query, name: str, *, manager: bool) -> None:
    kind = name.partition(".")[0]
    if kind == "metrics":
        if name != EVENT_TYPES and name.removeprefix("metrics.") not in METRICS:
            raise _no("UNRECOGNIZED_FIELD", f"Unrecognized field in the query: {name!r}.")
        if manager:
            raise _no("REQUESTED_METRICS_FOR_MANAGER", "Metrics cannot be requested for a manager account.")
        below = query.resource not in ("customer", "campaign")
        if query.resource not in MEASURED or (below and name in NOT_BELOW_CAMPAIGN):
            raise _no("PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE", f"No {name} of {query.resource}.")
    elif name not in KNOWN:
        raise _no("UNRECOGNIZED_FIELD", f"Unrecognized field in the query: {name!r}.")
    elif kind == "segments":
        if query.resource not in MEASURED:
            raise _no("PROHIBITED_SEGMENT_IN_SELECT_OR_WHERE_CLAUSE", f"No {name} of {query.resource}.")
    elif kind not in TOGETHER[query.resource]:
        raise _no("PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE", f"No {name} with {query.resource}.")


def _check_condition(query: Query, condition: Condition) -> None:
    name = condition.field
    if name in DATES:
        for text in condition.values:
            day = _to_day(text)
            start = {
                "segments.week": day - timedelta(days=day.weekday()),
                "segments.month": day.replace(day=1),
            }
            if day != start.get(name, day):
                raise _no("MISALIGNED_DATE_FOR_FILTER", f"{text} is not the first day of its period.")
    elif name.startswith("segments.") and name not in query.fields:
        raise _no("EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE", f"{name!r} must be selected to filter by it.")
    elif name in STATUSES and condition.operator != "LIKE":
        for text in condition.values:
            if text not in STATUSES[name]:
                raise _no("BAD_ENUM_CONSTANT", f"{text!r} is no value of {name}.")


def _to_day(text: str) -> date:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise _no("INVALID_DATE_FORMAT", f"Invalid date {text!r}: expected 'YYYY-MM-DD'.")


def _bounded(query: Query, names: set[str]) -> bool:
    operators = {condition.operator[:1] for condition in query.conditions if condition.field in names}
    return bool(operators & {"=", "B", "I"}) or {"<", ">"} <= operators


def _check_changes(query: Query, today: date) -> None:
    name = "change_event.change_date_time"
    if not _bounded(query, {name}):
        raise Refusal("changeEventError.CHANGE_DATE_RANGE_INFINITE", "A finite range of days is required.")
    first = min(v for c in query.conditions if c.field == name for v in c.values)
    if _to_day(first[:10]) < today - timedelta(days=RANGE_DAYS):
        raise Refusal("changeEventError.START_DATE_TOO_OLD", "Changes are kept for 30 days.")
    if query.limit is None:
        raise Refusal("changeEventError.LIMIT_NOT_SPECIFIED", "A LIMIT is required.")
    if query.limit > MOST_CHANGES:
        raise Refusal("changeEventError.INVALID_LIMIT_CLAUSE", "The LIMIT is at most 10,000.")


def _no(code: str, message: str) -> Refusal:
    return Refusal(f"queryError.{code}", message)
