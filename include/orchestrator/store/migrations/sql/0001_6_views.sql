-- The questions people ask. Each view shows whoever asks only the rows they may see.

-- A user's runs, with the decision document in one piece: order by opened_at desc, limit.
create view recent_runs with (security_invoker = true) as
select
    r.user_id, r.id as run_id, r.run_key, r.trigger, r.dry_run, r.run_at, r.opened_at, r.started_at,
    r.ended_at, r.status, r.error, r.goal_keys, r.config, r.campaigns_created, r.campaigns_updated,
    r.winners_promoted, r.budgets_scaled, r.adsets_paused, r.errors_count,
    (select jsonb_object_agg(d.step, d.decision) from ads_run_decisions d where d.run_id = r.id)
        as decision
from ads_automation_runs r;

-- A run's actions in the order they were decided: order by position.
create view run_actions with (security_invoker = true) as
select
    a.run_id, a.user_id,
    row_number() over (
        partition by a.run_id
        order by array_position(array['allocate', 'learning', 'promote', 'scale', 'pause'], a.step),
                 a.ordinal
    ) as position,
    a.id as action_id, a.step, a.action_type, a.goal_key, a.campaign_id, a.adset_id, a.creative_id,
    a.before_minor, a.after_minor, a.reason, a.status, a.message, a.details, a.promoted_from_id,
    a.dry_run, a.attempts, a.created_at, a.intended_at, a.settled_at
from ads_automation_actions a;

-- Winners that were promoted, and how their copy stands.
create view winner_promotions with (security_invoker = true) as
select
    a.user_id, a.run_id, a.id as action_id, a.goal_key, a.run_at as promoted_at,
    a.adset_id as winner_adset_id, w.audience, a.creative_id, a.campaign_id as scaling_campaign_id,
    c.id as copy_adset_id, c.status as copy_status, a.status, a.message, a.details
from ads_automation_actions a
left join ads_ad_sets w on w.id = a.adset_id and w.user_id = a.user_id
left join lateral (
    select s.id, s.status
    from ads_ad_sets s
    where s.source_adset_id = a.adset_id and s.user_id = a.user_id and s.created_at >= a.run_at
    order by s.created_at, s.id
    limit 1
) c on true
where a.action_type = 'promote_winner' and not a.dry_run and a.status in ('success', 'unknown');

-- Week by week and user by user: is it working? Weeks begin on Monday, UTC. Three counts under
-- each other and summed, not joined: so asking for one user reads that user's rows alone.
create view weekly_success with (security_invoker = true) as
select
    user_id, week,
    sum(campaigns_created)::bigint as campaigns_created,
    sum(goals_with_new_learning)::bigint as goals_with_new_learning,
    sum(goals_with_winner_within_7_days)::bigint as goals_with_winner_within_7_days,
    sum(promotions)::bigint as promotions,
    sum(promotions_scaled)::bigint as promotions_scaled,
    sum(learning_spend_minor)::bigint as learning_spend_minor,
    sum(learning_events)::bigint as learning_events,
    sum(scaling_spend_minor)::bigint as scaling_spend_minor,
    sum(scaling_events)::bigint as scaling_events,
    -- Below 1: an event costs less in scaling than in learning.
    (sum(scaling_spend_minor) / nullif(sum(scaling_events), 0))
        / nullif(sum(learning_spend_minor) / nullif(sum(learning_events), 0), 0) as scaling_cost_ratio
from (
    select
        c.user_id,
        date_trunc('week', c.created_at, 'UTC') as week,
        count(*) as campaigns_created,
        count(distinct c.goal_key) filter (where c.role = 'testing') as goals_with_new_learning,
        count(distinct c.goal_key) filter (where c.role = 'testing' and exists (
            select
            from ads_automation_actions p
            where p.user_id = c.user_id and p.goal_key = c.goal_key and p.action_type = 'promote_winner'
              and not p.dry_run and p.status = 'success'
              and p.run_at between c.created_at and c.created_at + interval '7 days'
        )) as goals_with_winner_within_7_days,
        0 as promotions, 0 as promotions_scaled,
        0 as learning_spend_minor, 0 as learning_events, 0 as scaling_spend_minor, 0 as scaling_events
    from ads_campaigns c
    group by 1, 2
    union all
    select
        p.user_id,
        date_trunc('week', p.run_at, 'UTC'),
        0, 0, 0,
        count(*),
        count(*) filter (where exists (
            select
            from ads_automation_actions s
            where s.user_id = p.user_id and s.goal_key = p.goal_key and s.reason = 'scale_up'
              and not s.dry_run and s.status = 'success' and s.run_at > p.run_at
        )),
        0, 0, 0, 0
    from ads_automation_actions p
    where p.action_type = 'promote_winner' and not p.dry_run and p.status = 'success'
    group by 1, 2
    union all
    select
        s.user_id,
        date_trunc('week', i.day::timestamp) at time zone 'UTC',
        0, 0, 0, 0, 0,
        coalesce(sum(i.spend_minor) filter (where c.role = 'testing'), 0),
        coalesce(sum(i.events) filter (where c.role = 'testing'), 0),
        coalesce(sum(i.spend_minor) filter (where c.role = 'scaling'), 0),
        coalesce(sum(i.events) filter (where c.role = 'scaling'), 0)
    from ads_ad_sets s
    join ads_campaigns c on c.id = s.campaign_id
    join ads_insights_daily i on i.adset_id = s.id and i.user_id = s.user_id
    group by 1, 2
) counted
group by user_id, week;

grant select on recent_runs, run_actions, winner_promotions, weekly_success to ads_user, ads_service;
