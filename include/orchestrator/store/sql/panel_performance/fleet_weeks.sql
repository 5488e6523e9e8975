-- Success measures of all users with accounts of one currency, by week, over the last eight weeks.
select
    s.week,
    sum(s.campaigns_created)::bigint as campaigns_created,
    sum(s.goals_with_new_learning)::bigint as goals_with_new_learning,
    sum(s.goals_with_winner_within_7_days)::bigint as goals_with_winner_within_7_days,
    sum(s.promotions)::bigint as promotions,
    sum(s.promotions_scaled)::bigint as promotions_scaled,
    sum(s.learning_spend_minor)::bigint as learning_spend_minor,
    sum(s.learning_events)::bigint as learning_events,
    sum(s.scaling_spend_minor)::bigint as scaling_spend_minor,
    sum(s.scaling_events)::bigint as scaling_events
from weekly_success s
join meta_assets a on a.user_id = s.user_id
where a.currency = %(currency)s
group by s.week
order by s.week desc
limit 8
