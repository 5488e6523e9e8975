-- Users in one of the two common states (worked, idle), after the last one of the page before. Most users are
-- one or the other, so a page is found soon.
select s.user_id
from ads_user_states s
where s.state = %(state)s and s.user_id > %(after)s and s.user_id between %(low)s and %(high)s
order by s.user_id
limit %(page_size)s
