-- Actions of runs that ended long ago, a chunk. These stay: all of a run that has an open action, because
-- settling reads the run's other actions; and live promotions and increases, because success is counted in them.
with due as (
    select a.id
    from ads_automation_actions a
    join ads_automation_runs r on r.id = a.run_id
    where a.created_at < greatest(%(before)s, %(dry_before)s)
      and greatest(a.run_at, r.ended_at) < case when r.dry_run then %(dry_before)s else %(before)s end
      and r.ended_at is not null
      and not exists (select from ads_open_actions o where o.run_id = r.id)
      and not (
          not a.dry_run and a.status = 'success'
          and (a.action_type = 'promote_winner' or a.reason = %(increase_reason)s)
      )
    limit %(chunk)s
), gone as (
    delete from ads_automation_actions a using due where a.id = due.id and not %(dry_run)s
)
select count(*) as due from due
