"""One ground and one undisturbed scenario for the short forms of the proof."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chaos import kill_points, worker
from chaos.kill_points import Undisturbed
from chaos.scenarios import PARTS
from chaos.workbench import Workbench, a_workbench

NAMES = ("new streams", "promotes one", "cuts", "switches off")


@pytest.fixture(scope="session")
def ground() -> Iterator[Workbench]:
    worker.get_ready()
    with a_workbench() as running:
        yield running


@pytest.fixture(scope="session")
def references(ground: Workbench) -> dict[str, Undisturbed]:
    return kill_points.undisturbed(ground, [p for p in PARTS if p.person.name in NAMES], seed=1)
