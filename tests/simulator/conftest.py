"""One simulator for the whole session; every test resets it or takes an account of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.simulator.client import Client

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a simulator in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "graph_simulator", "--port", str(port), "--seed", "7", "--accounts", "2"]
    with subprocess.Popen(command, cwd=ROOT / "include") as process:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, process)
        yield url
        process.terminate()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            requests.get(f"{url}/_sim/ready", timeout=5).raise_for_status()
        except requests.ConnectionError:
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


@pytest.fixture
def graph(server: str) -> Client:
    """A client of a fresh world with two accounts: dollars in Los Angeles, one of its own."""
    client = Client(server)
    client.sim("reset", {})
    client.open_account()
    return client
