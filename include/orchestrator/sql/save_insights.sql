-- Keep ad set days; a day that Meta restates replaces the one before, one that stays the same is not written.
insert into ads_insights_daily as kept (user_id, adset_id, day, spend_minor, impressions, events)
select *
from unnest(
    %(user_ids)s::uuid[], %(adset_ids)s::text[], %(days)s::date[], %(spend_minor)s::bigint[],
    %(impressions)s::int[], %(events)s::int[]
)
on conflict (adset_id, day) do update set
    spend_minor = excluded.spend_minor,
    impressions = excluded.impressions,
    events = excluded.events
where kept.user_id = excluded.user_id
  and (kept.spend_minor, kept.impressions, kept.events)
      is distinct from (excluded.spend_minor, excluded.impressions, excluded.events)
