"""The end of a whole run: it is closed, counted and judged."""

from __future__ import annotations

from dataclasses import dataclass

from orchestrator.domain import messages
from orchestrator.domain.records import RunTotals
from orchestrator.errors import ProofRefused
from orchestrator.resources import Resources


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """The result of a whole run; ``text`` is for people.

    ``unsuccessful``: too many users failed, or the deployment did: ``deployment_error`` is its error then.
    """

    totals: RunTotals
    users: int
    failed_users: int
    unsuccessful: bool
    text: str
    deployment_error: str | None = None


def finish(resources: Resources, run_key: str) -> RunReport:
    """Close the run: users that did not pass the last step failed. Count, and judge.

    A run is unsuccessful when more than ``failed_users_max_percent`` of its users failed, or when our app
    secrets were refused and nobody got through: what is refused of one user's token alone is of another app.
    """
    totals = resources.store.runs.close(run_key)
    users = totals.success + totals.failed + totals.throttled
    limit = resources.settings.failed_users_max_percent
    refused = None if totals.success else resources.store.runs.first_error(run_key, ProofRefused.__name__)
    return RunReport(
        totals=totals,
        users=users,
        failed_users=totals.failed,
        unsuccessful=refused is not None or totals.failed * 100 > users * limit,
        text=messages.totals_text(totals),
        deployment_error=refused,
    )
