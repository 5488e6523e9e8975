-- The goals of a user with a campaign that was paused because the goal had no event anywhere.
select distinct goal_key
from ads_campaigns
where user_id = %(user_id)s and status = 'PAUSED' and paused_by = 'orchestrator' and paused_reason = %(reason)s
order by goal_key
