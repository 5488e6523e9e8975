from __future__ import annotations

import json
import os
from collections.abc import Iterator

import psutil
import psycopg
import pytest

from stack import ports, stack
from stack.airflow_client import AirflowFailure
from stack.airflow_server import Folders
from stack.processes import members_of

pytestmark = pytest.mark.airflow

PROBE = """
import os
from airflow.sdk import BaseHook, dag, task

@dag(schedule=None)
def probe():
    @task(pool="meta_api")
    def look(params=None):
        app = BaseHook.get_connection("ads_orchestrator_meta")
        print("the app is", app.login, "with secret", app.password)
        return {"host": app.host, "base": os.environ["ORCHESTRATOR_META_BASE_URL"]}
    look()

probe()
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[stack.Stack]:
    """The services with one small DAG; nothing is read from this repository's own folders."""
    root = tmp_path_factory.mktemp("airflow")
    folders = Folders(dags=root / "dags", plugins=root / "plugins")
    folders.dags.mkdir()
    folders.plugins.mkdir()
    (folders.dags / "probe.py").write_text(PROBE)
    choices = stack.Choices(
        state_dir=root / "state",
        airflow_port=ports.any_free(),
        simulator_port=ports.any_free(),
        folders=folders,
    )
    with stack.start(choices) as started:
        yield started
        parts = started.supervisor.register.parts()
    assert not [part.name for part in parts if members_of(part)]


def test_a_task_runs_through_the_real_scheduler(running: stack.Stack) -> None:
    airflow = running.airflow
    running.supervisor.wait_for("The DAG", lambda: airflow.has_dag("probe"), 60)
    airflow.unpause("probe")

    run = airflow.wait("probe", airflow.trigger("probe"), timeout_s=120)

    task = airflow.task_instances("probe", run["dag_run_id"])[0]
    assert (run["state"], task["state"], task["pool"]) == ("success", "success", "meta_api")
    url = running.simulator_url
    assert airflow.xcom(task) == {"host": url, "base": url}
    assert f"the app is {running.meta_app.app_id} with secret ***" in airflow.log(task)


def test_a_viewer_may_look_and_not_trigger(running: stack.Stack) -> None:
    viewer = running.airflow_as("viewer")

    assert viewer.has_dag("probe")
    with pytest.raises(AirflowFailure, match="403"):
        viewer.trigger("probe")


def test_commands_see_the_same_world(running: stack.Stack) -> None:
    with psycopg.connect(running.environment["ORCHESTRATOR_DATABASE_URL"]) as connection:
        name = connection.execute("SELECT current_database()").fetchone()

    assert name == ("ads",)
    assert running.environment["ORCHESTRATOR_META_BASE_URL"] == running.simulator_url


def test_passwords_are_in_a_file_of_the_owners(running: stack.Stack) -> None:
    path = running.state.root / "secrets" / "airflow-passwords"

    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text()) == running.passwords
    assert len(set(running.passwords.values())) == 3


def test_every_part_is_a_session_of_its_own(running: stack.Stack) -> None:
    sessions = [os.getsid(part.process.pid) for part in running.supervisor.running]

    assert len(set(sessions)) == len(sessions)
    assert os.getsid(0) not in sessions
    assert all(psutil.pid_exists(session) for session in sessions)
