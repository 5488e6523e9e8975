"""One ground and one undisturbed scenario for the short forms of the proof."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chaos import kill_points, worker
from chaos.kill_points import Undisturbed
from chaos.scenarios import PARTS
from chaos.test_bed import Ground, a_ground

NAMES = ("new streams", "promotes one", "cuts", "switches off")


@pytest.fixture(scope="session")
def ground() -> Iterator[Ground]:
    worker.get_ready()
    with a_ground() as running:
        yield running


@pytest.fixture(scope="session")
def references(ground: Ground) -> dict[str, Undisturbed]:
    return kill_points.undisturbed(ground, [p for p in PARTS if p.person.name in NAMES], seed=1)
