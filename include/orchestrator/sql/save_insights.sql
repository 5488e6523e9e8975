-- Keep ad set days; a day that Meta restates replaces the one before, one that stays the same is not touched.
insert into ads_insights_daily as kept (user_id, adset_id, day, spend_minor, impressions, events)
select *
from unnest(
    %(user_ids)s::uuid[], %(adset_ids)s::text[], %(days)s::date[], %(spend_minor)s::bigint[],
    %(impressions)s::int[], %(events)s::int[]
) as read (user_id, adset_id, day, spend_minor, impressions, events)
-- Asked before, because a conflict locks the row, which writes its page, also when it then stays as it is.
where not exists (
    select
    from ads_insights_daily same
    where same.adset_id = read.adset_id and same.day = read.day
      and (same.spend_minor, same.impressions, same.events) = (read.spend_minor, read.impressions, read.events)
    offset 0
)
on conflict (adset_id, day) do update set
    spend_minor = excluded.spend_minor,
    impressions = excluded.impressions,
    events = excluded.events
where kept.user_id = excluded.user_id
  and (kept.spend_minor, kept.impressions, kept.events)
      is distinct from (excluded.spend_minor, excluded.impressions, excluded.events)
