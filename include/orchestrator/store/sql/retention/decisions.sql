-- Decisions of runs that ended long ago, a chunk. Those of a run with an open action stay.
with due as (
    select d.run_id, d.step
    from ads_run_decisions d
    join ads_automation_runs r on r.id = d.run_id
    where d.recorded_at < greatest(%(before)s, %(dry_before)s)
      and r.ended_at < case when r.dry_run then %(dry_before)s else %(before)s end
      and not exists (select from ads_open_actions o where o.run_id = r.id)
    limit %(chunk)s
), gone as (
    delete from ads_run_decisions d using due
    where d.run_id = due.run_id and d.step = due.step and not %(dry_run)s
)
select count(*) as due from due
