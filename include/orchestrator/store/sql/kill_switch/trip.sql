-- Stop all users when the latest live actions all failed with one error of the app or the platform: so many of them
-- in a row, and of so many users, or of all users that acted within the hour and more than one. Any other outcome,
-- a refusal too, is an answer and ends the row. Outcomes that were read back later do not count, nor do our own
-- refusals. Counted since the last change of the switch, so that a start begins anew.
with recent as not materialized (
    select
        user_id, settled_at,
        case when status in ('failed', 'unknown') and details ->> 'error' = any(%(common)s)
            then details ->> 'error'
        end as error
    from ads_automation_actions
    where not dry_run and status in ('success', 'failed', 'unknown')
      and settled_at > greatest((select changed_at from orchestrator_switch), clock_timestamp() - interval '1 hour')
      and not details ? 'read_back'
      and coalesce(details ->> 'error', '') <> all(%(own_refusals)s)
), latest as (
    select * from recent order by settled_at desc limit 5 * %(errors)s
), in_a_row as (
    select l.user_id, l.error
    from latest l
    where l.settled_at > coalesce(
        (select max(o.settled_at)
         from latest o
         where o.error is distinct from (select n.error from latest n order by n.settled_at desc limit 1)),
        '-infinity'
    )
)
update orchestrator_switch s set
    stopped = true,
    note = format('the latest %%s actions, of %%s users, all failed with %%s', r.actions, r.users, r.error),
    changed_by = 'breaker',
    changed_at = clock_timestamp()
from (
    select count(*) as actions, count(distinct user_id) as users, min(error) as error
    from in_a_row
    having count(error) >= %(errors)s
) r
where not s.stopped
  and (r.users >= %(errors)s
       or (r.users > 1 and not exists (
           select from recent where user_id not in (select user_id from in_a_row)
       )))
returning s.note
