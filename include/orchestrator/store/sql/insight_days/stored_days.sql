-- Stored days of some users, each user's from the first to the last one given.
select k.user_id, k.day, k.adset_ids, k.spend_minor, k.impressions, k.events
from unnest(%(user_ids)s::uuid[], %(firsts)s::date[], %(lasts)s::date[]) as wanted (user_id, first, last)
join ads_insights_days k on k.user_id = wanted.user_id and k.day between wanted.first and wanted.last
order by k.user_id, k.day
