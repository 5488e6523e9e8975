-- The number of actions in one run of the connection's user.
select count(*) as actions from ads_automation_actions where run_id = %(run_id)s
