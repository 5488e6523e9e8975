-- Who takes part in a run, asked once: the reason a user does not, or null.

-- The keys of the goal registry. A goal outside it does not make a user eligible.
create function orchestrator_registered_goals() returns text[]
    language sql immutable parallel safe
    return array['streams', 'presave', 'virality', 'followers', 'build_audience', 'fan_segmentation'];

create function orchestrator_has_active_goal(goal_settings jsonb) returns boolean
    language sql immutable parallel safe
    return exists (
        select
        from unnest(orchestrator_registered_goals()) as registered (goal_key)
        where goal_settings -> registered.goal_key -> 'is_active' = 'true'::jsonb
    );

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
            when exists (
                select
                from ads_automation_runs r
                left join user_leases l on l.user_id = r.user_id
                where r.user_id = u.user_id and r.status = 'running' and not r.dry_run
                  and coalesce(l.expires_at > now(), true)
            ) then 'run_in_progress'
            -- A campaign that still runs keeps its user in: switching the last goal off stops it.
            when not coalesce(orchestrator_has_active_goal(u.goal_settings::jsonb), false)
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

-- One page of eligible users, by key: pass the last user of the page before.
create function get_orchestrator_eligible_users(
    after uuid default null,
    page_size integer default 1000,
    require_activity_days integer default null,
    at timestamptz default now()
)
    returns table (user_id uuid)
    language sql stable
as $$
    select e.user_id
    from orchestrator_eligibility(at, require_activity_days) e
    where e.reason is null
      and (after is null or e.user_id > after)
    order by e.user_id
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
