-- An Idempotency-Key that joined a run which was going on: repeated after that run's end, it is still its key.
create table ads_joined_runs (
    asked_key text primary key check (asked_key <> ''),
    run_key   text not null check (run_key <> ''), -- Airflow may know the run before we do: no reference
    goal_keys text[], -- what was asked for under the key
    joined_at timestamptz not null default now()
);
create index ads_joined_runs_by_age on ads_joined_runs (joined_at);

alter table ads_joined_runs enable row level security;
alter table ads_joined_runs force row level security;
create policy ads_service_all on ads_joined_runs to ads_service using (true) with check (true);
revoke all on ads_joined_runs from ads_user;
grant select, insert, update, delete on ads_joined_runs to ads_service;
