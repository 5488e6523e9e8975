-- Open a run. A transaction that opens the same run waits here, then finds it open.
insert into ads_sweeps (run_key, trigger, run_at, dry_run, users, batches)
values (%(run_key)s, %(trigger)s, %(now)s, %(dry_run)s, %(users)s, %(batches)s)
on conflict do nothing
returning run_key
