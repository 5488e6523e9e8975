"""Which leaf of the error tree an answer of Meta's is. Pure.

Codes and classes: developers.facebook.com/docs/marketing-api/error-reference and
developers.facebook.com/docs/graph-api/guides/error-handling. An answer is classified
by whether the call may be repeated, when, and by which part of the system.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from orchestrator.errors import (
    AccountClosed,
    AuthExpired,
    ObjectThrottled,
    PlatformError,
    ProofRefused,
    Rejected,
    Throttled,
    TooMuchData,
    Transient,
    Unknown,
    VersionExpired,
)
from orchestrator.platforms.meta import permissions

THROTTLE_CODES = frozenset({4, 17, 32, 341, 613}) | frozenset(range(80000, 80015))
TOKEN_CODES = frozenset({102, 104, 190})
OUR_BUG_CODES = frozenset({3, 12, 2500, 2635})
ACCOUNT_CODES = frozenset({270, 275, 368})
# These are in ``code`` or in ``error_subcode``.
ACCOUNT_SUBCODES = frozenset({1359188, 1404078, 1404163, 2859015})
TOO_MUCH_SUBCODES = frozenset({1487534, 1504018, 1504038, 1504045, 2490547})
TOO_MUCH_TEXT = "reduce the amount of data"
# Code 2 is otherwise a passing fault, but this one is a wrong combination of breakdowns.
REFUSED_SUBCODES = frozenset({1504041})
NO_INSIGHTS_SUBCODE = 3191001
_A_ROLE = 200
TRANSIENT_CODES = frozenset({1, 2})
NOT_FOUND_SUBCODE = 33

# Throttles of one object: the account itself stays free. Seconds until the object may change again.
OBJECT_WAIT_S: Mapping[int, float] = {1487632: 3600.0, 1487225: 3600.0, 1885172: 86400.0}
_MUTATIONS_PER_SECOND_SUBCODE = 5044001

_NEXT: Mapping[type[PlatformError], str] = {
    ObjectThrottled: "Nothing was done to it; the next run does it if it is still right.",
    Throttled: "Nothing was done; it is repeated when the limit is over.",
    Transient: "Nothing was changed; read again later.",
    Unknown: "It may have happened; it is read back before anything is repeated.",
    Rejected: "Nothing was changed; correct what Meta names, the same request is not sent again.",
    TooMuchData: "Ask for less at once.",
    AccountClosed: "Nothing more is done for this user; see Meta's Account Quality and billing.",
    AuthExpired: "Nothing more is done for this user; connect the ad account again.",
    ProofRefused: "Nothing more is done for this user. When all users meet it, no user has to connect again: "
    "give the secrets of the Meta app (App settings, Basic), the newest first, in the password of the "
    "Airflow connection ads_orchestrator_meta, where it has one, or in "
    "ORCHESTRATOR_META_APP_SECRET. When others get through, this user's token is of another app.",
    VersionExpired: "Nothing more is done for this user; when all users meet it, move to a "
    "living API version or restore the app's capability.",
}
_NEXT_BY_SUBCODE: Mapping[int, str] = {
    NOT_FOUND_SUBCODE: "It is gone, not visible with this token, or too new to be seen everywhere.",
    1359188: "Nothing more is done for this user; add a payment method to the ad account.",
    1487632: "Its budget can change again in an hour; the next run does it.",
    3858079: "Name a payor for ads shown in the European Union (dsa_payor).",
    3858081: "Name a beneficiary for ads shown in the European Union (dsa_beneficiary).",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphError:
    """What is known of an answer that was not a clean success.

    ``status`` is None when no HTTP answer came. ``problem`` says in words what was wrong with an
    answer that carried no Graph error (a time-out, HTML, an empty body).
    """

    status: int | None = None
    code: int | None = None
    subcode: int | None = None
    transient: bool = False
    message: str = ""
    title: str = ""
    explanation: str = ""
    blame: str = ""
    trace: str | None = None
    problem: str = ""


def parse(status: int | None, body: object) -> GraphError:
    """Read the Graph error out of an answer's body, or say why there is none to read."""
    error = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(error, Mapping):
        return GraphError(status=status, problem=_shapeless(status, body))
    return GraphError(
        status=status,
        code=_number(error.get("code")),
        subcode=_number(error.get("error_subcode")),
        transient=error.get("is_transient") is True,
        message=str(error.get("message", "")),
        title=str(error.get("error_user_title") or ""),
        explanation=str(error.get("error_user_msg") or ""),
        blame=_blame(error.get("error_data")),
        trace=error.get("fbtrace_id"),
    )


def without(graph_error: GraphError, secrets: Iterable[str]) -> GraphError:
    """Blank out secrets: Meta quotes a malformed token back in its message."""
    for secret in secrets:
        graph_error = replace(
            graph_error,
            message=graph_error.message.replace(secret, "***"),
            title=graph_error.title.replace(secret, "***"),
            explanation=graph_error.explanation.replace(secret, "***"),
            problem=graph_error.problem.replace(secret, "***"),
        )
    return graph_error


def classify(graph_error: GraphError, *, is_write: bool) -> type[PlatformError]:
    """Say which error an answer is.

    Only what Meta surely refused before doing it is Throttled or Rejected. A write that failed in
    any other way is Unknown; a read is then Transient, since repeating it does no harm.
    """
    unsure: type[PlatformError] = Unknown if is_write else Transient
    if graph_error.code is None or graph_error.code == 0:
        return unsure
    known = _known(graph_error, graph_error.code)
    if known is TooMuchData and is_write:
        return Unknown
    if known is not None:
        return known
    is_passing = graph_error.code in TRANSIENT_CODES or graph_error.code < 0 or graph_error.transient
    return unsure if is_passing or (graph_error.status or 500) >= 500 else Rejected


def error_for(graph_error: GraphError, *, what: str, is_write: bool, wait_s: float) -> PlatformError:
    """Build the error to raise.

    Args:
        graph_error: The answer.
        what: The call, for the message: ``create campaign``.
        is_write: Whether Meta may have changed something.
        wait_s: What the usage headers say to wait; used by a throttle of the account.
    """
    kind = classify(graph_error, is_write=is_write)
    message = _message(graph_error, what, kind)
    if issubclass(kind, Throttled):
        return kind(
            message,
            wait_s=throttle_wait_s(graph_error, wait_s),
            code=graph_error.code,
            subcode=graph_error.subcode,
            trace=graph_error.trace,
        )
    return kind(message, code=graph_error.code, subcode=graph_error.subcode, trace=graph_error.trace)


def is_object_throttle(graph_error: GraphError) -> bool:
    """True when only one object is blocked, not the ad account."""
    return graph_error.subcode in OBJECT_WAIT_S


def throttle_wait_s(graph_error: GraphError, headers_wait_s: float) -> float:
    """Seconds to wait after a throttle: the object's own block, one second of writes, or the headers'."""
    if graph_error.subcode is not None and graph_error.subcode in OBJECT_WAIT_S:
        return OBJECT_WAIT_S[graph_error.subcode]
    if graph_error.subcode == _MUTATIONS_PER_SECOND_SUBCODE:
        return 1.0
    return headers_wait_s


def _known(graph_error: GraphError, code: int) -> type[PlatformError] | None:
    named = {code, graph_error.subcode}
    is_proof = code == 100 and "appsecret_proof" in graph_error.message
    rows: tuple[tuple[bool, type[PlatformError]], ...] = (
        (code in THROTTLE_CODES, ObjectThrottled if graph_error.subcode in OBJECT_WAIT_S else Throttled),
        (code in TOKEN_CODES, AuthExpired),
        (is_proof, ProofRefused),
        (code in OUR_BUG_CODES, VersionExpired),
        (code in ACCOUNT_CODES or bool(named & ACCOUNT_SUBCODES), AccountClosed),
        (bool(named & TOO_MUCH_SUBCODES) or TOO_MUCH_TEXT in graph_error.message, TooMuchData),
        (graph_error.subcode in REFUSED_SUBCODES or code in permissions.CODES, Rejected),
    )
    return next((kind for holds, kind in rows if holds), None)


def _message(graph_error: GraphError, what: str, kind: type[PlatformError]) -> str:
    said = ": ".join(part for part in (graph_error.title, graph_error.explanation) if part)
    detail = graph_error.problem or said or graph_error.message or "Meta gave no reason"
    numbers = "/".join(
        str(number) for number in (graph_error.code, graph_error.subcode) if number is not None
    )
    trace = f"trace {graph_error.trace}" if graph_error.trace else ""
    marks = [f"code {numbers}" if numbers else "", graph_error.blame, trace]
    bracket = ", ".join(mark for mark in marks if mark)
    by_kind = _next(graph_error, kind, f"{detail} {graph_error.message}")
    following = _NEXT_BY_SUBCODE.get(graph_error.subcode or 0) or by_kind
    return f"{what}: {detail.rstrip('.')}{f' ({bracket})' if bracket else ''}. {following}"


def _next(graph_error: GraphError, kind: type[PlatformError], text: str) -> str:
    code = _A_ROLE if graph_error.subcode == NO_INSIGHTS_SUBCODE else graph_error.code or 0
    return permissions.next_step(code, text) or _NEXT[kind]


def _shapeless(status: int | None, body: object) -> str:
    where = f"HTTP {status}" if status is not None else "one part of a batch"
    if body is None or body == "":
        return f"an empty answer ({where})"
    if isinstance(body, Mapping) and body.get("success") is False:
        return f"Meta says it did not succeed, without a reason ({where})"
    return f"an answer that is not what the Graph API sends ({where})"


def _blame(error_data: object) -> str:
    try:
        parsed: Any = json.loads(error_data) if isinstance(error_data, str) else error_data
        fields = parsed["blame_field_specs"]
        return "field " + ", ".join(".".join(map(str, path)) for path in fields)
    except (KeyError, TypeError, ValueError):
        return ""


def _number(value: object) -> int | None:
    try:
        return int(value)  # type: ignore[call-overload,no-any-return]  # junk ends below
    except (TypeError, ValueError):
        return None
