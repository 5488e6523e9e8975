-- The two roles that row-level security speaks of: a user, and the service.
-- Roles belong to the whole server, so another database may have made them already.
do $$
declare
    wanted text;
begin
    foreach wanted in array array['ads_user', 'ads_service'] loop
        if exists (select from pg_roles where rolname = wanted) then
            continue;
        end if;
        begin
            execute format('create role %I nologin', wanted);
        exception
            when insufficient_privilege then
                raise exception 'role % is missing and % may not create roles', wanted, current_user
                    using hint = format('as an administrator: create role %I nologin; grant %I to %I;',
                                        wanted, wanted, current_user);
            when duplicate_object or unique_violation then
                null;  -- made by another database's migration at this moment
        end;
    end loop;

    -- The store works as ads_service, so whoever migrates must be able to become it.
    if not (select rolsuper from pg_roles where rolname = current_user) then
        begin
            execute format('grant ads_service to %I', current_user);
        exception when insufficient_privilege then
            if not pg_has_role(current_user, 'ads_service', 'member') then
                raise exception '% may not act as ads_service', current_user
                    using hint = format('as an administrator: grant ads_service to %I;', current_user);
            end if;
        end;
    end if;

    execute format('grant usage on schema %I to ads_user, ads_service', current_schema());
end
$$;
