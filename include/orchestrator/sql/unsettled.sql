-- Actions of which it is not known whether they happened, oldest run first; and campaigns that were created
-- and whose activation was announced, of which nobody wrote down what became of it.
select
    id, run_id, user_id, step, ordinal, action_type, goal_key, campaign_id, adset_id, before_minor, after_minor,
    reason, creative_id, promoted_from_id, idempotency_key as key, status, message, details, created_at, settled_at
from ads_automation_actions
where user_id = any(%(user_ids)s) and not dry_run
  and (status in ('intended', 'unknown')
       or (status = 'success' and action_type = 'create_campaign'
           and details ? 'activating' and not details ? 'activation'))
order by user_id, run_at, run_id, array_position(array['allocate', 'learning', 'promote', 'scale', 'pause'], step), ordinal
