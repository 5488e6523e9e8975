"""Why a run failed, or cannot begin, in words that a user can act on."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator import errors
from orchestrator.errors import OrchestratorError

NOT_ELIGIBLE: Mapping[str, str] = {
    "unknown_user": "There are no ads settings for this account yet. Finish setting it up first.",
    "not_connected": "Your Meta account is not connected. Connect it, then start again.",
    "assets_not_configured": "The ad account and page are not chosen yet. Choose them, then start again.",
    "paused_by_operator": "Your ads were paused by the support team. Ask them to start them again.",
    "run_in_progress": "Another run was going on for this account.",
    "nothing_active": "No goal is switched on. Switch one on, then start again.",
    "no_recent_activity": "The account was not used for a long time.",
}
"""Every reason for which a user takes no part."""
WITHOUT_ACCOUNT = frozenset({"unknown_user", "not_connected", "assets_not_configured"})
"""Those under which there is nothing to plan with either."""

_UNSURE = "It is not sure yet what Meta did. The next run finds out and goes on."
_BY_CLASS: Mapping[type[OrchestratorError], str] = {
    errors.AuthExpired: "Meta no longer accepts the connection. Connect your Meta account again.",
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
    return NOT_ELIGIBLE.get(error) or _BY_ERROR.get(error.partition(":")[0], _OTHERWISE)
