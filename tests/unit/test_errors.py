"""What each error tells the shell: whether to retry, and how far its cause reaches."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from orchestrator import errors
from orchestrator.runs import worker_pool

TABLE = {
    "ConfigError": ("never", "object"),
    "InvalidDocument": ("never", "object"),
    "InvalidTransition": ("never", "object"),
    "LeaseLost": ("never", "user"),
    "Busy": ("now", "user"),
    "UnresolvedOutcome": ("now", "user"),
    "Stopped": ("never", "user"),
    "DatabaseUnavailable": ("now", "app"),
    "UnusableValue": ("never", "user"),
    "Throttled": ("later", "user"),
    "ObjectThrottled": ("later", "object"),
    "Transient": ("now", "request"),
    "Unknown": ("now", "object"),
    "Rejected": ("never", "request"),
    "CannotDeliver": ("never", "request"),
    "TooMuchData": ("never", "request"),
    "AccountClosed": ("never", "user"),
    "AuthExpired": ("never", "user"),
    "VersionExpired": ("never", "app"),
    "ProofRefused": ("never", "app"),
}
ROOTS = {"OrchestratorError", "PlatformError"}


def classes(tree: type[errors.OrchestratorError]) -> Iterator[type[errors.OrchestratorError]]:
    yield tree
    for below in tree.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from classes(below)


def made(name: str) -> errors.OrchestratorError:
    more = {
        "Throttled": {"wait_s": 1.0},
        "ObjectThrottled": {"wait_s": 1.0},
        "InvalidDocument": {"problem": "is missing"},
    }.get(name, {})
    error: errors.OrchestratorError = getattr(errors, name)("$", **more)
    return error


def test_every_error_but_the_roots_has_its_row():
    found = {each.__name__: each for each in classes(errors.OrchestratorError)}

    assert found.keys() - ROOTS == TABLE.keys()
    assert {name: (found[name].retry, found[name].scope) for name in TABLE} == TABLE


def test_a_root_has_neither_so_each_leaf_must_decide():
    assert not any(hasattr(getattr(errors, root), "retry") for root in ROOTS)
    assert not any(hasattr(getattr(errors, root), "scope") for root in ROOTS)


@pytest.mark.parametrize("name", TABLE)
def test_the_worker_pool_retries_a_step_for_exactly_what_may_succeed_now(name: str):
    assert worker_pool.is_retryable(made(name)) == (TABLE[name][0] == "now")


def test_a_bug_is_not_retried_for_a_user():
    assert not worker_pool.is_retryable(KeyError("bug"))


def test_what_stops_everybody_and_what_only_a_kind_of_write_follow_from_the_classes():
    assert errors.COMMON_ERRORS == ["ProofRefused", "Unknown", "VersionExpired"]
    assert errors.REFUSALS == ["ProofRefused", "Rejected", "TooMuchData", "VersionExpired"]


@pytest.mark.parametrize("name", TABLE)
def test_an_error_is_everybodys_by_its_scope(name: str):
    assert errors.is_common(made(name)) == (TABLE[name][1] in {"app", "platform"})


def test_an_error_is_one_line_of_a_length_that_people_read():
    assert errors.one_line(ValueError("a\n  b\tc")) == "a b c"
    assert len(errors.one_line(ValueError("x" * 5_000))) == 501


def test_the_line_of_an_error_is_text_that_logs_and_postgres_take():
    assert errors.one_line(ValueError("a\0b\ud800\nc")) == "a\ufffdb? c"
