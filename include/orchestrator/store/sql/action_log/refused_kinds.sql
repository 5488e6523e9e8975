-- Types of action for which many users of one whole run met the same refusal.
select a.action_type
from ads_automation_actions a
join ads_automation_runs r on r.id = a.run_id
join ads_automation_runs mine on mine.id = %(run_id)s and mine.run_key = r.run_key and mine.run_at = a.run_at
where a.status = 'failed' and not a.dry_run and a.details ->> 'error' = any(%(refusals)s)
group by a.action_type, a.details ->> 'error', a.details -> 'code', a.details -> 'subcode'
having count(distinct a.user_id) >= %(users)s
