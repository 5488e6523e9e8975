-- One page of eligible users, after the last user of the page before.
select user_id
from get_orchestrator_eligible_users(%(after)s, %(page_size)s, %(require_activity_days)s, %(now)s)
