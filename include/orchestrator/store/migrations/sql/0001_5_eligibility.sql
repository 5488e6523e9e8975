-- Who takes part in a run. Asked in two ways that must agree: the users, page by page, and for
-- one user the reason why not.

-- Whether any goal of the registry is active. Others do not make a user eligible.
create function orchestrator_has_active_goal(goal_settings jsonb) returns boolean
    language sql immutable parallel safe
    return coalesce(goal_settings @@ '
        $.streams.is_active == true
        || $.presave.is_active == true
        || $.virality.is_active == true
        || $.followers.is_active == true
        || $.build_audience.is_active == true
        || $.fan_segmentation.is_active == true
    ', false);

-- Live runs that hold their user. One whose lease ran out died; one without a lease is taken to live.
create view live_runs with (security_invoker = true) as
select r.user_id, r.id as run_id, r.started_at, l.expires_at
from ads_automation_runs r
left join user_leases l on l.user_id = r.user_id
where r.status = 'running' and not r.dry_run and coalesce(l.expires_at > now(), true);

-- Every user, with the first reason why they do not take part, or null.
create function orchestrator_eligibility(at timestamptz, require_activity_days integer)
    returns table (user_id uuid, reason text)
    language sql stable
as $$
    select
        u.user_id,
        case
            when not coalesce(a.auth_connected, false) then 'not_connected'
            when not coalesce(a.assets_configured, false) then 'assets_not_configured'
            when coalesce(u.paused_by_operator, false) then 'paused_by_operator'
            when exists (select from live_runs r where r.user_id = u.user_id) then 'run_in_progress'
            -- A campaign that still runs keeps its user in: switching the last goal off stops it.
            when not orchestrator_has_active_goal(u.goal_settings::jsonb)
                 and not exists (
                     select from ads_campaigns c where c.user_id = u.user_id and c.status = 'ACTIVE'
                 )
            then 'nothing_active'
            when require_activity_days is not null
                 and coalesce(u.last_active_at, '-infinity')
                     < at - make_interval(days => require_activity_days)
            then 'no_recent_activity'
        end
    from user_ads_modes u
    left join meta_assets a on a.user_id = u.user_id
$$;

-- One page of the users who take part, by key: pass the last user of the page before. The same
-- conditions, but each by itself, so that the planner sees that most users pass and reads the page
-- in key order instead of sorting everybody.
create function get_orchestrator_eligible_users(
    after uuid default null,
    page_size integer default 1000,
    require_activity_days integer default null,
    at timestamptz default now()
)
    returns table (user_id uuid)
    language sql stable
as $$
    select u.user_id
    from user_ads_modes u
    join meta_assets a on a.user_id = u.user_id
    where u.user_id > coalesce(after, '00000000-0000-0000-0000-000000000000')
      and a.user_id > coalesce(after, '00000000-0000-0000-0000-000000000000')  -- or it reads from the start
      and a.auth_connected
      and a.assets_configured
      and u.paused_by_operator is not true
      and (
          orchestrator_has_active_goal(u.goal_settings::jsonb)
          or exists (select from ads_campaigns c where c.user_id = u.user_id and c.status = 'ACTIVE')
      )
      and not exists (select from live_runs r where r.user_id = u.user_id)
      and (
          require_activity_days is null
          or u.last_active_at >= at - make_interval(days => require_activity_days)
      )
    order by u.user_id
    limit page_size
$$;

revoke execute on function
    orchestrator_eligibility(timestamptz, integer),
    get_orchestrator_eligible_users(uuid, integer, integer, timestamptz)
    from public;
grant execute on function
    orchestrator_eligibility(timestamptz, integer),
    get_orchestrator_eligible_users(uuid, integer, integer, timestamptz)
    to ads_service;
grant select on live_runs to ads_service;
