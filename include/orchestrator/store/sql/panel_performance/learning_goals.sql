-- The number of goals with a live learning campaign: of one user, or of all users in one currency.
select count(distinct (c.user_id, c.goal_key)) as goals
from ads_campaigns c
join meta_assets a on a.user_id = c.user_id
where c.role = 'testing' and c.status = 'ACTIVE'
  and (%(user_id)s::uuid is null or c.user_id = %(user_id)s)
  and (%(currency)s::text is null or a.currency = %(currency)s)
