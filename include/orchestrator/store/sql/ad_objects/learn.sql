-- Store what is known of ad sets now, and which readings contradict it; of the users read whole all others do not.
-- Of one whose reading contradicts, what is known stays: a person may have accepted it since it was read.
-- Locked in order of id, as wherever ad sets are written.
with learnt as (
    select *
    from jsonb_to_recordset(%(ad_sets)s) as l (
        id text, user_id uuid, known_events integer, contradicting_events integer, contradicting_impressions bigint
    )
), concerned as (
    select id from learnt
    union
    select id from ads_ad_sets where user_id = any(%(user_ids)s) and contradicting_events is not null
), locked as materialized (
    select id from ads_ad_sets where id in (select id from concerned) order by id for no key update
)
update ads_ad_sets s set
    known_events = case
        when l.id is null or l.contradicting_events is not null then s.known_events else l.known_events
    end,
    contradicting_events = l.contradicting_events,
    contradicting_impressions = l.contradicting_impressions,
    contradicted_at = case when l.contradicting_events is not null then coalesce(s.contradicted_at, %(at)s) end
from locked
left join learnt l on l.id = locked.id
where s.id = locked.id and s.user_id = coalesce(l.user_id, s.user_id)
  and (l.contradicting_events is null or s.known_events is not distinct from l.known_events)
  and (s.known_events, s.contradicting_events, s.contradicting_impressions) is distinct from (
      case when l.id is null or l.contradicting_events is not null then s.known_events else l.known_events end,
      l.contradicting_events, l.contradicting_impressions
  )
