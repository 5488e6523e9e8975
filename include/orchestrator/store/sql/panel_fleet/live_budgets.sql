-- What may be spent a day by what is live, in each currency.
select a.currency, count(distinct b.user_id) as users, least(sum(b.live_minor), 9223372036854775807)::bigint as live_minor
from ads_live_budgets b
join meta_assets a on a.user_id = b.user_id
where b.status = 'ACTIVE' and a.currency is not null
group by a.currency
order by users desc, a.currency
