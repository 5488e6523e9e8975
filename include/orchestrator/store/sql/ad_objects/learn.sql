-- Store what is known of ad sets now, and which readings contradict it; of the users read whole all others do not.
with learnt as (
    select *
    from jsonb_to_recordset(%(ad_sets)s) as l (
        id text, user_id uuid, known_events integer, contradicting_events integer, contradicting_impressions bigint
    )
), concerned as (
    select s.id, l.known_events, l.contradicting_events, l.contradicting_impressions
    from learnt l
    join ads_ad_sets s on s.id = l.id and s.user_id = l.user_id
    union all
    select s.id, s.known_events, null, null
    from ads_ad_sets s
    where s.user_id = any(%(user_ids)s) and s.contradicting_events is not null
      and s.id not in (select id from learnt)
)
update ads_ad_sets s set
    known_events = c.known_events,
    contradicting_events = c.contradicting_events,
    contradicting_impressions = c.contradicting_impressions,
    contradicted_at = case when c.contradicting_events is not null then coalesce(s.contradicted_at, %(at)s) end
from concerned c
where s.id = c.id
  and (s.known_events, s.contradicting_events, s.contradicting_impressions)
      is distinct from (c.known_events, c.contradicting_events, c.contradicting_impressions)
