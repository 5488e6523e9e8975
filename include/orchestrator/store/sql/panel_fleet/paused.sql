-- Users stopped by an operator, without a current run, after the last one of the page before.
select s.user_id
from ads_user_states s
where s.paused_by_operator and s.state = %(state)s
  and s.user_id > %(after)s and s.user_id between %(low)s and %(high)s
order by s.user_id
limit %(page_size)s
