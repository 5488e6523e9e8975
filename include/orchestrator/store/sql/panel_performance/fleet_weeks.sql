-- Success measures of all users with accounts of one currency, by week, over the last eight weeks.
select
    s.week,
    least(sum(s.campaigns_created), 9223372036854775807)::bigint as campaigns_created,
    least(sum(s.goals_with_new_learning), 9223372036854775807)::bigint as goals_with_new_learning,
    least(sum(s.goals_with_winner_within_7_days), 9223372036854775807)::bigint as goals_with_winner_within_7_days,
    least(sum(s.promotions), 9223372036854775807)::bigint as promotions,
    least(sum(s.promotions_scaled), 9223372036854775807)::bigint as promotions_scaled,
    least(sum(s.learning_spend_minor), 9223372036854775807)::bigint as learning_spend_minor,
    least(sum(s.learning_events), 9223372036854775807)::bigint as learning_events,
    least(sum(s.scaling_spend_minor), 9223372036854775807)::bigint as scaling_spend_minor,
    least(sum(s.scaling_events), 9223372036854775807)::bigint as scaling_events
from weekly_success s
join meta_assets a on a.user_id = s.user_id
where a.currency = %(currency)s
group by s.week
order by s.week desc
limit 8
