-- Upsert days of ad sets whose reading contradicts what is known: no stored figure is lowered, and no events are
-- taken that exceed the impressions of their day. A day that is not stored yet is inserted as it was read.
with doubted as (
    select r.user_id, r.day, f.adset_id, f.spend_minor, f.impressions, f.events
    from jsonb_to_recordset(%(days)s) as r (
        user_id uuid, day date, adset_ids text[], spend_minor bigint[], impressions int[], events numeric[]
    )
    cross join lateral unnest(r.adset_ids, r.spend_minor, r.impressions, r.events)
        as f (adset_id, spend_minor, impressions, events)
), stored as (
    select k.user_id, k.day, f.adset_id, f.spend_minor, f.impressions, f.events
    from ads_insights_days k
    cross join lateral unnest(k.adset_ids, k.spend_minor, k.impressions, k.events)
        as f (adset_id, spend_minor, impressions, events)
    where (k.user_id, k.day) in (select user_id, day from doubted)
), merged as (
    select
        user_id, day, adset_id,
        greatest(d.spend_minor, s.spend_minor) as spend_minor,
        greatest(d.impressions, s.impressions) as impressions,
        case
            when s.events is null then d.events
            when d.events > greatest(d.impressions, s.impressions) then s.events
            else greatest(d.events, s.events)
        end as events
    from doubted d
    full join stored s using (user_id, day, adset_id)
)
insert into ads_insights_days as kept (user_id, day, adset_ids, spend_minor, impressions, events)
select
    user_id, day,
    array_agg(adset_id order by adset_id), array_agg(spend_minor order by adset_id),
    array_agg(impressions order by adset_id), array_agg(events order by adset_id)
from merged
group by user_id, day
order by user_id, day
on conflict (user_id, day) do update set
    adset_ids = excluded.adset_ids,
    spend_minor = excluded.spend_minor,
    impressions = excluded.impressions,
    events = excluded.events
