"""What goals need on any platform: its adapter says what, and whether it is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest

from demo.demo_users import BO
from orchestrator.platforms.user_assets import Asset, Need
from orchestrator.runs import user_reader
from tests.integration.execution.conftest import on_toy
from tests.integration.execution.toy_platform import ToyPlatform
from tests.integration.runs.conftest import Workbench

CHANNEL = Asset("page", "channel")


@pytest.fixture
def toy_town(fresh_database_url: str) -> Iterator[Workbench]:
    with on_toy([BO], fresh_database_url) as town:
        yield town


def missing(town: Workbench) -> tuple[str, ...]:
    (goal,) = user_reader.read_now(town.resources, BO.user_id, town.now).snapshot.goals
    return goal.missing


def test_a_goal_misses_what_its_platform_has_not(toy_town: Workbench) -> None:
    toy = cast("ToyPlatform", toy_town.resources.platform)
    world = toy.world(toy_town.accounts["Bo"].ad_account_id)
    assert missing(toy_town) == ()

    toy.needed = (Need("virality", None, "channel", CHANNEL), Need("fame", None, "stage", None))
    assert missing(toy_town) == ("channel channel (gone, or not shared with this app)",)

    world.assets.add(CHANNEL)
    assert missing(toy_town) == ()
