-- The settings of the connection's user, and whether an account is connected.
select
    coalesce(u.auto_scale_winners, false) as auto_scale_winners,
    coalesce(u.auto_pause_losers, false) as auto_pause_losers,
    u.global_daily_budget::numeric as global_daily_budget,
    u.max_daily_budget::numeric as max_daily_budget,
    coalesce(u.goal_settings::text, '{}') as goal_settings,
    coalesce(u.paused_by_operator, false) as paused_by_operator,
    u.orchestrator_last_run as last_run_at,
    u.updated_at, u.updated_by,
    m.currency,
    coalesce(m.auth_connected and m.assets_configured, false) as connected
from user_ads_modes u
left join meta_assets m on m.user_id = u.user_id
