-- Exchange rates for currencies that have none yet: the demo's are rough and never replace a real one.
insert into fx_rates (currency, day, units_per_usd, source)
select p.currency, p.day, p.units_per_usd, 'demo'
from jsonb_to_recordset(%(rows)s) as p (currency text, day date, units_per_usd numeric)
where not exists (select from fx_rates f where f.currency = p.currency)
