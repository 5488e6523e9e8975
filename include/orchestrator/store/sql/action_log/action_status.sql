-- An action's status, for a message.
select status, dry_run from ads_automation_actions where id = %(action_id)s
