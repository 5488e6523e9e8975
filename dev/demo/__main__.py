"""``make demo``: the job on a fake fleet, or on an export, printed for a person."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from rich.console import Console

from demo import export_persona, runners, tables
from demo.demo_users import FLEET
from demo.personas import Persona
from demo.runners import InAirflow, InProcess
from demo.scenario import NOW, Scenario, run_all
from demo.seed import seed_personas
from demo.seed_database import rate_of
from orchestrator import settings
from orchestrator.audit import report
from orchestrator.audit.unusable_report import UnusableReport
from orchestrator.domain import money
from orchestrator.errors import ConfigError
from orchestrator.store import Store
from orchestrator.store.encryption import Secrets
from stack import stack
from stack.errors import StackError
from stack.paths import ROOT
from stack.settings_file import settings_file
from stack.simulator_control import SimulatorControl
from stack.stack import Choices, Stack
from stack.supervisor import StopRequested

WATCH_S = 0.5
COMMAND = Path(sys.executable).with_name("ads-orchestrator")
MINIMUM_CENTS = 100  # Meta's least daily budget of an ad set, about
ENVIRONMENT = {
    "ORCHESTRATOR_ARMED": "true",
    "ORCHESTRATOR_META_TIER": "full",
    # The scenario triggers its runs one by one; the schedule would run in between.
    "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",
}


def main(
    *,
    data: Annotated[
        Path | None, typer.Option(help="A report of Ads Manager, CSV or .xlsx, to run the job on.")
    ] = None,
    airflow: Annotated[bool, typer.Option(help="Run through Airflow, or the same steps at once.")] = True,
) -> None:
    """Show the whole job on this machine. Ctrl-C ends it; DEMO_ONCE=1 ends it by itself."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also when started in the background
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="replace")  # a terminal that cannot show an arrow still gets its table
    console = tables.console()
    try:
        sys.exit(_show(console, _people(console, data), airflow=airflow))
    except StackError as problem:
        print(problem, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except StopRequested:
        sys.exit(143)


def _people(console: Console, data: Path | None) -> Sequence[Persona]:
    """The fleet, or the one person whose export it is."""
    if data is None:
        return FLEET
    try:
        found = report.read(data, today=NOW.date())
    except UnusableReport as problem:
        raise StackError(str(problem)) from None
    try:
        minimum = money.policy_minor(MINIMUM_CENTS, rate_of(found.currency), found.currency)
    except ConfigError as problem:
        raise StackError(f"{data.name}: {problem}: export it in a currency that has one") from None
    person = export_persona.person_of(found, minimum)
    console.print(tables.export_facts(found, person))
    return [person]


def _show(console: Console, people: Sequence[Persona], *, airflow: bool) -> int:
    state_dir = Path(os.environ.get("STATE_DIR") or ROOT / ".state")
    choices = Choices.from_environment(
        state_dir, environment=ENVIRONMENT, with_airflow=airflow, say=lambda line: _say(console, line)
    )
    if choices.meta_base_url and settings.load(meta_base_url=choices.meta_base_url).is_real_meta():
        raise StackError("The demo's users are made up, Meta is not asked: unset ORCHESTRATOR_META_BASE_URL")
    with (
        stack.start(choices) as running,
        settings_file(running.state.root, runners.variables_of(running)),
        _story(running, people, console, airflow=airflow) as scenario,
    ):
        run_all(scenario)
        _say_where(console, running, people, airflow=airflow)
        if os.environ.get("DEMO_ONCE") != "1":
            _stay(console, running)
    if scenario.unheld:
        print(f"{len(scenario.unheld)} things did not hold, the first: {scenario.unheld[0]}", file=sys.stderr)
    return 1 if scenario.unheld else 0


@contextmanager
def _story(
    running: Stack, people: Sequence[Persona], console: Console, *, airflow: bool
) -> Iterator[Scenario]:
    running.orchestrator("migrate")
    secrets = Secrets(runners.settings_of(running).secret_keys)
    simulator = SimulatorControl(running.simulator_url or running.meta_base_url)
    seeded = seed_personas(people, simulator, running.database_url, secrets, NOW)
    runner = InAirflow(running, lambda line: _say(console, line)) if airflow else InProcess(running)
    with Store(running.database_url, secrets) as store:
        yield Scenario(
            seeded=seeded,
            simulator=simulator,
            store=store,
            dsn=running.database_url,
            runner=runner,
            console=console,
        )
    simulator.close()


def _say(console: Console, line: str) -> None:
    console.print(f"· {line}", style="dim", markup=False)


def _say_where(console: Console, running: Stack, people: Sequence[Persona], *, airflow: bool) -> None:
    console.rule("Where to look", align="left")
    panel = f"{running.airflow_url}/plugin/ads-orchestrator"
    pages = [
        ("the panel", panel),
        ("", f"user admin, password {running.passwords['admin']}"),
        *((f"{each.name} in it", f"{panel}/ads-orchestrator/users/{each.user_id}") for each in people),
        ("Airflow", f"{running.airflow_url}/dags/{runners.DAG}"),
    ]
    for name, place in [
        *(pages if airflow else []),
        ("simulator", f"{running.simulator_url or running.meta_base_url}/_sim/state"),
        ("Postgres", _without_password(running.database_url)),
        ("logs", str(running.state.logs)),
        ("in words", f"{COMMAND} why USER, with the id at the end of a user's address"),
    ]:
        # Never broken into lines: an address is there to be opened.
        console.print(f"{name:12}{place}", soft_wrap=True, markup=False, highlight=False)


def _without_password(url: str) -> str:
    """What psql needs but the password, which it finds in ~/.pgpass or wants typed."""
    parts = conninfo_to_dict(url)
    return make_conninfo("", **{name: parts.get(name) for name in ("host", "port", "user", "dbname")})


def _stay(console: Console, running: Stack) -> None:
    _say(console, "everything stays up until Ctrl-C")
    try:
        while True:
            running.check()
            time.sleep(WATCH_S)
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    typer.run(main)
