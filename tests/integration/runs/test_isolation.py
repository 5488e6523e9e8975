"""Property: whatever value a user has in any column or answer, the runs of the others are as without it.

A fixed sample of all values at all places is tried; ``ISOLATION=all`` tries every one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from demo import demo_users
from demo.personas import Persona
from demo.seed_database import UNITS_PER_USD
from tests.integration.runs import poison
from tests.integration.runs.conftest import Workbench, simulated
from tests.integration.runs.poison import CaseT, Place, Trace
from tests.postgres import a_database

OTHERS = (demo_users.CY, demo_users.ED)
SPOILED = tuple(replace(demo_users.BO, name=f"Bo {c}", currency=c) for c in UNITS_PER_USD if c != "JPY")
USERS = (*OTHERS, *SPOILED)
WORLDS = 2
KNOWN_COLUMNS = {
    ("goal_settings", poison.DEEP),
    ("global_daily_budget", "1e60"),
    ("story", poison.DEEP),
    ("conversions", poison.DEEP),
    ("details", poison.DEEP),
    ("insights_restated_at", "infinity"),
    ("units_per_usd", "1e60"),
}
KNOWN_FIELDS = (
    ("impressions", "1e400"),
    ("spend", "NaN"),
    ("value", "1e400"),
    ("adset_id", {}),
    ("daily_budget", 10**400),
    ("currency", "\x00\ud800\u202e"),
    ("timezone_name", []),
)


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
            users = list(zip(SPOILED, group, strict=False))

            def spoil(*, is_late: bool) -> None:
                for user, case in users:
                    if case.is_late == is_late:
                        poison.spoil(town.dsn, user, case.place, case.value)

            spoil(is_late=False)
            name = "; ".join(map(str, group))
            late = partial(spoil, is_late=True)
            return list(_differences(town, name, expected, [user for user, _ in users], late))

    known = [case for case in cases if not case.is_late and (case.place.column, case.value) in KNOWN_COLUMNS]
    assert len(known) >= len(KNOWN_COLUMNS)
    found = isolated(groups(known, cases, seed=1), offenders)

    assert not found, "\n".join(["", *found])


def test_a_value_at_any_place_of_metas_answers_to_one_user_changes_nothing_for_the_others(
    server_url: str, migrated: str, simulator_url: str
):
    with a_town(server_url, migrated, simulator_url) as town:
        watched = bend(town, {user.name: ((), None) for user in SPOILED})
        poison.run_through(town, "second")
        expected = poison.traces(town, "second", OTHERS)
        cases = [Bend(path, value) for path in watched.seen for value in poison.FIELDS]
    assert len(watched.seen) > 100

    def offenders(group: Sequence[Bend]) -> list[str]:
        with a_town(server_url, migrated, simulator_url) as town:
            users = list(zip(SPOILED, group, strict=False))
            bend(town, {user.name: case for user, case in users})
            return list(_differences(town, "; ".join(map(str, group)), expected, [u for u, _ in users]))

    known = [Bend(next(p for p in watched.seen if p[-1] == end), value) for end, value in KNOWN_FIELDS]
    found = isolated(groups(known, cases, seed=2), offenders)

    assert not found, "\n".join(["", *found])


class Bend(NamedTuple):
    """One place of an answer and its value there."""

    path: poison.Path
    value: Any

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.path))} = {str(self.value)[:40]!r}"


def bend(town: Workbench, bends: Mapping[str, tuple[poison.Path, Any]]) -> poison.BendingAdapter:
    """Let these users' answers have other values, by name."""
    adapter = poison.BendingAdapter(
        {town.accounts[name].access_token: (each[0], each[1]) for name, each in bends.items()}
    )
    vars(town.resources.platform)["_pool"] = adapter
    return adapter


def isolated(
    parts: Iterable[Sequence[CaseT]], offenders: Callable[[Sequence[CaseT]], list[str]]
) -> list[str]:
    """What is wrong with some cases, each alone where several were tried in one world."""
    found: list[str] = []
    for part in parts:
        wrong = offenders(part)
        alone = [line for case in part for line in offenders([case])] if wrong and len(part) > 1 else []
        found += alone or wrong
    return found


def groups(known: Sequence[CaseT], cases: Sequence[CaseT], seed: int) -> Iterator[Sequence[CaseT]]:
    """The cases of each world, one a user that is spoiled: what stopped everybody once, then a sample."""
    size = len(SPOILED)
    tried = [*known, *poison.sample(cases, seed, WORLDS * size)]
    yield from (tried[first : first + size] for first in range(0, len(tried), size))


def _differences(
    town: Workbench,
    name: str,
    expected: Mapping[str, Trace],
    spoiled: Sequence[Persona],
    between: Callable[[], None] = lambda: None,
) -> Iterator[str]:
    """What of the second run is not as expected: the others' runs, and a clear line of each that failed."""
    try:
        poison.run_through(town, "second", between)
    except Exception as error:  # noqa: BLE001 - it stopped everybody
        yield f"{name}: {type(error).__name__}: {str(error)[:200]}"
        return
    found = poison.traces(town, "second", OTHERS)
    yield from (f"{name}: {user} differs: {found[user]}" for user in found if found[user] != expected[user])
    for user in spoiled:
        problem = poison.problem_of(town.dsn, "second", user)
        if problem is None or problem in poison.VALUES["text"]:  # the column that was spoiled
            continue
        if "\n" in problem or len(problem) > 550:
            yield f"{name}: not one clear line: {problem[:600]!r}"
