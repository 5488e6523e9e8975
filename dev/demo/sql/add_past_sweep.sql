-- A run that was before the demo.
insert into ads_sweeps (run_key, trigger, run_at, dry_run, users, batches, closed_at)
values (%(run_key)s, 'cron', %(run_at)s, false, 1, 1, %(run_at)s)
