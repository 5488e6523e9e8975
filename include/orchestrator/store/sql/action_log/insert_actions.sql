-- Record the actions of newly recorded decisions, or of another origin, planned. A run that has ended gets none:
-- nobody would ever hold them. Whoever ends one at this moment comes before this, or waits and then finds them.
with given as materialized (
    select *
    from jsonb_to_recordset(%(actions)s) as a (
        run_id uuid, origin text, step text, ordinal int, action_type text, goal_key text, campaign_id text,
        adset_id text, creative_id text, before_minor bigint, after_minor bigint, reason text,
        promoted_from_id text, key text, message text, details jsonb
    )
), going_on as materialized (
    select r.id, r.user_id, r.run_at, r.dry_run
    from ads_automation_runs r
    where r.id in (select run_id from given) and r.status in ('pending', 'running')
    order by r.id
    for share
)
insert into ads_automation_actions
    (run_id, user_id, run_at, dry_run, origin, step, ordinal, action_type, goal_key, campaign_id, adset_id,
     creative_id, before_minor, after_minor, reason, promoted_from_id, idempotency_key, message, details)
select
    r.id, r.user_id, r.run_at, r.dry_run, a.origin, a.step, a.ordinal, a.action_type, a.goal_key, a.campaign_id,
    a.adset_id, a.creative_id, a.before_minor, a.after_minor, a.reason, a.promoted_from_id, a.key,
    a.message, a.details
from given a
join going_on r on r.id = a.run_id
order by r.user_id, a.step, a.ordinal
