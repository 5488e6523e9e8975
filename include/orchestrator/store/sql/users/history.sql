-- What was done for some users since an instant: live and settled. Dry runs did nothing.
select user_id, action_type, goal_key, adset_id, creative_id, reason, status, run_at as at
from ads_automation_actions
where user_id = any(%(user_ids)s) and run_at > %(since)s
  and not dry_run and status in ('success', 'failed', 'unknown')
order by user_id, run_at, id
