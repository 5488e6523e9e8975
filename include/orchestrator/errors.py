"""One tree of errors. Each leaf tells the shell what to do; each message says what to do next."""

from __future__ import annotations

from typing import Literal

Reach = Literal["object", "user", "run"]


class OrchestratorError(Exception):
    """The root. Nothing raises it itself."""


class ConfigError(OrchestratorError):
    """A setting, the policy or a stored configuration is wrong. Fail, do not retry."""


class InvalidDocument(ConfigError):
    """A document is wrong at one place: ``path`` (``$.goals[1].priority``) and ``problem``."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


class InvalidTransition(OrchestratorError):
    """The row was moved on by somebody else, or may not be moved. Leave it, report it."""


class LeaseLost(OrchestratorError):
    """The run was ended, or somebody else works on the user now. Write nothing more, leave them the rest."""


class Busy(OrchestratorError):
    """A write of an earlier try may still be under way. Try again in a minute."""


class UnresolvedOutcome(OrchestratorError):
    """An action of this user may or may not have happened. Nothing new before it is read back."""


class Stopped(OrchestratorError):
    """An operator or a breaker stopped writing. Write nothing more; a person or a rule resets it."""


class DatabaseUnavailable(OrchestratorError):
    """Postgres cannot be reached or broke off. Retry the task: what was done is recorded."""


class PlatformError(OrchestratorError):
    """Meta's answer was not a clean success. ``code``, ``subcode`` and ``trace`` are Meta's."""

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
    """Refused before execution. Repeat, also a write, after ``wait_s`` seconds."""

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


class Transient(PlatformError):
    """A read failed for a reason that passes. Retry it."""


class Unknown(PlatformError):
    """A write may or may not have happened. Read back before anything is repeated."""


class Rejected(PlatformError):
    """Meta understood and refused. Record it, never repeat it."""


class TooMuchData(PlatformError):
    """Meta cannot answer so much at once. Halve the request."""


class AccountClosed(PlatformError):
    """The account may not advertise. Stop this user and tell."""


class AuthExpired(PlatformError):
    """The access token is dead. Stop this user and tell."""


class VersionExpired(PlatformError):
    """Our request can never work: an expired version, a lost capability. Stop the run."""
