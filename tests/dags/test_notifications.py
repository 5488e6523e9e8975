"""What a chat hears of a run that failed or is late."""

from __future__ import annotations

import asyncio
import json
import time
import traceback
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from types import SimpleNamespace

import pytest
from airflow.sdk.exceptions import AirflowException

from ads_orchestrator_airflow import notifications
from ads_orchestrator_airflow.notifications import RunFailedNotifier, notify_late
from tests import slow_server

FAILED = {
    "dag_run": SimpleNamespace(dag_id="ads_orchestrator", run_id="manual__1"),
    "exception": ValueError("3 of 14 users failed"),
}


LATE = {
    "dag_run": {
        "dag_id": "ads_orchestrator",
        "dag_run_id": "scheduled__1",
        "state": "running",
        "start_date": "2026-11-23T12:00:05Z",
    },
    "deadline": {"id": "1", "deadline_time": "2026-11-23T14:00:00Z"},
}
QUEUED = {"state": "queued", "start_date": None, "queued_at": "2026-11-23T12:00:01Z"}


class Chat(HTTPServer):
    """A webhook that remembers what it was told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Webhook)
        self.heard: list[tuple[str, dict[str, str]]] = []


class Webhook(BaseHTTPRequestHandler):
    server: Chat

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, json.loads(body)))
        self.send_response(404 if self.path == "/gone" else 200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def chat() -> Iterator[Chat]:
    with Chat() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def connect(monkeypatch: pytest.MonkeyPatch, chat: Chat, path: str) -> None:
    host = f"http://127.0.0.1:{chat.server_port}"
    connection = {"conn_type": "http", "host": host, "password": path}
    monkeypatch.setenv("AIRFLOW_CONN_ADS_ORCHESTRATOR_ALERTS", json.dumps(connection))


def test_names_the_run_and_the_reason(monkeypatch: pytest.MonkeyPatch, chat: Chat):
    connect(monkeypatch, chat, "/services/secret")

    RunFailedNotifier()(dict(FAILED))

    assert chat.heard == [
        ("/services/secret", {"text": "ads_orchestrator manual__1 failed: 3 of 14 users failed"})
    ]


def test_a_webhook_that_is_gone_is_an_error_in_the_log(monkeypatch: pytest.MonkeyPatch, chat: Chat):
    connect(monkeypatch, chat, "/gone")

    with pytest.raises(AirflowException, match=r"^the webhook of ads_orchestrator_alerts answered 404$"):
        RunFailedNotifier()(dict(FAILED))


@pytest.mark.parametrize("host", ["http://127.0.0.1:1", "http://[", "no-address"])
def test_a_webhook_that_cannot_be_asked_keeps_its_secret(monkeypatch: pytest.MonkeyPatch, host: str):
    connection = {"conn_type": "http", "host": host, "password": "/services/secret"}
    monkeypatch.setenv("AIRFLOW_CONN_ADS_ORCHESTRATOR_ALERTS", json.dumps(connection))

    for tell in (lambda: RunFailedNotifier()(dict(FAILED)), lambda: asyncio.run(notify_late(LATE))):
        with pytest.raises(
            AirflowException, match=r"^the webhook of ads_orchestrator_alerts could not"
        ) as told:
            tell()
        assert "/services/secret" not in "".join(traceback.format_exception(told.value))


def test_a_webhook_that_drips_is_an_error_after_the_time_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(notifications, "TIMEOUT_S", 0.3)
    with slow_server.serve(slow_server.drip(slow_server.LONG)) as (url, peers):
        connection = {"conn_type": "http", "host": url, "password": "/services/secret"}
        monkeypatch.setenv("AIRFLOW_CONN_ADS_ORCHESTRATOR_ALERTS", json.dumps(connection))
        began = time.monotonic()

        with pytest.raises(AirflowException, match=r"^the webhook of ads_orchestrator_alerts could not"):
            RunFailedNotifier()(dict(FAILED))

    assert time.monotonic() - began < 5
    assert peers


@pytest.mark.usefixtures("airflow_database")
def test_without_a_connection_nobody_is_told(chat: Chat):
    RunFailedNotifier()(dict(FAILED))

    assert chat.heard == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({}, "running since 2026-11-23T12:00:05Z", id="that works"),
        pytest.param(QUEUED, "queued since 2026-11-23T12:00:01Z", id="that never began"),
    ],
)
def test_a_late_run_is_named_with_its_state(
    monkeypatch: pytest.MonkeyPatch, chat: Chat, changes: dict[str, object], said: str
):
    connect(monkeypatch, chat, "/services/secret")

    asyncio.run(notify_late(LATE | {"dag_run": LATE["dag_run"] | changes}))

    assert chat.heard == [
        ("/services/secret", {"text": f"ads_orchestrator scheduled__1 is late: {said}, not ended yet"})
    ]


def test_a_webhook_that_is_gone_fails_the_callback_without_its_secret(
    monkeypatch: pytest.MonkeyPatch, chat: Chat
):
    connect(monkeypatch, chat, "/gone")

    with pytest.raises(AirflowException, match=r"^the webhook of ads_orchestrator_alerts answered 404$"):
        asyncio.run(notify_late(LATE))


@pytest.mark.usefixtures("airflow_database")
def test_without_a_connection_nobody_hears_of_a_late_run(chat: Chat):
    asyncio.run(notify_late(LATE))

    assert chat.heard == []
