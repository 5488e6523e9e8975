-- Ad set days of long ago, a chunk. What the success measures need of them is added to the campaign's week.
with due as (
    select adset_id, day
    from ads_insights_daily
    where day < %(before)s::date
    limit %(chunk)s
), gone as (
    delete from ads_insights_daily i using due
    where i.adset_id = due.adset_id and i.day = due.day and not %(dry_run)s
    returning i.user_id, i.adset_id, i.day, i.spend_minor, i.events
), kept as (
    insert into ads_insights_weekly as kept (user_id, campaign_id, week, spend_minor, events)
    select s.user_id, s.campaign_id, date_trunc('week', g.day::timestamp)::date, sum(g.spend_minor), sum(g.events)
    from gone g
    join ads_ad_sets s on s.id = g.adset_id and s.user_id = g.user_id
    group by 1, 2, 3
    on conflict (campaign_id, week) do update set
        spend_minor = kept.spend_minor + excluded.spend_minor,
        events = kept.events + excluded.events
)
select count(*) as due from due
