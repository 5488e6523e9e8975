-- What asked for an action: a run, in which a rule decided it in one of the steps; or an operator's emergency stop,
-- which has no step. The release before this one names no origin: its rows are a run's.
alter table ads_automation_actions
    add column origin text not null default 'run' check (origin in ('run', 'stop')),
    alter column step drop not null;

-- The owner is under the policies as well, and would correct no row that they hide.
alter table ads_automation_actions no force row level security;
alter table ads_run_decisions no force row level security;
alter table ads_run_configs no force row level security;

-- A stop had to call its actions step allocate.
update ads_automation_actions set origin = 'stop', step = null
where step = 'allocate' and reason = 'stopped_by_operator';

-- And to record a decision of that step, which no rule made. All that it said is in the log.
delete from ads_run_decisions d
where d.step = 'allocate'
  and (exists (select from ads_automation_actions a where a.run_id = d.run_id and a.origin = 'stop')
       or exists (
           select from ads_run_configs c
           where c.run_id = d.run_id and c.config ->> 'command' = 'stop --spending'
       ));

alter table ads_automation_actions force row level security;
alter table ads_run_decisions force row level security;
alter table ads_run_configs force row level security;

alter table ads_automation_actions
    add constraint ads_automation_actions_step_of_run check ((step is not null) = (origin = 'run'));
-- In a run the constraint ads_automation_actions_in_order says the same step by step.
create unique index ads_automation_actions_in_order_of_origin on ads_automation_actions (run_id, origin, ordinal)
    where step is null;

-- The life of an action, pair by pair as domain/action_log.py lists it. The condition alone is evaluated at each
-- update; the function is called for what it does not allow.
create function ads_refuse_transition() returns trigger
    language plpgsql
as $$
begin
    raise exception 'action % is % and cannot become %', old.id, old.status, new.status
        using errcode = 'check_violation', constraint = 'ads_automation_actions_transitions';
end
$$;
revoke execute on function ads_refuse_transition() from public;

create trigger ads_automation_actions_transitions before update of status on ads_automation_actions
    for each row
    when (
        old.status <> new.status
        and (old.status, new.status) not in (
            ('planned', 'intended'), ('planned', 'held'), ('planned', 'success'),
            ('intended', 'held'), ('intended', 'success'), ('intended', 'failed'), ('intended', 'unknown'),
            ('unknown', 'intended'), ('unknown', 'held'), ('unknown', 'success'), ('unknown', 'failed')
        )
    )
    execute function ads_refuse_transition();

-- The same views, with the origin.
create or replace view run_actions with (security_invoker = true) as
select
    a.run_id, a.user_id,
    row_number() over (
        partition by a.run_id
        order by array_position(array['allocate', 'learning', 'promote', 'scale', 'pause'], a.step),
                 a.ordinal
    ) as position,
    a.id as action_id, a.step, a.action_type, a.goal_key, a.campaign_id, a.adset_id, a.creative_id,
    a.before_minor, a.after_minor, a.reason, a.status, a.message, a.details, a.promoted_from_id,
    a.dry_run, a.attempts, a.created_at, a.intended_at, a.settled_at, a.origin
from ads_automation_actions a;

create or replace view ads_open_actions with (security_invoker = true) as
select *
from ads_automation_actions
where not dry_run
  and (status in ('intended', 'unknown')
       or (status = 'success' and action_type = 'create_campaign'
           and details ? 'activating' and not details ? 'activation'));
