-- The demo's people with their settings.
insert into user_ads_modes
    (user_id, goal_settings, auto_scale_winners, auto_pause_losers, global_daily_budget, max_daily_budget,
     updated_by)
select p.user_id, p.goal_settings, p.auto_scale, p.auto_pause, p.daily_budget, p.max_daily_budget, 'demo'
from jsonb_to_recordset(%(rows)s) as p (
    user_id uuid, goal_settings jsonb, auto_scale boolean, auto_pause boolean, daily_budget numeric,
    max_daily_budget numeric
)
