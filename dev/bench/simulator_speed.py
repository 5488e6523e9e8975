"""How fast the simulator is: loading, memory, simple requests a second, Insights of one account.

    make bench-simulator-speed USERS=10000

Starts a simulator of its own, loads the accounts over the control API, and prints the figures.
"""

from __future__ import annotations

import http.client
import json
import socket
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any

import typer

from stack.paths import INCLUDE

AD_SETS = 15
LOAD_AT_ONCE = 500
REQUESTS = 6000
CLIENTS = 4


class Server:
    """A simulator in a process of its own."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "graph_simulator", "--port", str(self.port), "--accounts", "0"]
        self.process = subprocess.Popen(command, cwd=INCLUDE)
        self.wait()

    def wait(self) -> None:
        """Return once it answers; a simulator that ended, or says nothing for half a minute, is an error."""
        deadline = time.monotonic() + 30
        while True:
            try:
                self.call("GET", "/_sim/ready")
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One call on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, path, json.dumps(body) if body is not None else None)
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer

    def memory_mib(self) -> float:
        """What the process holds in memory."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    def cpu_seconds(self) -> float:
        """How long it has worked."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / 100


def load(server: Server, accounts: int) -> list[dict[str, Any]]:
    """Load accounts of 15 ad sets each; what the control API answers."""
    ad_set = {"daily_budget_minor": 1000, "hours_ago": 0}
    account = {"campaigns": [{"name": "c", "ad_sets": [ad_set | {"name": f"s{n}"} for n in range(AD_SETS)]}]}
    found: list[dict[str, Any]] = []
    for start in range(0, accounts, LOAD_AT_ONCE):
        part = [account] * min(LOAD_AT_ONCE, accounts - start)
        found += server.call("POST", "/_sim/seed", {"accounts": part})["accounts"]
    return found


def hammer(server: Server, paths: list[str]) -> None:
    """Request all paths over several connections at once."""

    def work(mine: list[str]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        for path in mine:
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
            assert response.status == 200, path
        connection.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(work, [paths[n::CLIENTS] for n in range(CLIENTS)]))  # raises what went wrong in one


def measure(accounts: int) -> None:
    """Print all figures."""
    server = Server()
    try:
        before, start = server.cpu_seconds(), time.perf_counter()
        found = load(server, accounts)
        wall, cpu = time.perf_counter() - start, server.cpu_seconds() - before
        print(f"loaded {accounts} accounts x {AD_SETS} ad sets: {wall:.1f} s, {cpu:.1f} s of CPU")
        print(f"memory {server.memory_mib():.0f} MiB")
        request_once(server, found)
        server.call("POST", "/_sim/clock", {"advance_hours": 80})
        report(server, found[:100], "first read")
        report(server, found[:100], "read again")
        print(f"memory at the end {server.memory_mib():.0f} MiB")
    finally:
        server.process.terminate()
        server.process.wait()


def request_once(server: Server, found: list[dict[str, Any]]) -> None:
    """Four clients read single ad sets of all accounts."""
    paths = [_path_of_one(found[number * 7919 % len(found)], number % AD_SETS) for number in range(REQUESTS)]
    hammer(server, paths[:200])
    before, start = server.cpu_seconds(), time.perf_counter()
    hammer(server, paths)
    wall, cpu = time.perf_counter() - start, server.cpu_seconds() - before
    print(f"simple requests: {REQUESTS / wall:.0f} a second, {REQUESTS / cpu:.0f} a second of CPU")


def _path_of_one(account: dict[str, Any], number: int) -> str:
    ad_set_id = account["campaigns"][0]["ad_sets"][number]["id"]
    return f"/v26.0/{ad_set_id}?fields=id,name,status,daily_budget&access_token={account['access_token']}"


def report(server: Server, found: list[dict[str, Any]], name: str) -> None:
    """One client reads three days of 15 ad sets, account by account."""
    query = (
        "level=adset&date_preset=last_3d&time_increment=1&limit=100&fields=adset_id,spend,impressions,actions"
    )
    paths = [
        f"/v26.0/{each['ad_account_id']}/insights?{query}&access_token={each['access_token']}"
        for each in found
    ]
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    before, taken = server.cpu_seconds(), []
    for path in paths:
        start = time.perf_counter()
        connection.request("GET", path)
        body = json.loads(connection.getresponse().read())
        taken.append(time.perf_counter() - start)
        assert len(body["data"]) == AD_SETS * 3, body
    connection.close()
    cpu = (server.cpu_seconds() - before) / len(paths)
    print(
        f"insights of {AD_SETS} ad sets x 3 days, {name}: median {statistics.median(taken) * 1000:.1f} ms, "
        f"{cpu * 1000:.1f} ms of CPU"
    )


def main(*, users: Annotated[int, typer.Option(min=1, help="How many ad accounts.")] = 10_000) -> None:
    """Load accounts, send the requests, print the figures."""
    measure(users)


if __name__ == "__main__":
    typer.run(main)
