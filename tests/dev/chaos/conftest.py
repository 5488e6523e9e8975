"""One workbench and one undisturbed scenario for the short forms of the proof."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chaos import kill_points, worker
from chaos.kill_points import Reference
from chaos.scenarios import SCENARIO_USERS
from chaos.workbench import Workbench, a_workbench

NAMES = ("new streams", "promotes one", "revives", "cuts", "switches off")


@pytest.fixture(scope="session")
def workbench() -> Iterator[Workbench]:
    worker.preload()
    with a_workbench() as running:
        yield running


@pytest.fixture(scope="session")
def references(workbench: Workbench) -> dict[str, Reference]:
    return kill_points.run_references(
        workbench, [p for p in SCENARIO_USERS if p.person.name in NAMES], seed=1
    )
