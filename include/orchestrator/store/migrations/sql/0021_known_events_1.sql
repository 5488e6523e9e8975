-- The most lifetime core events ever stored of an ad set; and the last reading of it, while that contradicts them.
alter table ads_ad_sets
    add column known_events integer check (known_events >= 0),
    add column contradicting_events integer check (contradicting_events >= 0),
    add column contradicting_impressions bigint check (contradicting_impressions >= 0),
    add column contradicted_at timestamptz,
    add constraint ads_ad_sets_contradiction_is_whole check (
        (contradicting_events is null) = (contradicting_impressions is null)
        and (contradicting_events is null) = (contradicted_at is null)
    );
create index ads_ad_sets_contradicted on ads_ad_sets (user_id) where contradicting_events is not null;
-- What is known of an ad set that delivers grows in every run.
alter table ads_ad_sets set (fillfactor = 80);

-- Lifetime figures were not stored; the days were. The owner is under the policies as well, and would see no row.
alter table ads_ad_sets no force row level security;
alter table ads_insights_days no force row level security;
update ads_ad_sets s set known_events = least(stored.events, 2147483647)
from (
    select d.user_id, f.adset_id, sum(f.events) as events
    from ads_insights_days d
    cross join lateral unnest(d.adset_ids, d.events) as f (adset_id, events)
    group by d.user_id, f.adset_id
) stored
where s.id = stored.adset_id and s.user_id = stored.user_id;
alter table ads_ad_sets force row level security;
alter table ads_insights_days force row level security;

-- What a person decided about a user's evidence or a goal that was paused: the user, or an operator by name.
create table ads_interventions (
    id       bigint generated always as identity primary key,
    user_id  uuid not null,
    goal_key text,
    kind     text not null check (kind in ('accept_figures', 'resume_goal')),
    origin   text not null check (origin in ('user', 'operator')),
    made_by  text not null check (made_by <> ''),
    made_at  timestamptz not null default now(),
    details  jsonb not null default '{}'
);
create index ads_interventions_by_user on ads_interventions (user_id, made_at);

alter table ads_interventions enable row level security;
alter table ads_interventions force row level security;
create policy ads_service_all on ads_interventions to ads_service using (true) with check (true);
create policy ads_user_own on ads_interventions to ads_user
    using (user_id = (select ads_current_user()))
    with check (user_id = (select ads_current_user()));
create policy ads_user_only_own on ads_interventions as restrictive to ads_user
    using (user_id = (select ads_current_user()))
    with check (user_id = (select ads_current_user()));
revoke all on ads_interventions from ads_user;
grant select, insert, update, delete on ads_interventions to ads_service;
grant select on ads_interventions to ads_user;
