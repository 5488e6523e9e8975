-- What was done in it.
insert into ads_automation_actions
    (run_id, user_id, run_at, dry_run, step, ordinal, action_type, goal_key, campaign_id, adset_id, creative_id,
     reason, promoted_from_id, idempotency_key, status, message, created_at, intended_at, settled_at)
select
    r.id, r.user_id, r.run_at, false, 'promote', 0, 'promote_winner', %(goal_key)s, %(campaign_id)s,
    %(adset_id)s, %(creative_id)s, 'winner', %(adset_id)s, r.run_key, 'success', 'Promoted before the demo',
    r.run_at, r.run_at, r.run_at
from ads_automation_runs r
where r.run_key = %(run_key)s
