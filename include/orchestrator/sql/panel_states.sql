-- How many users are in which state. The same cases as the lists of each state.
select state, count(*) as users
from (
    select case
        when latest.status in ('pending', 'running') then 'running'
        when u.paused_by_operator then 'paused'
        when latest.status in ('failed', 'throttled') then latest.status
        when latest.status = 'success' and latest.done > 0 then 'worked'
        else 'idle'
    end as state
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
) of_user
group by state
