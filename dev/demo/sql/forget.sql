-- Take the demo's people and all that was ever written about them out again. Nobody else's rows are touched.
with people as (
    select unnest(%(user_ids)s) as user_id
), runs as (
    delete from ads_automation_runs where user_id in (select user_id from people)
), ad_sets as (
    delete from ads_ad_sets where user_id in (select user_id from people)
), campaigns as (
    delete from ads_campaigns where user_id in (select user_id from people)
), insights as (
    delete from ads_insights_days where user_id in (select user_id from people)
), weeks as (
    delete from ads_insights_weekly where user_id in (select user_id from people)
), interventions as (
    delete from ads_interventions where user_id in (select user_id from people)
), leases as (
    delete from user_leases where user_id in (select user_id from people)
), creatives as (
    delete from ad_creatives where user_id in (select user_id from people)
), templates as (
    delete from ad_campaign_templates where user_id in (select user_id from people)
), assets as (
    delete from meta_assets where user_id in (select user_id from people)
)
delete from user_ads_modes where user_id in (select user_id from people)
