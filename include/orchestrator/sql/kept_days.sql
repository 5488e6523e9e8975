-- What was kept of the ad sets of some users, each user's days from the first to the last one given.
select
    i.adset_id,
    array_agg(i.day order by i.day) as days,
    array_agg(i.spend_minor order by i.day) as spend_minor,
    array_agg(i.impressions order by i.day) as impressions,
    array_agg(i.events order by i.day) as events
from unnest(%(user_ids)s::uuid[], %(firsts)s::date[], %(lasts)s::date[]) as asked (user_id, first, last)
join ads_ad_sets s on s.user_id = asked.user_id
join ads_insights_daily i
    on i.adset_id = s.id and i.user_id = asked.user_id and i.day between asked.first and asked.last
group by i.adset_id
