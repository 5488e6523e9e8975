-- The platform attributes parts of an event: 0.9 of a conversion. They are stored as they are reported, so that days
-- add up exactly. The columns are rewritten, as long as nobody writes a figure.
lock table ads_insights_days, ads_insights_weekly in access exclusive mode;

do $$
declare
    success text := pg_get_viewdef('weekly_success'::regclass);
begin
    drop view weekly_success;
    drop view ads_insights_daily;
    alter table ads_insights_days alter column events type numeric[] using events::numeric[];
    alter table ads_insights_weekly alter column events type numeric;
    -- What is no number is larger than any, and is none to add.
    alter table ads_insights_days add constraint ads_insights_days_events_are_numbers
        check (2147483647 >= all (events));
    create view ads_insights_daily with (security_invoker = true) as
    select d.user_id, f.spend_minor, d.day, f.impressions, f.events, f.adset_id
    from ads_insights_days d
    cross join lateral unnest(d.adset_ids, d.spend_minor, d.impressions, d.events)
        as f (adset_id, spend_minor, impressions, events);
    -- Events are numeric now: no sum of them may leave what a bigint holds.
    success := regexp_replace(
        success, '\(?sum\(([a-z_.]*_events)\)\)?::bigint', 'least(sum(\1), 9223372036854775807)::bigint', 'g'
    );
    execute 'create view weekly_success with (security_invoker = true) as ' || success;
end
$$;
grant select on ads_insights_daily, weekly_success to ads_user, ads_service;

-- Events of a run's days that are not whole, by ad set and day: the snapshot has them rounded.
alter table ads_run_snapshots add column part_events jsonb check (jsonb_typeof(part_events) = 'object');
