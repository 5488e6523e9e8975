-- Snapshots of runs that ended long ago, a chunk. Those of a run with an open action stay.
with due as (
    select s.run_id
    from ads_run_snapshots s
    join ads_automation_runs r on r.id = s.run_id
    where s.saved_at < greatest(%(before)s, %(dry_before)s)
      and r.ended_at < case when r.dry_run then %(dry_before)s else %(before)s end
      and not exists (select from ads_open_actions o where o.run_id = r.id)
    limit %(chunk)s
), gone as (
    delete from ads_run_snapshots s using due where s.run_id = due.run_id and not %(dry_run)s
)
select count(*) as due from due
