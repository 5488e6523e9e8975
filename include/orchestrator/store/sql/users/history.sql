-- What was done for some users since an instant, or was refused: live and settled. Dry runs did nothing; what
-- failed without a refusal, and would pass by itself, is left out.
select
    user_id, action_type, goal_key, adset_id, coalesce(creative_id, details ->> 'creative_id') as creative_id, reason,
    status, run_at as at, details ->> 'audience' as audience, details ->> 'built_from' as built_from,
    details ->> 'half_made' as half_made_id
from ads_automation_actions
where user_id = any(%(user_ids)s) and run_at > %(since)s
  and not dry_run and (status in ('success', 'unknown') or (status = 'failed' and details ? 'built_from'))
order by user_id, run_at, id
