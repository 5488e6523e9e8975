"""Work that Meta does later: report runs, sets of asynchronous requests, sessions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from graph_simulator.state.objects import Account

# A poll counts as so much waiting: under a frozen clock a job would else never end.
_SECONDS_A_POLL = 10
RETENTION_SECONDS = 30 * 86400


@dataclass(slots=True)
class Progress:
    """How far a job is: it ends when the clock, or the number of polls, has advanced."""

    started: int
    seconds: int
    polls: int = 0

    def poll(self, now: int) -> int:
        """Look at it once more; 0 to 100 percent."""
        self.polls += 1
        return self.percent(now)

    def percent(self, now: int) -> int:
        """How much is done, without looking: 0 to 100."""
        waited = now - self.started + max(0, self.polls - 1) * _SECONDS_A_POLL
        return min(100, 100 * waited // max(1, self.seconds))

    def is_done(self, now: int) -> bool:
        """Whether it has ended."""
        return self.percent(now) >= 100


@dataclass(slots=True, eq=False)
class ReportRun:
    """One asynchronous report. ``ending`` is the status it ends with."""

    node: ClassVar[str] = "AdReportRun"
    id: str
    account: Account
    subject: Any
    params: dict[str, Any]
    span: tuple[int, int]
    progress: Progress
    ending: str = "Job Completed"


@dataclass(slots=True, eq=False)
class AsyncRequest:
    """One request of a set: what was requested, and Meta's answer to it."""

    node: ClassVar[str] = "AdAsyncRequest"
    id: str
    parent: RequestSet
    requested: dict[str, Any]
    answer: dict[str, Any]

    @property
    def account(self) -> Account:
        """The account of its set."""
        return self.parent.account

    @property
    def failed(self) -> bool:
        """Whether the answer is a refusal."""
        return "error" in self.answer


@dataclass(slots=True, eq=False)
class RequestSet:
    """A named set of asynchronous requests in one account."""

    node: ClassVar[str] = "AdAsyncRequestSet"
    id: str
    account: Account
    name: str
    progress: Progress
    requests: list[AsyncRequest] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Session:
    """One call of an ``asyncbatch``."""

    node: ClassVar[str] = "AsyncSession"
    id: str
    account: Account
    name: str
    requested: dict[str, Any]
    answer: dict[str, Any]
    progress: Progress
