-- What the success measures need of daily figures that are gone: a campaign's week, Monday first.
create table ads_insights_weekly (
    user_id     uuid not null,
    campaign_id text not null,
    week        date not null check (extract(isodow from week) = 1),
    spend_minor bigint not null check (spend_minor >= 0),
    events      bigint not null check (events >= 0),
    primary key (campaign_id, week),
    constraint ads_insights_weekly_of_own_campaign
        foreign key (campaign_id, user_id) references ads_campaigns (id, user_id)
);
create index ads_insights_weekly_by_user on ads_insights_weekly (user_id);

alter table ads_insights_weekly enable row level security;
alter table ads_insights_weekly force row level security;
create policy ads_service_all on ads_insights_weekly to ads_service using (true) with check (true);
create policy ads_user_own on ads_insights_weekly to ads_user
    using (user_id = (select ads_current_user()))
    with check (user_id = (select ads_current_user()));
create policy ads_user_only_own on ads_insights_weekly as restrictive to ads_user
    using (user_id = (select ads_current_user()))
    with check (user_id = (select ads_current_user()));
grant select, insert, update, delete on ads_insights_weekly to ads_service;
grant select on ads_insights_weekly to ads_user;

-- Rows are written in the order of time, so a few bytes a megabyte of table find the old ones.
create index ads_insights_daily_by_age on ads_insights_daily using brin (day date_minmax_multi_ops);
create index ads_run_decisions_by_age on ads_run_decisions
    using brin (recorded_at timestamptz_minmax_multi_ops);
create index ads_automation_runs_by_age on ads_automation_runs
    using brin (opened_at timestamptz_minmax_multi_ops);

-- As before, with the weeks whose days are gone beside those whose days are there.
create or replace view weekly_success with (security_invoker = true) as
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
    union all
    select
        w.user_id,
        w.week::timestamp at time zone 'UTC',
        0, 0, 0, 0, 0,
        coalesce(sum(w.spend_minor) filter (where c.role = 'testing'), 0),
        coalesce(sum(w.events) filter (where c.role = 'testing'), 0),
        coalesce(sum(w.spend_minor) filter (where c.role = 'scaling'), 0),
        coalesce(sum(w.events) filter (where c.role = 'scaling'), 0)
    from ads_insights_weekly w
    join ads_campaigns c on c.id = w.campaign_id and c.user_id = w.user_id
    group by 1, 2
) counted
group by user_id, week;
