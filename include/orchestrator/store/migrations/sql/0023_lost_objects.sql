-- Which start of which database this is: another one after each start of the server, and after each restore, also
-- into a server that goes on (other files). What is stored of it tells a restored database from itself.
create function orchestrator_incarnation() returns text
language sql stable
as $$
    select md5(concat_ws(
        '/', pg_postmaster_start_time(), (select oid from pg_database where datname = current_database()),
        pg_relation_filenode('ads_automation_actions')
    ))
$$;
revoke execute on function orchestrator_incarnation() from public;
grant execute on function orchestrator_incarnation() to ads_service;

-- In which of them the account was last looked through for objects of ours, and the run that may raise nothing.
alter table meta_assets
    add column listed_in text,
    add column rises_held_run uuid;
