"""``accept-figures``, ``resume-goal``, and what ``why`` says of them, as an operator types it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from click.testing import Result
from cryptography.fernet import Fernet
from typer.testing import CliRunner

from orchestrator.cli import app
from tests.integration.store.conftest import Rows, rows_at, secrets  # noqa: F401 - fixtures


@pytest.fixture
def rows(database_url: str, rows_at: Callable[[str], Rows]) -> Rows:  # noqa: F811
    return rows_at(database_url)


@pytest.fixture
def command(database_url: str) -> Callable[..., Result]:
    environment = {
        "ORCHESTRATOR_DATABASE_URL": database_url,
        "ORCHESTRATOR_SECRET_KEYS": Fernet.generate_key().decode(),
    }
    return lambda *arguments: CliRunner().invoke(app, [str(a) for a in arguments], env=environment)


def contradicted(rows: Rows, user: UUID, *, events: int, impressions: int = 9_000) -> str:
    """An ad set of streams of which 63 events are known and others were read."""
    return rows.ad_set_of(
        user,
        rows.campaign_of(user, role="scaling"),
        known_events=63,
        contradicting_events=events,
        contradicting_impressions=impressions,
        contradicted_at="2026-11-23T12:00Z",
    )


def test_figures_are_accepted_and_what_was_known_is_said(command: Callable[..., Result], rows: Rows):
    user = rows.user()
    ad_set = contradicted(rows, user, events=1)

    done, again = command("accept-figures", user, "streams"), command("accept-figures", user)

    assert done.exit_code == 0
    assert done.stdout == (
        "accepted: streams, broad: 63 were known, and now Meta reports 1 click on 9,000 impressions "
        f"[{ad_set}]\n"
    )
    assert (again.exit_code, again.stdout) == (
        0,
        "no figures contradict what is known; nothing was changed\n",
    )
    assert rows.one("select known_events from ads_ad_sets where id = %(id)s", id=ad_set) == {
        "known_events": 1
    }


def test_figures_that_cannot_be_are_left_and_exit_1(command: Callable[..., Result], rows: Rows):
    user = rows.user()
    ad_set = contradicted(rows, user, events=40_000, impressions=100)

    done = command("accept-figures", user)

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "left: streams, broad: Meta reports 40,000 clicks on 100 impressions, which cannot be: the "
        f"conversion counts too often, correct its set-up [{ad_set}]\n"
    )


def test_a_paused_goal_is_resumed_once(command: Callable[..., Result], rows: Rows):
    user = rows.user()
    paused = {"status": "PAUSED", "paused_by": "orchestrator", "paused_reason": "no_events_anywhere"}
    campaign = rows.campaign_of(user, **paused)

    done, again = command("resume-goal", user, "streams"), command("resume-goal", user, "streams")

    assert (done.exit_code, done.stdout) == (0, f"the next run resumes streams: {campaign}\n")
    assert (again.exit_code, again.stdout) == (
        0,
        "streams is not paused for want of events; nothing was changed\n",
    )


@pytest.mark.parametrize("arguments", [("accept-figures",), ("resume-goal", "streams")])
def test_somebody_who_is_not_known_is_named(command: Callable[..., Result], arguments: tuple[str, ...]):
    nobody = uuid4()

    done = command(arguments[0], nobody, *arguments[1:])

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == f"user {nobody} is not known\n"


def test_why_names_the_command_that_ends_each(command: Callable[..., Result], rows: Rows):
    user = rows.user()
    rows.run_of(user, status="success", ended_at="2026-11-23T12:05Z")
    ad_set = contradicted(rows, user, events=0)
    paused = {"status": "PAUSED", "paused_by": "orchestrator", "paused_reason": "no_events_anywhere"}
    rows.campaign_of(user, goal_key="presave", **paused)

    said = command("why", user).stdout

    assert said.endswith(
        "\nWaits for a person\n"
        f"  streams, broad: 63 were known, and now Meta reports 0 clicks on 9,000 impressions [{ad_set}]\n"
        f"    correct the tracking, or take the new figures: accept-figures {user} streams\n"
        "  pre-saves is paused: no ad set of it has one event [no_events_anywhere]\n"
        f"    correct the tracking, then: resume-goal {user} presave\n"
    )
