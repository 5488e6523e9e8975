-- What was asked for, and the user's settings when a run was opened. They are two thirds of what is kept of a run and
-- never change, while the run's own row is written three times: opened, begun, ended.
create table ads_run_configs (
    run_id  uuid primary key references ads_automation_runs on delete cascade,
    user_id uuid not null,
    config  jsonb not null check (jsonb_typeof(config) = 'object')
);

-- Who was asked for beside the user is nothing that the user may read. The owner is under the policies as well,
-- and would move no row that they hide.
alter table ads_automation_runs no force row level security;
insert into ads_run_configs (run_id, user_id, config)
select id, user_id, config #- '{conf,user_ids}' from ads_automation_runs;
alter table ads_automation_runs force row level security;

alter table ads_run_configs enable row level security;
alter table ads_run_configs force row level security;
create policy ads_service_all on ads_run_configs to ads_service using (true) with check (true);
create policy ads_user_own on ads_run_configs to ads_user
    using (user_id = (select ads_current_user()))
    with check (user_id = (select ads_current_user()));
create policy ads_user_only_own on ads_run_configs as restrictive to ads_user
    using (user_id = (select ads_current_user()))
    with check (user_id = (select ads_current_user()));
revoke all on ads_run_configs from ads_user;
grant select, insert, update, delete on ads_run_configs to ads_service;
grant select on ads_run_configs to ads_user;

create or replace view recent_runs with (security_invoker = true) as
select
    r.user_id, r.id as run_id, r.run_key, r.trigger, r.dry_run, r.run_at, r.opened_at, r.started_at,
    r.ended_at, r.status, r.error, r.goal_keys,
    coalesce((select c.config from ads_run_configs c where c.run_id = r.id), '{}') as config,
    r.campaigns_created, r.campaigns_updated,
    r.winners_promoted, r.budgets_scaled, r.adsets_paused, r.errors_count,
    (select jsonb_object_agg(d.step, d.decision) from ads_decided_steps d where d.run_id = r.id)
        as decision
from ads_automation_runs r;

alter table ads_automation_runs drop column config;
