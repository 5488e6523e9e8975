-- A user's success measures by week, over the last eight weeks there are any of.
select
    s.week, s.campaigns_created, s.goals_with_new_learning, s.goals_with_winner_within_7_days, s.promotions,
    s.promotions_scaled, s.learning_spend_minor, s.learning_events, s.scaling_spend_minor, s.scaling_events
from weekly_success s
where s.user_id = %(user_id)s
order by s.week desc
limit 8
