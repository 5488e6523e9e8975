-- Spend and events a day of all users with accounts of one currency, by goal and role, over four weeks.
select c.goal_key, c.role, i.day, least(sum(i.spend_minor), 9223372036854775807)::bigint as spend_minor, least(sum(i.events), 9223372036854775807)::bigint as events
from ads_insights_daily i
join ads_ad_sets s on s.id = i.adset_id and s.user_id = i.user_id
join ads_campaigns c on c.id = s.campaign_id
join meta_assets a on a.user_id = c.user_id
where i.day > (select max(day) - 28 from ads_insights_days) and a.currency = %(currency)s
group by c.goal_key, c.role, i.day
order by i.day, c.goal_key, c.role
