-- Users whom nobody stopped and whose latest run did something (worked), or had nothing to do or is not there
-- (idle), after the last one of the page before. Most users are one or the other, so a page is found soon.
select u.user_id
from user_ads_modes u
left join lateral (
    select
        r.status,
        r.campaigns_created + r.campaigns_updated + r.winners_promoted + r.adsets_paused as done
    from ads_automation_runs r
    where r.user_id = u.user_id
    order by r.opened_at desc, r.id desc
    limit 1
) latest on true
where u.user_id > %(after)s and u.user_id between %(low)s and %(high)s
  and u.paused_by_operator is not true
  and coalesce(latest.status, 'success') in ('success', 'refused')
  and (coalesce(latest.status = 'success' and latest.done > 0, false)) = (%(state)s::text = 'worked')
order by u.user_id
limit %(page_size)s
