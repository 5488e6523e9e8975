"""A run that does not end in time: the real scheduler notices, the real triggerer tells the webhook."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from stack import ports, stack
from stack.airflow_server import Folders

pytestmark = pytest.mark.airflow

# No slot of this pool is ever given away: the run begins and hangs.
HANGS = """
from datetime import timedelta
from airflow.sdk import dag, task
from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference
from ads_orchestrator_airflow.notifications import notify_late

late = DeadlineAlert(
    reference=DeadlineReference.DAGRUN_QUEUED_AT,
    interval=timedelta(seconds=1),
    callback=AsyncCallback(notify_late),
)

@dag(schedule=None, deadline=late)
def hangs():
    @task(pool="nothing")
    def never():
        pass
    never()

hangs()
"""


class Chat(HTTPServer):
    """A webhook that remembers what it was told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Webhook)
        self.heard: list[str] = []


class Webhook(BaseHTTPRequestHandler):
    server: Chat

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append(json.loads(body)["text"])
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def chat() -> Iterator[Chat]:
    with Chat() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def running(tmp_path: Path, chat: Chat) -> Iterator[stack.Stack]:
    """An Airflow with one DAG that hangs, and our plugins."""
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "hangs.py").write_text(HANGS)
    webhook = {"conn_type": "http", "host": f"http://127.0.0.1:{chat.server_port}", "password": "/secret"}
    choices = stack.Choices(
        state_dir=tmp_path / "state",
        airflow_port=ports.any_free(),
        meta_base_url="http://127.0.0.1:9",
        folders=Folders(dags=tmp_path / "dags", plugins=stack.FOLDERS.plugins),
        environment={"AIRFLOW_CONN_ADS_ORCHESTRATOR_ALERTS": json.dumps(webhook)},
        say=lambda _: None,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ORCHESTRATOR_META_APP_ID", "1")
        patch.setenv("ORCHESTRATOR_META_APP_SECRET", "hush")
        with stack.start(choices) as started:
            yield started


def test_the_webhook_hears_of_a_run_that_hangs(running: stack.Stack, chat: Chat):
    airflow = running.airflow
    running.supervisor.wait_for("The DAG", lambda: airflow.has_dag("hangs"), 120)
    airflow.ensure_pool("nothing", 0)
    airflow.unpause("hangs")

    run_id = airflow.trigger("hangs")

    running.supervisor.wait_for("The alert", lambda: bool(chat.heard), 180)
    assert chat.heard[0].startswith(f"hangs {run_id} is late: running since ")
