-- The same page of users; their assets are looked up user by user. As a join, Postgres expected few
-- users to be left from the last twentieth of the keys on, and read and sorted all of them for each page.
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
    where u.user_id > coalesce(after, '00000000-0000-0000-0000-000000000000')
      and u.paused_by_operator is not true
      -- Each offset keeps the planner from reading a whole table for every page.
      and exists (
          select from meta_assets a
          where a.user_id = u.user_id and a.auth_connected and a.assets_configured offset 0
      )
      and (
          orchestrator_has_active_goal(u.goal_settings::jsonb)
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
