-- Spend and events a day of one user, by goal and role, over the last sixty days there are figures of.
with days as (
    select c.goal_key, c.role, i.day, sum(i.spend_minor)::bigint as spend_minor, sum(i.events)::bigint as events
    from ads_ad_sets s
    join ads_campaigns c on c.id = s.campaign_id
    join ads_insights_daily i on i.adset_id = s.id and i.user_id = s.user_id
    where s.user_id = %(user_id)s
    group by c.goal_key, c.role, i.day
)
select goal_key, role, day, spend_minor, events
from days
where day > (select max(day) - 60 from days)
order by day, goal_key, role
