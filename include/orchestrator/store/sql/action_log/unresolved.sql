-- Open actions of some users, oldest run first.
select
    id, run_id, user_id, origin, step, ordinal, action_type, goal_key, campaign_id, adset_id, before_minor, after_minor,
    reason, creative_id, promoted_from_id, idempotency_key as key, status, message, details, created_at, settled_at
from ads_open_actions
where user_id = any(%(user_ids)s)
order by user_id, run_at, run_id, array_position(array['allocate', 'learning', 'promote', 'scale', 'pause'], step), ordinal
