-- Users requested by id: the reason for which each is not eligible, or null.
select
    named.user_id,
    case when u.user_id is null then 'unknown_user' else e.reason end as reason
from unnest(%(user_ids)s::uuid[]) as named (user_id)
left join user_ads_modes u on u.user_id = named.user_id
left join orchestrator_eligibility(%(now)s, %(require_activity_days)s) e on e.user_id = named.user_id
order by named.user_id
