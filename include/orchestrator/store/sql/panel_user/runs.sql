-- A user's latest runs, newest first, before the last one of the page before.
select
    r.id, r.run_key, r.trigger, r.dry_run, r.run_at, r.opened_at, r.started_at, r.ended_at, r.status, r.error,
    r.batch, coalesce((select c.config from ads_run_configs c where c.run_id = r.id), '{}') as config, r.goal_keys,
    r.campaigns_created, r.campaigns_updated, r.winners_promoted, r.budgets_scaled, r.adsets_paused,
    r.errors_count,
    (select count(*) from ads_automation_actions a where a.run_id = r.id) as actions
from ads_automation_runs r
where r.user_id = %(user_id)s
  and (%(before)s::timestamptz is null or r.opened_at < %(before)s)
  and (%(run_id)s::uuid is null or r.id = %(run_id)s)
  and (%(run_key)s::text is null or r.run_key = %(run_key)s)
order by r.opened_at desc, r.id desc
limit %(page_size)s
