"""One tree of errors. Each class states whether to retry and how far its cause reaches.

``retry`` is read by the worker pool and by Airflow's retry policy:

- ``now``: the step is tried again in a minute, in the same run. What was done is recorded, and what
  may have been done is read back before anything is repeated.
- ``later``: it is left to the next run.
- ``never``: it fails; a repetition ends the same until a person, a setting or the code changes.

``scope`` is the widest thing that one occurrence condemns: one ``request``, one ``object`` (an action
and the object it is about), one ``user`` (the ad account), the ``app`` (this deployment, its database,
its platform app) or the whole ``platform``. A narrower error never stops a wider scope.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

Retry = Literal["now", "later", "never"]
Scope = Literal["request", "object", "user", "app", "platform"]


MAX_LINE_CHARS = 500


def one_line(error: BaseException) -> str:
    """The text of an error for a row and a log: one line, and no longer than a person reads."""
    # A log file and Postgres take no lone surrogates, and Postgres no NUL.
    text = " ".join(str(error).replace("\0", "\ufffd").encode("utf-8", "replace").decode().split())
    return text if len(text) <= MAX_LINE_CHARS else f"{text[:MAX_LINE_CHARS]}…"


class OrchestratorError(Exception):
    """The root. Never raised itself."""

    retry: ClassVar[Retry]
    scope: ClassVar[Scope]


class ConfigError(OrchestratorError):
    """A setting, the policy or a stored configuration is wrong. Fail; a person corrects it.

    Its scope is ``object``: an action whose template is gone fails alone. Raised while a user is read,
    it ends that user's run; raised while a run is opened, the task.
    """

    retry = "never"
    scope = "object"


class InvalidDocument(ConfigError):
    """A document is wrong at one place: ``path`` (``$.goals[1].priority``) and ``problem``."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


class InvalidTransition(OrchestratorError):
    """The action's row has a status that does not permit the change. Leave it and report it."""

    retry = "never"
    scope = "object"


class LeaseLost(OrchestratorError):
    """The run was ended, or another run or try holds the user. Write nothing more for the user."""

    retry = "never"
    scope = "user"


class Busy(OrchestratorError):
    """A write of an earlier try may still be under way. Its time-out is shorter than the retry delay."""

    retry = "now"
    scope = "user"


class UnresolvedOutcome(OrchestratorError):
    """The outcome of an action of this user is unknown.

    Nothing rises for its goal, and its room is taken, before it is read back.
    """

    retry = "now"
    scope = "user"


class Stopped(OrchestratorError):
    """An operator or a breaker stopped writing, for a user or for everybody. A person resets it."""

    retry = "never"
    scope = "user"


class DatabaseUnavailable(OrchestratorError):
    """Postgres cannot be reached or closed the connection. What was done is recorded."""

    retry = "now"
    scope = "app"


class UnusableValue(OrchestratorError):
    """Postgres refuses a value of the user, or has one that cannot be read. End the user's run."""

    retry = "never"
    scope = "user"


class PlatformError(OrchestratorError):
    """The platform's answer was not a clean success. ``code``, ``subcode`` and ``trace`` are its own."""

    def __init__(
        self,
        message: str,
        *,
        code: int | None = None,
        subcode: int | None = None,
        trace: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.subcode = subcode
        self.trace = trace


class Throttled(PlatformError):
    """Refused before execution. A call, also a write, may be repeated after ``wait_s`` seconds."""

    retry = "later"
    scope: ClassVar[Scope] = "user"

    def __init__(
        self,
        message: str,
        *,
        wait_s: float,
        code: int | None = None,
        subcode: int | None = None,
        trace: str | None = None,
    ) -> None:
        super().__init__(message, code=code, subcode=subcode, trace=trace)
        self.wait_s = wait_s


class ObjectThrottled(Throttled):
    """Refused before execution by the limit of one object; the rest of the account is free."""

    scope = "object"


class Transient(PlatformError):
    """A read failed for a reason that passes."""

    retry = "now"
    scope = "request"


class Unknown(PlatformError):
    """A write may or may not have happened. Read back before anything is repeated.

    Retried ``now``: the action's row stays open (``intended`` or ``unknown``), and a retried step
    reconciles the user's open rows before it writes. A second write is therefore never sent blindly,
    and a user is not left for six hours with an outcome that a read settles in a minute.
    """

    retry = "now"
    scope = "object"


class Rejected(PlatformError):
    """The platform understood and refused. Record it, never repeat it."""

    retry = "never"
    scope = "request"


class CannotDeliver(Rejected):
    """None of the ads of what is to be copied could be shown. Nothing is copied."""


class TooMuchData(PlatformError):
    """The platform cannot answer so much at once. Halve the request; the same one is refused again."""

    retry = "never"
    scope = "request"


class AccountClosed(PlatformError):
    """The account may not advertise. End the user's run and report it."""

    retry = "never"
    scope = "user"


class AuthExpired(PlatformError):
    """The access token is no longer valid. End the user's run and report it."""

    retry = "never"
    scope = "user"


class VersionExpired(PlatformError):
    """Our request can never work: an expired version, a lost capability. Stop the run."""

    retry = "never"
    scope = "app"


class ProofRefused(PlatformError):
    """The platform takes the proof of none of our app secrets. Stop the run: no user can mend it."""

    retry = "never"
    scope = "app"


def is_common(error: BaseException | type[BaseException]) -> bool:
    """Whether the app or the platform is to blame for an error, and no single user."""
    kind = error if isinstance(error, type) else type(error)
    return issubclass(kind, OrchestratorError) and kind.scope in {"app", "platform"}


def _below(tree: type[OrchestratorError]) -> Iterator[type[OrchestratorError]]:
    for below in tree.__subclasses__():
        yield below
        yield from _below(below)


COMMON_ERRORS = sorted(
    # A write without an answer says nothing of its user: what is broken is on the way, or there.
    {each.__name__ for each in _below(PlatformError) if is_common(each)} | {Unknown.__name__}
)
"""Names of the errors of an action that stop writing for everybody when many users meet them in a row."""

REFUSALS = sorted(
    each.__name__
    for each in _below(PlatformError)
    if each.retry == "never" and each.scope != "user" and each is not CannotDeliver
)
"""Names of the errors of an action that the platform understood and will refuse again, whoever sends it."""
