-- What each step of a run decided. A user for whom nothing is to be done is decided for at once: what
-- the later steps decide stands in the first one's row, under "ahead". One row instead of five.
create view ads_decided_steps with (security_invoker = true) as
select d.run_id, d.user_id, s.step, s.decision
from ads_run_decisions d
cross join lateral (
    select d.step, d.decision - 'ahead'
    union all
    select a.key, a.value from jsonb_each(d.decision -> 'ahead') a
) as s (step, decision);
grant select on ads_decided_steps to ads_user, ads_service;

create or replace view recent_runs with (security_invoker = true) as
select
    r.user_id, r.id as run_id, r.run_key, r.trigger, r.dry_run, r.run_at, r.opened_at, r.started_at,
    r.ended_at, r.status, r.error, r.goal_keys, r.config, r.campaigns_created, r.campaigns_updated,
    r.winners_promoted, r.budgets_scaled, r.adsets_paused, r.errors_count,
    (select jsonb_object_agg(d.step, d.decision) from ads_decided_steps d where d.run_id = r.id)
        as decision
from ads_automation_runs r;
