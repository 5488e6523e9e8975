-- The live daily budget, campaign by campaign: the definition of rules/live_budget.py over what is stored. A scaling
-- campaign spends its own budget, a testing one those of its ACTIVE ad sets; live is what is ACTIVE. budget_minor is
-- what a campaign adds while it is ACTIVE, live_minor what it adds now; in minor units of the account's currency.
create view ads_live_budgets with (security_invoker = true) as
select
    b.campaign_id, b.user_id, b.goal_key, b.role, b.status, b.active_ad_sets, b.budget_minor,
    case b.status when 'ACTIVE' then b.budget_minor else 0 end as live_minor
from (
    select
        c.id as campaign_id, c.user_id, c.goal_key, c.role, c.status,
        count(s.id) as active_ad_sets,
        coalesce(case c.role when 'scaling' then c.daily_budget_minor else sum(s.daily_budget_minor) end, 0)::bigint
            as budget_minor
    from ads_campaigns c
    left join ads_ad_sets s on s.campaign_id = c.id and s.status = 'ACTIVE'
    group by c.id
) b;
grant select on ads_live_budgets to ads_user, ads_service;
