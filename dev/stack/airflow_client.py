"""Airflow's REST API, as far as the demo and the tests need it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

FINAL_STATES = frozenset({"success", "failed"})
PAGE = 100  # Airflow's own limit
POLL_S = 0.3
TIMEOUT_S = 30.0


class AirflowFailure(Exception):
    """Airflow refused a request. The message has its own words."""


class AirflowClient:
    """One user's session.

    Args:
        base_url: Where the api-server listens, without a path.
        username: A user of the simple auth manager.
        password: That user's password.
    """

    def __init__(self, base_url: str, username: str, password: str) -> None:
        self.base_url = base_url
        self._http = httpx.Client(base_url=base_url, timeout=TIMEOUT_S, trust_env=False)
        answer = self._http.post("/auth/token", json={"username": username, "password": password})
        self.token = str(_checked(answer)["access_token"])
        self._http.headers["Authorization"] = f"Bearer {self.token}"

    def request(self, method: str, path: str, json: Any = None, **query: Any) -> Any:
        """One request to ``/api/v2``, or to any path that starts with ``//``; the decoded answer.

        Raises:
            AirflowFailure: The answer is an error.
        """
        target = path[1:] if path.startswith("//") else f"/api/v2{path}"
        return _checked(self._http.request(method, target, json=json, params=query))

    def ensure_pool(self, name: str, slots: int, description: str = "") -> None:
        """Make a pool, or give it this many slots."""
        pool = {"name": name, "slots": slots, "description": description, "include_deferred": False}
        names = {found["name"] for found in self.request("GET", "/pools", limit=PAGE)["pools"]}
        if name in names:
            self.request("PATCH", f"/pools/{name}", json=pool)
        else:
            self.request("POST", "/pools", json=pool)

    def has_dag(self, dag_id: str) -> bool:
        """True when the dag-processor has stored the DAG."""
        found = self.request("GET", "/dags", dag_id_pattern=dag_id, limit=PAGE)["dags"]
        return any(dag["dag_id"] == dag_id for dag in found)

    def import_errors(self) -> list[str]:
        """What is wrong with DAG files, in the dag-processor's words."""
        found = self.request("GET", "/importErrors", limit=PAGE)["import_errors"]
        return [f"{error['filename']}: {error['stack_trace']}" for error in found]

    def unpause(self, dag_id: str) -> None:
        """Unpause a DAG."""
        self.request("PATCH", f"/dags/{dag_id}", json={"is_paused": False})

    def trigger(self, dag_id: str, conf: Mapping[str, Any] | None = None, run_id: str | None = None) -> str:
        """Trigger a run without a logical date; its run id."""
        body: dict[str, Any] = {"logical_date": None, "conf": dict(conf or {})}
        if run_id:
            body["dag_run_id"] = run_id
        return str(self.request("POST", f"/dags/{dag_id}/dagRuns", json=body)["dag_run_id"])

    def run(self, dag_id: str, run_id: str) -> dict[str, Any]:
        """The run as Airflow has it now."""
        found: dict[str, Any] = self.request("GET", f"/dags/{dag_id}/dagRuns/{run_id}")
        return found

    def wait(
        self, dag_id: str, run_id: str, timeout_s: float, meanwhile: Callable[[], None] = lambda: None
    ) -> dict[str, Any]:
        """The run once it has ended, in whatever state. ``meanwhile`` is called at each look.

        Raises:
            TimeoutError: It did not end in time; says which tasks had not.
        """
        deadline = time.monotonic() + timeout_s
        while (run := self.run(dag_id, run_id))["state"] not in FINAL_STATES:
            meanwhile()
            if time.monotonic() > deadline:
                raise TimeoutError(f"{dag_id} {run_id} did not end in {timeout_s:.0f} s: {self._open(run)}")
            time.sleep(POLL_S)
        return run

    def _open(self, run: Mapping[str, Any]) -> str:
        tasks = self.task_instances(run["dag_id"], run["dag_run_id"])
        return ", ".join(f"{task['task_id']}[{task['map_index']}] {task['state']}" for task in tasks)

    def task_instances(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """Every task instance of a run, all pages."""
        path = f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances"
        found: list[dict[str, Any]] = []
        while True:
            page = self.request("GET", path, limit=PAGE, offset=len(found))
            found += page["task_instances"]
            if len(found) >= page["total_entries"] or not page["task_instances"]:
                return found

    def log(self, task: Mapping[str, Any], try_number: int | None = None) -> list[str]:
        """The lines that one try of a task instance logged; the last try when none is named."""
        return _lines(self.log_records(task, try_number))

    def log_records(self, task: Mapping[str, Any], try_number: int | None = None) -> list[Any]:
        """The same as records: a mapping a line, ``event`` being its text."""
        path = f"/dags/{task['dag_id']}/dagRuns/{task['dag_run_id']}/taskInstances/{task['task_id']}/logs"
        number = try_number or max(1, task["try_number"])
        answer = self.request("GET", f"{path}/{number}", map_index=task["map_index"], full_content=True)
        return list(answer["content"])

    def xcom(self, task: Mapping[str, Any], key: str = "return_value") -> Any:
        """What a task instance returned."""
        path = f"/dags/{task['dag_id']}/dagRuns/{task['dag_run_id']}/taskInstances/{task['task_id']}"
        answer = self.request(
            "GET", f"{path}/xcomEntries/{key}", map_index=task["map_index"], deserialize=True
        )
        return answer["value"]

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()


def _lines(content: Sequence[Any]) -> list[str]:
    return [entry if isinstance(entry, str) else str(entry.get("event", entry)) for entry in content]


def _checked(answer: httpx.Response) -> Any:
    if answer.is_error:
        raise AirflowFailure(
            f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text}"
        )
    return answer.json() if answer.content else None
