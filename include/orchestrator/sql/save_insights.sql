-- Keep ad set days, a user's day a row. What Meta restates replaces what was there; ad sets of which nothing was read
-- keep their figures. A day that stays the same is not touched: a conflict would lock the row, which writes its page.
with read as (
    select *
    from unnest(
        %(user_ids)s::uuid[], %(adset_ids)s::text[], %(days)s::date[], %(spend_minor)s::bigint[],
        %(impressions)s::int[], %(events)s::int[]
    ) as r (user_id, adset_id, day, spend_minor, impressions, events)
), before as (
    select k.*
    from (select distinct user_id, day from read) r
    join ads_insights_days k on k.user_id = r.user_id and k.day = r.day
), whole as (
    select
        user_id, day,
        array_agg(adset_id order by adset_id) as adset_ids,
        array_agg(spend_minor order by adset_id) as spend_minor,
        array_agg(impressions order by adset_id) as impressions,
        array_agg(events order by adset_id) as events
    from (
        select user_id, day, adset_id, spend_minor, impressions, events from read
        union all
        select b.user_id, b.day, f.*
        from before b
        cross join lateral unnest(b.adset_ids, b.spend_minor, b.impressions, b.events)
            as f (adset_id, spend_minor, impressions, events)
        -- Not "not in": with many ad sets that is a search through all rows for each row.
        where not exists (
            select from read r where r.user_id = b.user_id and r.day = b.day and r.adset_id = f.adset_id
        )
    ) figures
    group by user_id, day
)
insert into ads_insights_days as kept (user_id, day, adset_ids, spend_minor, impressions, events)
select w.*
from whole w
left join before b on b.user_id = w.user_id and b.day = w.day
where (w.adset_ids, w.spend_minor, w.impressions, w.events)
      is distinct from (b.adset_ids, b.spend_minor, b.impressions, b.events)
order by w.user_id, w.day
on conflict (user_id, day) do update set
    adset_ids = excluded.adset_ids,
    spend_minor = excluded.spend_minor,
    impressions = excluded.impressions,
    events = excluded.events
