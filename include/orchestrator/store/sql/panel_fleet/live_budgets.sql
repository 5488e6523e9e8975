-- What may be spent a day by what is live, in each currency.
select a.currency, count(distinct c.user_id) as users,
    sum(case c.role when 'scaling' then c.daily_budget_minor else tests.minor end)::bigint as live_minor
from ads_campaigns c
join meta_assets a on a.user_id = c.user_id
left join (
    select s.campaign_id, sum(s.daily_budget_minor) as minor
    from ads_ad_sets s
    where s.status = 'ACTIVE'
    group by s.campaign_id
) tests on tests.campaign_id = c.id
where c.status = 'ACTIVE' and a.currency is not null
group by a.currency
order by users desc, a.currency
