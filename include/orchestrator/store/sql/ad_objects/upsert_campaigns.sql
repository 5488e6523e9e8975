-- Upsert campaigns. Of several live ones in one role one is the first: the one that was, else the oldest; the
-- others are spare. Removed ones go first, so that their place is free.
with incoming as (
    select *
    from jsonb_to_recordset(%(rows)s) as i (
        id text, user_id uuid, goal_key text, role text, status text, paused_by text, paused_reason text,
        daily_budget_minor bigint, created_at timestamptz, active_since timestamptz, removed_at timestamptz,
        platform text, lifetime_daily_minor bigint, foreign_daily_minor bigint
    )
), present as (
    select i.id, i.user_id, i.goal_key, i.role, i.created_at, i.status in ('ACTIVE', 'PAUSED') as lives,
           coalesce(not e.spare and e.status in ('ACTIVE', 'PAUSED'), false) as was_first
    from incoming i
    left join ads_campaigns e on e.id = i.id
    union all
    select e.id, e.user_id, e.goal_key, e.role, e.created_at, e.status in ('ACTIVE', 'PAUSED'), not e.spare
    from ads_campaigns e
    where (e.user_id, e.goal_key, e.role) in (select user_id, goal_key, role from incoming)
      and e.id not in (select id from incoming)
), placed as (
    select id, lives, lives and row_number() over (
               partition by user_id, goal_key, role, lives order by was_first desc, created_at, id
           ) > 1 as spare
    from present
)
insert into ads_campaigns as stored
    (id, user_id, goal_key, role, status, spare, paused_by, paused_reason, daily_budget_minor, created_at,
     active_since, removed_at, platform, lifetime_daily_minor, foreign_daily_minor)
select
    i.id, i.user_id, i.goal_key, i.role, i.status, p.spare, i.paused_by, i.paused_reason,
    i.daily_budget_minor, i.created_at, i.active_since, i.removed_at, i.platform,
    i.lifetime_daily_minor, i.foreign_daily_minor
from incoming i
join placed p on p.id = i.id
order by p.lives, p.spare desc, i.created_at, i.id
on conflict (id) do update set
    status = excluded.status,
    spare = excluded.spare,
    paused_by = excluded.paused_by,
    paused_reason = excluded.paused_reason,
    daily_budget_minor = excluded.daily_budget_minor,
    lifetime_daily_minor = excluded.lifetime_daily_minor,
    foreign_daily_minor = excluded.foreign_daily_minor,
    active_since = excluded.active_since,
    removed_at = excluded.removed_at,
    kept_at = now()
where stored.user_id = excluded.user_id
  and (stored.status, stored.spare, stored.paused_by, stored.paused_reason, stored.daily_budget_minor,
       stored.active_since, stored.removed_at, stored.lifetime_daily_minor, stored.foreign_daily_minor)
      is distinct from
      (excluded.status, excluded.spare, excluded.paused_by, excluded.paused_reason,
       excluded.daily_budget_minor, excluded.active_since, excluded.removed_at, excluded.lifetime_daily_minor,
       excluded.foreign_daily_minor)
