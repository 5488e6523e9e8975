-- A user's campaigns that live, with what their ad sets brought in the last seven days there are figures of.
with days as (
    select s.campaign_id, i.day, i.spend_minor, i.events
    from ads_ad_sets s
    join ads_insights_daily i on i.adset_id = s.id and i.user_id = s.user_id
    where s.user_id = %(user_id)s
)
select
    c.id, c.goal_key, c.role, c.status, c.paused_by, c.paused_reason, c.created_at, c.spare,
    b.budget_minor, b.live_minor, b.active_ad_sets,
    coalesce(week.spend_minor, 0)::bigint as spend_minor,
    coalesce(week.events, 0)::bigint as events
from ads_campaigns c
join ads_live_budgets b on b.campaign_id = c.id and b.user_id = c.user_id
left join lateral (
    select sum(d.spend_minor) as spend_minor, sum(d.events) as events
    from days d
    where d.campaign_id = c.id and d.day > (select max(day) - 7 from days)
) week on true
where c.user_id = %(user_id)s and c.status in ('ACTIVE', 'PAUSED')
order by c.goal_key, c.role desc, c.created_at, c.id
