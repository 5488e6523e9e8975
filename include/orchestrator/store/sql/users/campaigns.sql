-- The campaigns of some users.
select
    id, user_id, goal_key, role, status, paused_by, paused_reason, daily_budget_minor, created_at,
    active_since, removed_at, platform, lifetime_daily_minor, foreign_daily_minor
from ads_campaigns
where user_id = any(%(user_ids)s)
order by user_id, created_at, id
