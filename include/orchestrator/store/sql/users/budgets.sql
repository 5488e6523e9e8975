-- What a user typed, as it is now.
select global_daily_budget::numeric as global_daily_budget, max_daily_budget::numeric as max_daily_budget
from user_ads_modes
where user_id = %(user_id)s
