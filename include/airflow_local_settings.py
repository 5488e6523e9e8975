"""Airflow imports this module when one of its processes starts.

A task is a fork of the scheduler (LocalExecutor) or of a Celery worker. Imported there once, pandas,
Meta's SDK and our own code are in every fork; imported in the task, they are three quarters of its CPU.
On macOS a task is a new interpreter and nothing is gained. The api-server imports what a preview needs,
or the first person who asks for one would wait for it. An installation with an
``airflow_local_settings`` of its own copies what is below.
"""

from __future__ import annotations

import sys
from importlib import import_module

__all__: list[str] = []  # nothing here overrides a setting of Airflow's

_WHAT_TASKS_NEED = (
    "airflow.providers.postgres.assets.postgres",
    "airflow.providers.standard.decorators.python",
    "airflow.sdk.definitions.decorators",
    "airflow.sdk.definitions.retry_policy",
    "orchestrator.platforms.meta.client",
    "orchestrator.platforms.meta.insight_rows",
    "orchestrator.runs.lifecycle",
)
_WHAT_A_PREVIEW_NEEDS = (
    "orchestrator.platforms.meta.client",
    "orchestrator.platforms.meta.insight_rows",
    "orchestrator.runs.preview",
)
_NEEDED = {
    "scheduler": _WHAT_TASKS_NEED,
    "celery": _WHAT_TASKS_NEED,
    "standalone": _WHAT_TASKS_NEED,
    "api-server": _WHAT_A_PREVIEW_NEEDS,
}

for command in sys.argv[1:2]:
    for name in _NEEDED.get(command, ()):
        import_module(name)
