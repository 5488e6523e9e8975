-- The ad sets of a user that may spend again and whose latest reading contradicts what is known; of a goal, or of all.
select
    id as ad_set_id, goal_key, audience, known_events, contradicting_events, contradicting_impressions, contradicted_at
from ads_ad_sets
where user_id = %(user_id)s and contradicting_events is not null and status in ('ACTIVE', 'PAUSED')
  and (%(goal_key)s::text is null or goal_key = %(goal_key)s)
order by goal_key, created_at, id
