-- Delete a run that was not begun, with its rows. These are locked before the run, in the order of runs/close.
with mine as materialized (
    select status from ads_automation_runs where run_key = %(run_key)s order by id for update
)
delete from ads_sweeps
where run_key = %(run_key)s and not exists (select from mine where status <> 'pending')
