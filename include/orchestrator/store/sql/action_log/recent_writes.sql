-- Live actions of some users that were made some minutes ago at most, in the order in which they were.
select
    id, run_id, user_id, origin, step, ordinal, action_type, goal_key, campaign_id, adset_id, before_minor, after_minor,
    reason, creative_id, promoted_from_id, idempotency_key as key, status, message, details, created_at, settled_at
from ads_automation_actions
where settled_at > clock_timestamp() - %(within)s::interval and status = 'success' and not dry_run
  and user_id = any(%(user_ids)s)
order by settled_at, id
