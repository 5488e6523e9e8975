-- A campaign that was created and whose activation was announced, and nobody wrote down what became of it.
create index if not exists ads_automation_actions_activating on ads_automation_actions (user_id)
    where status = 'success' and action_type = 'create_campaign'
      and details ? 'activating' and not details ? 'activation' and not dry_run;

-- Nothing was ever kept there.
alter table ads_run_snapshots drop column if exists reading;
