-- A user's success measures, week by week, over the last eight weeks there are any of.
select s.*
from weekly_success s
where s.user_id = %(user_id)s
order by s.week desc
limit 8
