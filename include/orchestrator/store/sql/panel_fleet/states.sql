-- How many users are in which state.
select state, count(*) as users
from ads_user_states
group by state
