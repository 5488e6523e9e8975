-- Store the run that a request joined, and delete entries older than a month: requests are not repeated after
-- that. Entries locked by another transaction are skipped.
with old as materialized (
    select asked_key
    from ads_joined_runs
    where joined_at < now() - interval '30 days' and asked_key <> %(request_key)s
    for update skip locked
), forgotten as (
    delete from ads_joined_runs j using old where j.asked_key = old.asked_key
)
insert into ads_joined_runs (asked_key, run_key, goal_keys) values (%(request_key)s, %(run_key)s, %(goal_keys)s)
on conflict (asked_key) do update
    set run_key = excluded.run_key, goal_keys = excluded.goal_keys, joined_at = excluded.joined_at
