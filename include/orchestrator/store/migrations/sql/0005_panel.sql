-- What the operator's panel asks of the runs.

-- Runs that go on, and runs that ended badly, by user: few among many.
create index ads_automation_runs_open on ads_automation_runs (user_id)
    where status in ('pending', 'running');
create index ads_automation_runs_troubled on ads_automation_runs (status, user_id)
    where status in ('failed', 'throttled');

create index user_ads_modes_paused on user_ads_modes (user_id) where paused_by_operator;

-- What was done for a user lately, and for everybody.
create index ads_automation_actions_of_user on ads_automation_actions (user_id, created_at)
    where not dry_run;
