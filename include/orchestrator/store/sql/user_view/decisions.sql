-- The decisions of one run of the connection's user by step, and the account's currency.
select
    (select jsonb_object_agg(d.step, d.decision) from ads_decided_steps d where d.run_id = r.id) as decisions,
    (select m.currency from meta_assets m where m.user_id = r.user_id) as currency
from ads_automation_runs r
where r.id = %(run_id)s
