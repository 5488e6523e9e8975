-- Keep what was read and what the rules see, once a run; a later one replaces it, a missing reading stays.
insert into ads_run_snapshots (run_id, user_id, snapshot, reading)
select r.id, r.user_id, s.snapshot, s.reading
from unnest(%(run_ids)s::uuid[], %(snapshots)s::bytea[], %(readings)s::bytea[])
    as s (run_id, snapshot, reading)
join ads_automation_runs r on r.id = s.run_id
on conflict (run_id) do update set
    snapshot = excluded.snapshot,
    reading = coalesce(excluded.reading, ads_run_snapshots.reading),
    saved_at = now()
