-- Set the kill switch of all users, with note and author.
insert into orchestrator_switch as s (stopped, note, changed_by, changed_at)
values (%(stopped)s, %(note)s, %(changed_by)s, clock_timestamp())
on conflict (only_row) do update set
    stopped = excluded.stopped, note = excluded.note,
    changed_by = excluded.changed_by, changed_at = excluded.changed_at
returning changed_at
