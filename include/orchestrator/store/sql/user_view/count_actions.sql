-- How many actions one run of the user whose connection this is has decided.
select count(*) as actions from ads_automation_actions where run_id = %(run_id)s
