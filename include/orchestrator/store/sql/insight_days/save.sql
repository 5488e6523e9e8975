-- Upsert ad set days, a user's day a row. Restated figures replace the old ones; ad sets that were not read keep
-- theirs, as of the start of this statement. Of two concurrent writes of a day the later may drop ad sets that only
-- the other had just read; the next reading of the day brings them back.
-- An unchanged day is not touched: a conflict would lock the row, which writes its page.
insert into ads_insights_days as kept (user_id, day, adset_ids, spend_minor, impressions, events)
select r.user_id, r.day, whole.*
from jsonb_to_recordset(%(days)s) as r (
    user_id uuid, day date, adset_ids text[], spend_minor bigint[], impressions int[], events numeric[]
)
left join ads_insights_days k on k.user_id = r.user_id and k.day = r.day
cross join lateral (
    select
        array_agg(adset_id order by adset_id), array_agg(spend_minor order by adset_id),
        array_agg(impressions order by adset_id), array_agg(events order by adset_id)
    from (
        select * from unnest(r.adset_ids, r.spend_minor, r.impressions, r.events)
        union all
        select *
        from unnest(k.adset_ids, k.spend_minor, k.impressions, k.events) as f (adset_id, spend_minor, impressions, events)
        where f.adset_id <> all (r.adset_ids)
    ) as figures (adset_id, spend_minor, impressions, events)
) as whole (adset_ids, spend_minor, impressions, events)
where (whole.adset_ids, whole.spend_minor, whole.impressions, whole.events)
      is distinct from (k.adset_ids, k.spend_minor, k.impressions, k.events)
order by r.user_id, r.day
on conflict (user_id, day) do update set
    adset_ids = excluded.adset_ids,
    spend_minor = excluded.spend_minor,
    impressions = excluded.impressions,
    events = excluded.events
