-- The action log of some runs, in the order of decision.
select
    id, run_id, user_id, origin, step, ordinal, action_type, goal_key, campaign_id, adset_id, before_minor, after_minor,
    reason, creative_id, promoted_from_id, idempotency_key as key, status, message, details, created_at, settled_at
from ads_automation_actions
where run_id = any(%(run_ids)s) and (%(step)s::text is null or step = %(step)s)
order by user_id, array_position(array['allocate', 'learning', 'promote', 'scale', 'pause'], step), ordinal
