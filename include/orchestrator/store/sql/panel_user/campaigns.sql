-- A user's campaigns that live, with what their ad sets brought in the last seven days there are figures of.
with days as (
    select s.campaign_id, i.day, i.spend_minor, i.events
    from ads_ad_sets s
    join ads_insights_daily i on i.adset_id = s.id and i.user_id = s.user_id
    where s.user_id = %(user_id)s
)
select
    c.id, c.goal_key, c.role, c.status, c.paused_by, c.paused_reason, c.created_at, c.spare,
    case c.role when 'scaling' then c.daily_budget_minor else tests.minor end::bigint as budget_minor,
    coalesce(tests.active, 0) as active_ad_sets,
    coalesce(week.spend_minor, 0)::bigint as spend_minor,
    coalesce(week.events, 0)::bigint as events
from ads_campaigns c
left join lateral (
    select count(*) as active, sum(s.daily_budget_minor) as minor
    from ads_ad_sets s
    where s.campaign_id = c.id and s.status = 'ACTIVE'
) tests on true
left join lateral (
    select sum(d.spend_minor) as spend_minor, sum(d.events) as events
    from days d
    where d.campaign_id = c.id and d.day > (select max(day) - 7 from days)
) week on true
where c.user_id = %(user_id)s and c.status in ('ACTIVE', 'PAUSED')
order by c.goal_key, c.role desc, c.created_at, c.id
