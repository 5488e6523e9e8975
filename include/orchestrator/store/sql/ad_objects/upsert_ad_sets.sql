-- Upsert ad sets; their cell and their source do not change.
insert into ads_ad_sets as stored
    (id, user_id, campaign_id, goal_key, audience, creative_id, source_adset_id, status, paused_by,
     paused_reason, daily_budget_minor, created_at, active_since, removed_at, platform, lifetime_daily_minor)
select
    id, user_id, campaign_id, goal_key, audience, creative_id, source_adset_id, status, paused_by,
    paused_reason, daily_budget_minor, created_at, active_since, removed_at, platform, lifetime_daily_minor
from jsonb_to_recordset(%(rows)s) as i (
    id text, user_id uuid, campaign_id text, goal_key text, audience text, creative_id text,
    source_adset_id text, status text, paused_by text, paused_reason text, daily_budget_minor bigint,
    created_at timestamptz, active_since timestamptz, removed_at timestamptz, platform text,
    lifetime_daily_minor bigint
)
order by id
on conflict (id) do update set
    status = excluded.status,
    paused_by = excluded.paused_by,
    paused_reason = excluded.paused_reason,
    daily_budget_minor = excluded.daily_budget_minor,
    lifetime_daily_minor = excluded.lifetime_daily_minor,
    active_since = excluded.active_since,
    removed_at = excluded.removed_at,
    kept_at = now()
where stored.user_id = excluded.user_id
  and (stored.status, stored.paused_by, stored.paused_reason, stored.daily_budget_minor, stored.active_since,
       stored.removed_at, stored.lifetime_daily_minor)
      is distinct from
      (excluded.status, excluded.paused_by, excluded.paused_reason, excluded.daily_budget_minor,
       excluded.active_since, excluded.removed_at, excluded.lifetime_daily_minor)
