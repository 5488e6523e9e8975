"""What may be sent after what was met before: a reduction always, but where nothing can be sent at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest
from msgspec import structs

from orchestrator.errors import (
    AccountClosed,
    AuthExpired,
    OrchestratorError,
    ProofRefused,
    Stopped,
    Throttled,
    Transient,
    UnresolvedOutcome,
    VersionExpired,
)
from orchestrator.execution import admission
from orchestrator.execution.admission import Progress, admit
from orchestrator.execution.preflight import Preflight
from tests.unit.execution.test_executor import a_row

GO = ("go", None)


class Unlimited:
    """A context in which every id is the platform's."""

    def remote_id(self, planned_id: str | None) -> str | None:
        return planned_id


class Calm:
    """A state in which every reduction was made."""

    reduction_failed = False


def admitted(
    action_type: str, monkeypatch: pytest.MonkeyPatch, budgets: tuple[int, int] | None = None, **met: Any
) -> tuple[str, str | None]:
    """Whether an action of ``streams`` may be sent."""
    monkeypatch.setattr(admission, "preflight", lambda *_: Preflight("go", {}))
    row = a_row(action_type)
    before, after = budgets or (None, None)
    action = structs.replace(row.action, before_minor=before, after_minor=after)
    progress = Progress(state=cast("Any", Calm()), rows=[], **({"refused_kinds": frozenset()} | met))
    answer = admit(cast("Any", Unlimited()), replace(row, action=action), progress)
    return answer.word, answer.details.get("hold")


@pytest.mark.parametrize(
    ("met", "reduction", "rise"),
    [
        pytest.param({}, GO, GO, id="nothing"),
        pytest.param(
            {"stopped": Throttled("!", wait_s=9)}, GO, ("hold", "throttled"), id="the account's limit"
        ),
        pytest.param({"stopped": AccountClosed("!")}, GO, ("hold", "account_stopped"), id="a closed account"),
        pytest.param({"stopped": VersionExpired("!")}, GO, ("hold", "account_stopped"), id="a lost version"),
        pytest.param({"unresolved": UnresolvedOutcome("!")}, GO, GO, id="an unknown outcome of another goal"),
        pytest.param({"stopped": Transient("!")}, GO, ("hold", "account_stopped"), id="a read that failed"),
        pytest.param(
            {"open_goals": frozenset({"streams"})}, GO, ("hold", "unsettled"), id="open of its goal"
        ),
        pytest.param({"open_goals": frozenset({"presave"})}, GO, GO, id="open of another goal"),
        pytest.param(
            {"refused_kinds": frozenset({"resume_campaign", "update_budget"})},
            GO,
            ("hold", "refused_for_many"),
            id="a refusal of many users",
        ),
        pytest.param({"is_surprised": True}, GO, ("hold", "unknown_objects"), id="a restored database"),
        pytest.param(
            {"stopped": AuthExpired("!")},
            ("hold", "account_stopped"),
            ("hold", "account_stopped"),
            id="a dead token",
        ),
        pytest.param(
            {"stopped": ProofRefused("!")},
            ("hold", "account_stopped"),
            ("hold", "account_stopped"),
            id="a wrong app secret",
        ),
        pytest.param({"stopped": Stopped("!")}, ("hold", "stopped"), ("hold", "stopped"), id="a stop"),
    ],
)
def test_a_reduction_waits_for_a_stop_alone(
    met: dict[str, OrchestratorError | Any],
    reduction: tuple[str, str | None],
    rise: tuple[str, str | None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert admitted("pause_campaign", monkeypatch, **met) == reduction
    assert admitted("update_budget", monkeypatch, (500, 499), **met) == reduction
    assert admitted("update_budget", monkeypatch, (500, 501), **met) == rise
    assert admitted("resume_campaign", monkeypatch, **met) == rise
