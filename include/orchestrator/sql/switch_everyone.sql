-- Stop or start everybody; who and why.
update orchestrator_switch set
    stopped = %(stopped)s, note = %(note)s, changed_by = %(changed_by)s, changed_at = clock_timestamp()
