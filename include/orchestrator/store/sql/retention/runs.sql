-- Users' runs that ended long ago and of which nothing else is left, a chunk.
with due as (
    select r.id
    from ads_automation_runs r
    where r.opened_at < greatest(%(before)s, %(dry_before)s)
      and r.ended_at < case when r.dry_run then %(dry_before)s else %(before)s end
      and not exists (select from ads_automation_actions a where a.run_id = r.id)
      and not exists (select from ads_run_decisions d where d.run_id = r.id)
      and not exists (select from ads_run_snapshots s where s.run_id = r.id)
    limit %(chunk)s
), gone as (
    delete from ads_automation_runs r using due where r.id = due.id and not %(dry_run)s
)
select count(*) as due from due
