-- A user's part of a run that was before the demo.
insert into ads_automation_runs
    (run_key, user_id, batch, trigger, run_at, dry_run, status, winners_promoted, opened_at, started_at, ended_at)
values (%(run_key)s, %(user_id)s, 0, 'cron', %(run_at)s, false, 'success', 1, %(run_at)s, %(run_at)s, %(run_at)s)
