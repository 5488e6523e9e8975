-- The actions of one run in the order they were decided, with the account's currency.
select
    a.step, a.action_type, a.goal_key, a.campaign_id, a.adset_id, a.before_minor, a.after_minor, a.reason,
    a.status, a.message, a.created_at, a.settled_at,
    (select m.currency from meta_assets m where m.user_id = a.user_id) as currency
from run_actions a
where a.run_id = %(run_id)s
order by a.position
