-- The ad sets of a user's campaigns that live, with what they brought in the last seven days there are figures of.
with days as (
    select i.adset_id, i.day, i.spend_minor, i.events
    from ads_ad_sets s
    join ads_insights_daily i on i.adset_id = s.id and i.user_id = s.user_id
    where s.user_id = %(user_id)s
)
select
    s.id, s.campaign_id, s.audience, s.status, s.paused_by, s.paused_reason, s.daily_budget_minor,
    s.source_adset_id, k.name as creative,
    coalesce(week.spend_minor, 0)::bigint as spend_minor,
    coalesce(week.events, 0)::bigint as events
from ads_ad_sets s
join ads_campaigns c on c.id = s.campaign_id and c.status in ('ACTIVE', 'PAUSED')
left join ad_creatives k on k.id::text = s.creative_id and k.user_id = s.user_id
left join lateral (
    select sum(d.spend_minor) as spend_minor, sum(d.events) as events
    from days d
    where d.adset_id = s.id and d.day > (select max(day) - 7 from days)
) week on true
where s.user_id = %(user_id)s and s.status in ('ACTIVE', 'PAUSED')
order by s.campaign_id, s.status, s.audience, k.name, s.id
