"""Airflow imports this module when one of its processes starts.

A task is a fork of the scheduler (LocalExecutor) or of a Celery worker. Imported there once, pandas,
Meta's SDK and our own code are in every fork; imported in the task, they are three quarters of its CPU.
On macOS a task is a new interpreter and nothing is gained. An installation with an
``airflow_local_settings`` of its own copies what is below.
"""

from __future__ import annotations

import sys
from importlib import import_module

__all__: list[str] = []  # nothing here overrides a setting of Airflow's

_FORKING = {"scheduler", "celery", "standalone"}
_WHAT_TASKS_NEED = (
    "airflow.providers.standard.decorators.python",
    "airflow.sdk.definitions.decorators",
    "orchestrator.evidence",
    "orchestrator.meta.client",
    "orchestrator.steps",
)

if _FORKING.intersection(sys.argv[1:2]):
    for name in _WHAT_TASKS_NEED:
        import_module(name)
