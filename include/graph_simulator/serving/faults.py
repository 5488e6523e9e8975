"""Trouble on request: which calls it befalls, and what happens to them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from graph_simulator import errors
from graph_simulator.errors import GraphError
from graph_simulator.serving.access import dead_token
from graph_simulator.serving.call import Call
from graph_simulator.serving.routes import account_disabled
from graph_simulator.state.noise import uniform
from graph_simulator.state.world import World

# What happens instead of an answer, or to it. "after" kinds and the last four apply the call first.
BEFORE = ("timeout_before", "reset_before", "html_502", "empty_200", "empty_500")
AFTER = (
    "timeout_after",
    "reset_after",
    "html_502_after",
    "empty_200_after",
    "broken_json",
    "null_batch_slot",
)
MILD = ("empty_page", "lag", "slow", "report_fails", "report_skipped")
_WAIT = "There have been too many calls from this ad-account. Wait a bit and try again. "
_WAIT += (
    "For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting."
)


def _throttle(code: int, subcode: int | None, message: str) -> GraphError:
    return GraphError(message, code=code, subcode=subcode, transient=code != 613)


def throttle(kind: str) -> GraphError:
    """The refusal of one throttle."""
    return {
        "throttle_4": _throttle(4, 1504022, "(#4) Application request limit reached"),
        "throttle_17": _throttle(17, 2446079, "(#17) User request limit reached"),
        "throttle_613": _throttle(613, 1487742, "(#613) Calls to this api have exceeded the rate limit."),
        "throttle_80000": _throttle(80000, 2446079, f"(#80000) {_WAIT}"),
        "throttle_80004": _throttle(80004, 2446079, f"(#80004) {_WAIT}"),
        "throttle_1487632": _throttle(613, 1487632, "(#613) Calls to this api have exceeded the rate limit."),
    }[kind]


THROTTLES = (
    "throttle_4",
    "throttle_17",
    "throttle_613",
    "throttle_80000",
    "throttle_80004",
    "throttle_1487632",
)
OF_ONE_OBJECT = ("throttle_1487632",)
"""Throttles that leave the rest of the account free."""
REFUSALS = (
    "error_1",
    "error_2",
    "reduce_data",
    *THROTTLES,
    "token_460",
    "token_463",
    "permission",
    "account_disabled",
    "refusal",
)
KINDS = (*BEFORE, *AFTER, *MILD, *REFUSALS)


def refusal(fault: Fault, world: World) -> GraphError:
    """The error that a refusing fault answers with."""
    kind = fault.kind
    if fault.refusal is not None:
        return _free_refusal(fault.refusal)
    if kind in THROTTLES:
        return throttle(kind)
    if kind.startswith("token_"):
        return dead_token(world, int(kind[6:]), world.now())
    made = {
        "error_1": errors.unknown_error,
        "error_2": errors.unavailable,
        "reduce_data": errors.reduce_data,
        "permission": errors.no_permission,
        "account_disabled": account_disabled,
    }
    return made[kind]()


def _free_refusal(given: dict[str, Any]) -> GraphError:
    return GraphError(
        given["message"] or f"(#{given['code']}) {given['title'] or 'The request was refused.'}",
        code=given["code"],
        subcode=given["subcode"],
        status=given["status"],
        title=given["title"],
        text=given["text"],
        blame=tuple(given["blame"]),
        transient=given["transient"],
    )


@dataclass(slots=True)
class Fault:
    """One rule. ``after`` matching calls pass, then ``count`` are hit (None: for ever).

    ``edge`` is the last part of the path (``adsets``, ``copies``; empty: the node itself); ``body`` are globs
    by parameter, all of which must match; ``refusal`` is what a fault of that kind answers.
    """

    kind: str
    method: str | None = None
    path: str | None = None
    account: str | None = None
    after: int = 0
    count: int | None = None
    probability: float = 1.0
    seconds: float | None = None
    edge: str | None = None
    body: dict[str, str] = field(default_factory=dict)
    refusal: dict[str, Any] | None = None
    seen: int = 0
    hits: int = 0

    def strikes(self, call: Call, account: str | None, seed: int) -> bool:
        """Whether this call is hit; it is counted either way."""
        if not self._matches(call, account) or (self.count is not None and self.hits >= self.count):
            return False
        self.seen += 1
        if self.seen <= self.after or uniform(seed, 91, self.seen) > self.probability:
            return False
        self.hits += 1
        return True

    def _matches(self, call: Call, account: str | None) -> bool:
        if self.kind == "null_batch_slot" and not call.in_batch:
            return False
        if self.method and self.method.upper() != call.method:
            return False
        if self.account and self.account != account:
            return False
        if self.edge is not None and self.edge != (call.path[1] if len(call.path) > 1 else ""):
            return False
        if not all(fnmatchcase(str(call.params.get(name, "")), glob) for name, glob in self.body.items()):
            return False
        return self.path is None or any(fnmatchcase(each, self.path) for each in _spellings(call))


def _spellings(call: Call) -> tuple[str, ...]:
    """A path as a glob may have it: with the version or without, with a leading slash or without."""
    return call.route, call.route[1:], f"/{call.version}{call.route}"


def shown(fault: Fault) -> dict[str, Any]:
    """A rule as the control API writes it."""
    return asdict(fault)
