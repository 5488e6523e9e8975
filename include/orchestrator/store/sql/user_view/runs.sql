-- The latest runs of the connection's user, or those opened before one of them.
select
    id as run_id, run_key, trigger, dry_run, status, error, goal_keys, run_at, opened_at, started_at, ended_at,
    campaigns_created, campaigns_updated, winners_promoted, budgets_scaled, adsets_paused, errors_count
from ads_automation_runs
where %(before)s::uuid is null
   or (opened_at, id) < (select b.opened_at, b.id from ads_automation_runs b where b.id = %(before)s)
order by opened_at desc, id desc
limit %(at_most)s
