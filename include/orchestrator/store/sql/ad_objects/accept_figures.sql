-- Make the figures that contradict what is known of some ad sets what is known, and have all days read again.
with named as materialized (
    select id, known_events, contradicting_events
    from ads_ad_sets
    where user_id = %(user_id)s and id = any(%(ad_set_ids)s) and contradicting_events is not null
    order by id
    for no key update
), accepted as (
    update ads_ad_sets s set
        known_events = n.contradicting_events,
        contradicting_events = null, contradicting_impressions = null, contradicted_at = null
    from named n
    where s.id = n.id
), read_again as (
    update meta_assets set insights_restated_at = null
    where user_id = %(user_id)s and exists (select from named)
)
select id as ad_set_id, known_events as before, contradicting_events as after from named order by id
