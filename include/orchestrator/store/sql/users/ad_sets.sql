-- The ad sets of some users.
select
    id, user_id, campaign_id, goal_key, audience, creative_id, source_adset_id, status, paused_by,
    paused_reason, daily_budget_minor, created_at, active_since, removed_at, platform,
    lifetime_daily_minor, known_events
from ads_ad_sets
where user_id = any(%(user_ids)s)
order by user_id, created_at, id
