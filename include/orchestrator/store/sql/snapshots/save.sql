-- Insert the snapshots of some runs. A later one replaces the first only as its completion: decisions were made
-- of the first.
insert into ads_run_snapshots (run_id, user_id, snapshot, part_events)
select r.id, r.user_id, s.snapshot, s.part_events
from unnest(%(run_ids)s::uuid[], %(snapshots)b::bytea[], %(part_events)s::jsonb[]) as s (run_id, snapshot, part_events)
join ads_automation_runs r on r.id = s.run_id
on conflict (run_id) do update set
    snapshot = excluded.snapshot, part_events = excluded.part_events, saved_at = now()
where %(completed)s
