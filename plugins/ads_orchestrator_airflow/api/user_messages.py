"""Why a run failed, or cannot begin, in words that a user can act on.

A refusal's text is its reason's (``domain.reasons``); a failure's is that of its error's class.
"""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator import errors
from orchestrator.domain.reasons import REASONS
from orchestrator.errors import OrchestratorError

_UNSURE = "It is not sure yet what Meta did. The next run finds out and goes on."
_BY_CLASS: Mapping[type[OrchestratorError], str] = {
    errors.AuthExpired: "Meta no longer accepts the connection. Connect your Meta account again.",
    errors.ProofRefused: "Something is wrong on our side; your connection is fine. The support team acts.",
    errors.AccountClosed: "Meta does not let this ad account advertise. Look into Meta's account settings.",
    errors.ConfigError: "Something in the account's settings is wrong. Ask the support team.",
    errors.Throttled: "Meta asks to wait. The next run goes on by itself.",
    errors.Transient: "Meta could not be reached. The next run goes on by itself.",
    errors.UnresolvedOutcome: _UNSURE,
    errors.Stopped: "Runs are stopped by the support team.",
}
_BY_ERROR = {"Unsettled": _UNSURE} | {error.__name__: text for error, text in _BY_CLASS.items()}
"""By the name with which a run's error begins. ``Unsettled``: rows of runs before it was renamed."""
_OTHERWISE = "The run did not get to its end. The next run goes on from what is recorded."


def run_reason(error: str | None) -> str | None:
    """The stored error of a run in words; a refused run's is a reason, a failed one's has a class's name."""
    if error is None:
        return None
    if error in REASONS and REASONS[error].user_text:
        return REASONS[error].user_text
    return _BY_ERROR.get(error.partition(":")[0], _OTHERWISE)
