-- Stop all users when the latest live actions all failed with one kind of error, and of more than one user:
-- an error of one user is theirs. Outcomes that were read back later do not count, nor do our own refusals.
-- Counted since the last change of the switch, so that a start begins anew.
with latest as (
    select user_id, status, details ->> 'error' as error
    from ads_automation_actions
    where not dry_run and status in ('success', 'failed', 'unknown')
      and settled_at > (select changed_at from orchestrator_switch)
      and not details ? 'read_back'
      and coalesce(details ->> 'error', '') <> all(%(own_refusals)s)
    order by settled_at desc
    limit %(errors)s
)
update orchestrator_switch s set
    stopped = true,
    note = format('%%s actions in a row failed with %%s', l.number, l.error),
    changed_by = 'breaker',
    changed_at = clock_timestamp()
from (
    select count(*) as number, min(error) as error
    from latest
    having count(*) = %(errors)s and count(distinct error) = 1 and count(distinct user_id) > 1
       and count(*) filter (where status = 'success' or error is null) = 0
) l
where not s.stopped
returning s.note
