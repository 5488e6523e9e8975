-- Users' days of long ago, a chunk. What the success measures need of them is added to the campaign's week.
with due as (
    select user_id, day
    from ads_insights_days
    where day < %(before)s::date
    limit %(chunk)s
), gone as (
    delete from ads_insights_days i using due
    where i.user_id = due.user_id and i.day = due.day and not %(dry_run)s
    returning i.user_id, i.day, i.adset_ids, i.spend_minor, i.events
), kept as (
    insert into ads_insights_weekly as kept (user_id, campaign_id, week, spend_minor, events)
    select s.user_id, s.campaign_id, date_trunc('week', g.day::timestamp)::date, sum(f.spend_minor), sum(f.events)
    from gone g
    cross join lateral unnest(g.adset_ids, g.spend_minor, g.events) as f (adset_id, spend_minor, events)
    join ads_ad_sets s on s.id = f.adset_id and s.user_id = g.user_id
    group by 1, 2, 3
    on conflict (campaign_id, week) do update set
        spend_minor = kept.spend_minor + excluded.spend_minor,
        events = kept.events + excluded.events
)
select count(*) as due from due
