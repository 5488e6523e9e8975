"""The DAGs as a page for people, written from the code: ``docs/dags.md``.

``python -m ads_orchestrator_airflow.dag_docs dags docs/dags.md`` writes it, with ``include`` and
``plugins`` on ``PYTHONPATH``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.sdk import TriggerRule

if TYPE_CHECKING:
    from airflow.sdk import DAG

COMMAND = "python -m ads_orchestrator_airflow.dag_docs dags docs/dags.md"
HEAD = f"# DAGs\n\nFrom the DAG files; `{COMMAND}` writes it.\n"


def page(dags: Iterable[DAG]) -> str:
    """Return the page about some DAGs, in Markdown."""
    in_order = sorted(dags, key=lambda dag: dag.dag_id)
    return "\n".join([HEAD, *(line for dag in in_order for line in _about(dag))])


def _about(dag: DAG) -> Iterator[str]:
    yield f"## {dag.dag_id}\n"
    yield f"Schedule `{dag.schedule}` (UTC), runs at a time: {dag.max_active_runs}.\n"
    yield f"{str(dag.doc_md).strip()}\n"
    yield "### Params of a manual run\n"
    yield from _table(("param", "default", "what"), _params(dag))
    yield "### Tasks\n"
    yield from _table(("task", "runs when", "what is true afterwards"), _tasks(dag))


def _params(dag: DAG) -> Iterator[tuple[str, ...]]:
    for name in dag.params:
        param = dag.params.get_param(name)
        yield f"`{name}`", f"`{param.value}`", str(param.description)


def _tasks(dag: DAG) -> Iterator[tuple[str, ...]]:
    for task in dag.topological_sort():  # type: ignore[no-untyped-call]
        yield f"`{task.task_id}`", TriggerRule(task.trigger_rule).value.replace("_", " "), str(task.doc_md)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield _row(head)
    yield _row("---" for _ in head)
    for row in rows:
        yield _row(row)
    yield ""


def _row(cells: Iterable[Any]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    from airflow.dag_processing.dagbag import DagBag

    folder, target = sys.argv[1:]
    Path(target).write_text(page(DagBag(folder, safe_mode=False).dags.values()))
