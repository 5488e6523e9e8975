-- A user's settings and assets, without the token, and the latest changes with their authors.
select
    u.user_id,
    coalesce(u.auto_scale_winners, false) as auto_scale_winners,
    coalesce(u.auto_pause_losers, false) as auto_pause_losers,
    u.global_daily_budget, u.max_daily_budget, coalesce(u.goal_settings::text, '{}') as goal_settings,
    u.updated_at, u.updated_by, u.orchestrator_last_run,
    coalesce(u.paused_by_operator, false) as paused_by_operator,
    u.paused_note, u.paused_changed_by, u.paused_changed_at,
    coalesce(a.auth_connected, false) as auth_connected,
    coalesce(a.assets_configured, false) as assets_configured,
    a.ad_account_id, a.currency, a.timezone, a.account_name, a.account_status, a.stopped_for, a.stopped_since,
    e.reason as not_eligible
from user_ads_modes u
left join meta_assets a on a.user_id = u.user_id
left join lateral (
    select x.reason from orchestrator_eligibility(now(), null) x where x.user_id = u.user_id
) e on true
where u.user_id = %(user_id)s
