-- Whole runs that closed long ago and of which no user's run is left, a chunk.
with due as (
    select s.run_key
    from ads_sweeps s
    where s.opened_at < greatest(%(before)s, %(dry_before)s)
      and s.closed_at < case when s.dry_run then %(dry_before)s else %(before)s end
      and not exists (select from ads_automation_runs r where r.run_key = s.run_key)
    limit %(chunk)s
), gone as (
    delete from ads_sweeps s using due where s.run_key = due.run_key and not %(dry_run)s
)
select count(*) as due from due
