-- One row for every user of a run; refused users have no batch. Beside it, once, the request and the user's
-- settings at this moment.
with opened as (
    insert into ads_automation_runs
        (run_key, user_id, batch, trigger, run_at, dry_run, goal_keys, status, error, ended_at,
         platform)
    select
        %(run_key)s, w.user_id, w.batch, %(trigger)s, %(now)s, %(dry_run)s, %(goal_keys)s,
        case when w.refusal is null then 'pending' else 'refused' end,
        w.refusal,
        case when w.refusal is not null then now() end,
        coalesce(a.platform, 'meta')
    from unnest(%(user_ids)s::uuid[], %(batch_of)s::int[], %(refusals)s::text[]) as w (user_id, batch, refusal)
    left join meta_assets a on a.user_id = w.user_id
    returning id, user_id
)
insert into ads_run_configs (run_id, user_id, config)
select
    r.id, r.user_id,
    %(config)s || jsonb_strip_nulls(jsonb_build_object(
        'goal_settings', u.goal_settings,
        'auto_scale_winners', u.auto_scale_winners,
        'auto_pause_losers', u.auto_pause_losers,
        'global_daily_budget', u.global_daily_budget,
        'max_daily_budget', u.max_daily_budget
    ))
from opened r
left join user_ads_modes u on u.user_id = r.user_id and %(with_settings)s
