"""Answers and errors of the real API, as documented or recorded: shapes to be equal to.

Values are examples; keys and types are what counts. An error's ``message`` counts, too, where its
wording was recorded: digits, names and times in it are free.
"""

from __future__ import annotations

from typing import Any

TRACE = "AbCdEf123"

ERRORS: dict[str, dict[str, Any]] = {
    "budget too low": {
        "message": "Invalid parameter",
        "type": "OAuthException",
        "code": 100,
        "error_data": '{"blame_field_specs":[["daily_budget"]]}',
        "error_subcode": 1885272,
        "is_transient": False,
        "error_user_title": "Budget is too low",
        "error_user_msg": "Your ad set budget must be more than $1.00.",
        "fbtrace_id": TRACE,
    },
    "no such object": {
        "message": "Unsupported get request. Object with ID '123' does not exist, cannot be loaded "
        "due to missing permissions, or does not support this operation. "
        "Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api",
        "type": "GraphMethodException",
        "code": 100,
        "error_subcode": 33,
        "fbtrace_id": TRACE,
    },
    "session expired": {
        "message": "Error validating access token: Session has expired on Friday, 05-Jan-24 09:00:00 PST. "
        "The current time is Friday, 05-Jan-24 10:00:00 PST.",
        "type": "OAuthException",
        "code": 190,
        "error_subcode": 463,
        "fbtrace_id": TRACE,
    },
    "password changed": {
        "message": "Error validating access token: The session has been invalidated because the user "
        "changed their password or Facebook has changed the session for security reasons.",
        "type": "OAuthException",
        "code": 190,
        "error_subcode": 460,
        "fbtrace_id": TRACE,
    },
    "app removed": {
        "message": "Error validating access token: The user has not authorized application 1234.",
        "type": "OAuthException",
        "code": 190,
        "error_subcode": 458,
        "fbtrace_id": TRACE,
    },
    "insights throttled": {
        "message": "(#80000) There have been too many calls from this ad-account. Wait a bit and try again. "
        "For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting.",
        "type": "OAuthException",
        "code": 80000,
        "error_subcode": 2446079,
        "is_transient": True,
        "fbtrace_id": TRACE,
    },
    "unavailable": {
        "message": "(#2) Service temporarily unavailable",
        "type": "OAuthException",
        "code": 2,
        "is_transient": True,
        "fbtrace_id": TRACE,
    },
    "unknown error": {
        "message": "An unknown error occurred",
        "type": "OAuthException",
        "code": 1,
        "error_subcode": 99,
        "is_transient": False,
        "fbtrace_id": TRACE,
    },
    "too much data": {
        "message": "Please reduce the amount of data you're asking for, then retry your request",
        "type": "OAuthException",
        "code": 1,
        "fbtrace_id": TRACE,
    },
}

CAMPAIGN_CBO: dict[str, Any] = {
    "id": "120208325579370399",
    "account_id": "42",
    "name": "c",
    "objective": "OUTCOME_SALES",
    "status": "PAUSED",
    "configured_status": "PAUSED",
    "effective_status": "PAUSED",
    "buying_type": "AUCTION",
    "bid_strategy": "LOWEST_COST_WITHOUT_CAP",
    "daily_budget": "5000",
    "budget_remaining": "5000",
    "special_ad_categories": [],
    "special_ad_category": "NONE",
    "smart_promotion_type": "GUIDED_CREATION",
    "source_campaign_id": "0",
    "pacing_type": ["standard"],
    "can_use_spend_cap": True,
    "budget_rebalance_flag": False,
    "start_time": "2026-11-20T10:00:00-0800",
    "created_time": "2026-11-20T09:58:11-0800",
    "updated_time": "2026-11-20T09:58:11-0800",
}
AD_SET: dict[str, Any] = {
    "id": "120208325579370400",
    "account_id": "42",
    "campaign_id": "120208325579370399",
    "name": "s",
    "status": "ACTIVE",
    "configured_status": "ACTIVE",
    "effective_status": "CAMPAIGN_PAUSED",
    "daily_budget": "1000",
    "lifetime_budget": "0",
    "budget_remaining": "412",
    "billing_event": "IMPRESSIONS",
    "optimization_goal": "OFFSITE_CONVERSIONS",
    "bid_strategy": "LOWEST_COST_WITHOUT_CAP",
    "destination_type": "WEBSITE",
    "promoted_object": {"pixel_id": "9", "custom_event_type": "OTHER", "custom_event_str": "SmartLinkClick"},
    "attribution_spec": [
        {"event_type": "CLICK_THROUGH", "window_days": 7},
        {"event_type": "VIEW_THROUGH", "window_days": 1},
    ],
    "targeting": {
        "age_min": 18,
        "age_max": 65,
        "geo_locations": {"countries": ["US"], "location_types": ["home", "recent"]},
        "brand_safety_content_filter_levels": ["FACEBOOK_STANDARD", "AN_STANDARD"],
        "targeting_automation": {"advantage_audience": 0},
    },
    "learning_stage_info": {
        "status": "LEARNING",
        "conversions": 3,
        "last_sig_edit_ts": 1763700000,
        "attribution_windows": ["7d_click", "1d_view"],
    },
    "source_adset_id": "0",
    "start_time": "2026-11-20T10:00:00-0800",
    "created_time": "2026-11-20T10:00:00-0800",
    "updated_time": "2026-11-20T10:00:00-0800",
    "pacing_type": ["standard"],
}
AD: dict[str, Any] = {
    "id": "120208325579370401",
    "account_id": "42",
    "campaign_id": "120208325579370399",
    "adset_id": "120208325579370400",
    "name": "a",
    "status": "ACTIVE",
    "configured_status": "ACTIVE",
    "effective_status": "PENDING_REVIEW",
    "bid_type": "ABSOLUTE_OCPM",
    "creative": {"id": "120208325579370402"},
    "source_ad_id": "0",
    "tracking_specs": [{"action.type": ["offsite_conversion"], "fb_pixel": ["9"]}],
    "conversion_specs": [{"action.type": ["offsite_conversion"], "conversion_id": ["9"]}],
    "created_time": "2026-11-20T10:00:00-0800",
    "updated_time": "2026-11-20T10:00:00-0800",
}
ACCOUNT: dict[str, Any] = {
    "id": "act_42",
    "account_id": "42",
    "account_status": 1,
    "currency": "USD",
    "amount_spent": "39125",
    "balance": "0",
    "spend_cap": "0",
    "min_daily_budget": 100,
    "min_campaign_group_spend_cap": "10000",
    "timezone_name": "America/Los_Angeles",
    "timezone_offset_hours_utc": -8,
    "disable_reason": 0,
}
INSIGHTS_ROW: dict[str, Any] = {
    "account_id": "42",
    "campaign_id": "120208325579370399",
    "adset_id": "120208325579370400",
    "adset_name": "s",
    "impressions": "342",
    "reach": "301",
    "clicks": "14",
    "spend": "8.53",
    "cpc": "0.609286",
    "ctr": "4.093567",
    "cpm": "24.94152",
    "frequency": "1.136213",
    "inline_link_clicks": "4",
    "attribution_setting": "7d_click_1d_view",
    "actions": [{"action_type": "link_click", "value": "4", "7d_click": "4"}],
    "conversions": [
        {"action_type": "offsite_conversion.fb_pixel_custom.SmartLinkClick", "value": "3", "7d_click": "3"}
    ],
    "cost_per_action_type": [{"action_type": "link_click", "value": "2.1325", "7d_click": "2.1325"}],
    "outbound_clicks": [{"action_type": "outbound_click", "value": "9", "7d_click": "9"}],
    "date_start": "2026-11-01",
    "date_stop": "2026-11-01",
}
PAGE: dict[str, Any] = {
    "data": [{"id": "1"}],
    "paging": {
        "cursors": {"before": "MAZDZD", "after": "NzIZD"},
        "next": "https://graph.facebook.com/v26.0/act_42",
    },
    "summary": {"total_count": 2},
}
COPY: dict[str, Any] = {
    "copied_adset_id": "120208325579370406",
    "ad_object_ids": [{"ad_object_type": "ad_set", "source_id": "12", "copied_id": "12"}],
}
REPORT_RUN: dict[str, Any] = {
    "id": "6023920149050",
    "account_id": "42",
    "time_ref": 1763700000,
    "time_completed": 1763700010,
    "async_status": "Job Completed",
    "async_percent_completion": 100,
    "date_start": "2026-11-01",
    "date_stop": "2026-11-07",
}
MINIMUM_BUDGET: dict[str, Any] = {
    "currency": "USD",
    "min_daily_budget_imp": 100,
    "min_daily_budget_high_freq": 500,
    "min_daily_budget_low_freq": 4000,
    "min_daily_budget_video_views": 500,
}
TOKEN: dict[str, Any] = {
    "app_id": "7",
    "type": "SYSTEM_USER",
    "application": "app",
    "is_valid": True,
    "expires_at": 0,
    "data_access_expires_at": 0,
    "issued_at": 1763700000,
    "scopes": ["ads_management"],
    "granular_scopes": [{"scope": "ads_management"}],
    "user_id": "5",
}
BATCH_SLOT: dict[str, Any] = {"code": 200, "headers": [{"name": "x", "value": "y"}], "body": '{"id":"1"}'}
HEADERS: dict[str, Any] = {
    "X-App-Usage": {"call_count": 28, "total_time": 25, "total_cputime": 25},
    "X-Ad-Account-Usage": {
        "acc_id_util_pct": 9.67,
        "reset_time_duration": 100,
        "ads_api_access_tier": "standard_access",
    },
    "X-FB-Ads-Insights-Throttle": {
        "app_id_util_pct": 100.0,
        "acc_id_util_pct": 10.0,
        "ads_api_access_tier": "standard_access",
    },
}
USE_CASE: dict[str, Any] = {
    "type": "ads_management",
    "call_count": 95,
    "total_cputime": 20,
    "total_time": 20,
    "estimated_time_to_regain_access": 0,
    "ads_api_access_tier": "development_access",
}
