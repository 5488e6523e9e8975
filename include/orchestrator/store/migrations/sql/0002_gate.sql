-- A write of a process that died may still land until its time-out: nobody else works on the user before.
alter table user_leases add column busy_until timestamptz;

-- Who stopped a user, and why, for the people who find it stopped.
alter table user_ads_modes
    add column if not exists paused_note text,
    add column if not exists paused_changed_by text,
    add column if not exists paused_changed_at timestamptz;

-- The latest settled live actions of everybody: are they all errors of one kind?
create index if not exists ads_automation_actions_latest_settled
    on ads_automation_actions (settled_at desc)
    where not dry_run and status in ('success', 'failed', 'unknown');

-- Every function but the one that policies ask is the service's.
revoke execute on function orchestrator_has_active_goal(jsonb) from public;
grant execute on function orchestrator_has_active_goal(jsonb) to ads_service;
