-- Stop everybody when the latest live actions of all users all failed with one kind of error.
with latest as (
    select status, details ->> 'error' as error
    from ads_automation_actions
    where not dry_run and status in ('success', 'failed', 'unknown')
      and settled_at > (select changed_at from orchestrator_switch)
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
    having count(*) = %(errors)s and count(distinct error) = 1
       and count(*) filter (where status = 'success' or error is null) = 0
) l
where not s.stopped
returning s.note
