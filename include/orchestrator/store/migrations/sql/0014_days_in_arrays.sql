-- Nobody writes a figure between the copy and its end. And the policies hold the table's owner too: from a migrating
-- login that is not in ads_service by inheritance they would hide every row, and nothing would be moved.
lock table ads_insights_daily in access exclusive mode;
alter table ads_insights_daily no force row level security;

create function ads_all_differ(text[]) returns boolean
    language sql immutable strict parallel safe
    return (select count(*) = count(distinct each) from unnest($1) as each);
revoke execute on function ads_all_differ(text[]) from public;
grant execute on function ads_all_differ(text[]) to ads_service;

-- What a user's ad sets did on one account day, one row: the n-th number of each column is the n-th ad set's. By a
-- row and an index entry of its own, an ad set's day took 230 bytes for its 30 bytes of figures.
create table ads_insights_days (
    user_id     uuid not null,
    day         date not null,
    adset_ids   text[] not null,
    spend_minor bigint[] not null,
    impressions integer[] not null,
    events      integer[] not null,
    primary key (user_id, day),
    constraint ads_insights_days_spend_minor_check check (0 <= all (spend_minor)),
    constraint ads_insights_days_impressions_check check (0 <= all (impressions)),
    constraint ads_insights_days_events_check check (0 <= all (events)),
    constraint ads_insights_days_one_figure_an_ad_set check (
        ads_all_differ(adset_ids)
        and array_position(adset_ids, null) is null
        and array_position(spend_minor, null) is null
        and array_position(impressions, null) is null
        and array_position(events, null) is null
        and cardinality(spend_minor) = cardinality(adset_ids)
        and cardinality(impressions) = cardinality(adset_ids)
        and cardinality(events) = cardinality(adset_ids)
    )
);
create index ads_insights_days_by_age on ads_insights_days using brin (day date_minmax_multi_ops);

insert into ads_insights_days (user_id, day, adset_ids, spend_minor, impressions, events)
select
    user_id, day,
    array_agg(adset_id order by adset_id), array_agg(spend_minor order by adset_id),
    array_agg(impressions order by adset_id), array_agg(events order by adset_id)
from ads_insights_daily
group by user_id, day;

do $$
begin
    if (select count(*) from ads_insights_daily)
       <> (select coalesce(sum(cardinality(adset_ids)), 0) from ads_insights_days) then
        raise exception 'not all daily figures would be moved; nothing was changed';
    end if;
end
$$;

alter table ads_insights_days enable row level security;
alter table ads_insights_days force row level security;
create policy ads_service_all on ads_insights_days to ads_service using (true) with check (true);
create policy ads_user_own on ads_insights_days to ads_user
    using (user_id = (select ads_current_user()))
    with check (user_id = (select ads_current_user()));
create policy ads_user_only_own on ads_insights_days as restrictive to ads_user
    using (user_id = (select ads_current_user()))
    with check (user_id = (select ads_current_user()));
revoke all on ads_insights_days from ads_user;
grant select, insert, update, delete on ads_insights_days to ads_service;
grant select on ads_insights_days to ads_user;

-- Ad set by account day, under the name and with the columns it always had. Who asks for a user's names the user:
-- days are found by user and day. What reads it is made again as it was.
do $$
declare
    success text := pg_get_viewdef('weekly_success'::regclass);
begin
    drop view weekly_success;
    drop table ads_insights_daily;
    create view ads_insights_daily with (security_invoker = true) as
    select d.user_id, f.spend_minor, d.day, f.impressions, f.events, f.adset_id
    from ads_insights_days d
    cross join lateral unnest(d.adset_ids, d.spend_minor, d.impressions, d.events)
        as f (adset_id, spend_minor, impressions, events);
    execute 'create view weekly_success with (security_invoker = true) as ' || success;
end
$$;
grant select on ads_insights_daily, weekly_success to ads_user, ads_service;
