"""Property: whatever value a user has in any column or answer, the runs of the others are as without it.

A fixed sample of all values at all places is tried; ``ISOLATION=all`` tries every one.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from demo import demo_users
from demo.seed_database import UNITS_PER_USD
from tests.integration.runs import poison
from tests.integration.runs.conftest import Workbench, simulated
from tests.integration.runs.poison import Place, Trace
from tests.postgres import a_database

OTHERS = (demo_users.CY, demo_users.ED)
SPOILED = tuple(replace(demo_users.BO, name=f"Bo {c}", currency=c) for c in UNITS_PER_USD if c != "JPY")
USERS = (*OTHERS, *SPOILED)
WORLDS = 6


class Case(NamedTuple):
    """One column of one user, its value, and whether it comes after the run's first step."""

    place: Place
    value: str | None
    is_late: bool

    def __str__(self) -> str:
        late = " after the first step" if self.is_late else ""
        return f"{self.place.table}.{self.place.column} = {str(self.value)[:40]!r}{late}"


@pytest.fixture(scope="module")
def unbounded(server_url: str, migrated: str) -> Iterator[str]:
    """The name of a database that takes any value, to copy."""
    with a_database(server_url, template=migrated) as url:
        poison.without_bounds(url)
        yield urlsplit(url).path.removeprefix("/")


@contextmanager
def a_town(server_url: str, template: str, simulator_url: str) -> Iterator[Workbench]:
    """Ten users of one batch, a day after their first run."""
    with a_database(server_url, template=template) as dsn, simulated(USERS, simulator_url, dsn) as town:
        town.users_per_batch = len(USERS)
        poison.run_through(town, "first")
        town.later(26)
        yield town


def test_a_value_in_any_column_of_one_user_changes_nothing_for_the_others(
    server_url: str, unbounded: str, simulator_url: str
):
    with a_town(server_url, unbounded, simulator_url) as town:
        places = poison.columns(town.dsn)
        poison.run_through(town, "second")
        expected = poison.traces(town, "second", OTHERS)
    assert {each.status for each in expected.values()} == {"success"}
    assert all(each.actions for each in expected.values())
    cases = [
        Case(place, value, is_late)
        for place in places
        for value in poison.VALUES[place.kind]
        for is_late in (False, True)
    ]

    def offenders(group: Sequence[Case]) -> list[str]:
        with a_town(server_url, unbounded, simulator_url) as town:
            found = list(_offenders(town, group, expected))
        if not found or len(group) == 1:
            return found
        return [line for case in group for line in offenders([case])] or found

    found = [line for group in groups(cases, seed=1) for line in offenders(group)]

    assert not found, "\n".join(["", *found])


def groups(cases: Sequence[Case], seed: int) -> Iterator[Sequence[Case]]:
    """The cases of each world: one a user that is spoiled."""
    size = len(SPOILED)
    shuffled = random.Random(seed).sample(cases, len(cases))
    tried = shuffled if os.environ.get("ISOLATION") == "all" else shuffled[: WORLDS * size]
    yield from (tried[first : first + size] for first in range(0, len(tried), size))


def _offenders(town: Workbench, group: Sequence[Case], expected: dict[str, Trace]) -> Iterator[str]:
    cases = list(zip(SPOILED, group, strict=False))
    name = "; ".join(map(str, group))

    def spoil(*, is_late: bool) -> None:
        for user, case in cases:
            if case.is_late == is_late:
                poison.spoil(town.dsn, user, case.place, case.value)

    spoil(is_late=False)
    try:
        poison.run_through(town, "second", lambda: spoil(is_late=True))
    except Exception as error:  # noqa: BLE001 - it stopped everybody
        yield f"{name}: {type(error).__name__}: {str(error)[:200]}"
        return
    found = poison.traces(town, "second", OTHERS)
    yield from (f"{name}: {user} differs: {found[user]}" for user in found if found[user] != expected[user])
    for user, _ in cases:
        problem = poison.problem_of(town.dsn, "second", user)
        if problem is not None and ("\n" in problem or len(problem) > 300):
            yield f"{name}: not one clear line: {problem[:600]!r}"
