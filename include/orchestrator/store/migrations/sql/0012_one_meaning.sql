-- Actions of which it is not known whether they happened; and campaigns that were created and whose
-- activation was announced, of which nobody wrote down what became of it. Settled before anything new, kept by tidy.
create view ads_open_actions with (security_invoker = true) as
select *
from ads_automation_actions
where not dry_run
  and (status in ('intended', 'unknown')
       or (status = 'success' and action_type = 'create_campaign'
           and details ? 'activating' and not details ? 'activation'));
grant select on ads_open_actions to ads_service;

-- Every user with the latest run, and the one state that operators see: a run that goes on comes first, then
-- a stop, then how the latest run ended, then whether it did something.
create view ads_user_states with (security_invoker = true) as
select
    u.user_id,
    case
        when latest.status in ('pending', 'running') then 'running'
        when u.paused_by_operator then 'paused'
        when latest.status in ('failed', 'throttled') then latest.status
        when latest.status = 'success' and latest.done > 0 then 'worked'
        else 'idle'
    end as state,
    u.paused_by_operator,
    latest.run_id, latest.status, latest.dry_run, latest.error, latest.opened_at, latest.ended_at, latest.done
from user_ads_modes u
left join lateral (
    select
        r.id as run_id, r.status, r.dry_run, r.error, r.opened_at, r.ended_at,
        r.campaigns_created + r.campaigns_updated + r.winners_promoted + r.adsets_paused as done
    from ads_automation_runs r
    where r.user_id = u.user_id
    order by r.opened_at desc, r.id desc
    limit 1
) latest on true;
grant select on ads_user_states to ads_service;
