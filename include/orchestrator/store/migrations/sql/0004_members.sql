-- The users' API works as ads_user, so whoever migrates should be able to become it. Who may not
-- give that right can do without the API: it says itself what is missing.
do $$
begin
    if not (select rolsuper from pg_roles where rolname = current_user) then
        execute format('grant ads_user to %I', current_user);
    end if;
exception when insufficient_privilege then
    null;
end
$$;

-- A user's latest runs, page by page.
create index ads_automation_runs_by_user on ads_automation_runs (user_id, opened_at desc, id desc);
