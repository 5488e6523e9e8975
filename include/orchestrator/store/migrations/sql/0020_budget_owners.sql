-- Lifetime budgets as an amount a day, and what people's own ad sets in a campaign of ours may spend a day.
alter table ads_campaigns
    add column lifetime_daily_minor bigint check (lifetime_daily_minor >= 0),
    add column foreign_daily_minor bigint not null default 0 check (foreign_daily_minor >= 0);
alter table ads_ad_sets add column lifetime_daily_minor bigint check (lifetime_daily_minor >= 0);

-- The live daily budget, campaign by campaign: the definition of rules/live_budget.py over what is stored. Whoever owns
-- a budget spends it: the campaign, or else its ACTIVE ad sets, people's own among them; live is what is ACTIVE.
-- budget_minor is what a campaign adds while it is ACTIVE, live_minor what it adds now; in minor units of the account's
-- currency.
create or replace view ads_live_budgets with (security_invoker = true) as
select
    b.campaign_id, b.user_id, b.goal_key, b.role, b.status, b.active_ad_sets, b.budget_minor,
    case b.status when 'ACTIVE' then b.budget_minor else 0 end as live_minor
from (
    select
        c.id as campaign_id, c.user_id, c.goal_key, c.role, c.status,
        count(s.id) as active_ad_sets,
        coalesce(
            c.daily_budget_minor,
            c.lifetime_daily_minor,
            coalesce(sum(coalesce(s.daily_budget_minor, s.lifetime_daily_minor)), 0) + c.foreign_daily_minor
        )::bigint as budget_minor
    from ads_campaigns c
    left join ads_ad_sets s on s.campaign_id = c.id and s.status = 'ACTIVE'
    group by c.id
) b;
