-- One page of the users who take part, by key: pass the last user of the page before. The same
-- conditions, but each by itself, so that the planner sees that most users pass and reads the page
-- in key order instead of sorting everybody.
create or replace function get_orchestrator_eligible_users(
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
          -- The offset keeps the planner from reading all campaigns into a table, on every page.
          or exists (
              select from ads_campaigns c where c.user_id = u.user_id and c.status = 'ACTIVE' offset 0
          )
      )
      and not exists (
          select from live_runs r
          where r.user_id = u.user_id
            -- Known already, but not to the planner: it would read everybody in a run, on every page.
            and r.user_id > coalesce(after, '00000000-0000-0000-0000-000000000000')
      )
      and (
          require_activity_days is null
          or u.last_active_at >= at - make_interval(days => require_activity_days)
      )
    order by u.user_id
    limit page_size
$$;
