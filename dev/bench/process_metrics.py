"""What the parts take while something runs: the most memory of any one process, and CPU seconds, by kind."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import psutil

EVERY_S = 1.0
KINDS = {
    "airflow api-server": "api-server",
    "airflow scheduler": "scheduler",
    "airflow dag-processor": "dag-processor",
    "airflow triggerer": "triggerer",
    "graph simulator": "simulator",
    "postgres": "postgres",
}
"""Parts by the name their supervisor gives them. What the scheduler starts are tasks."""
_LOOKED_AT = ("ppid", "memory_info", "cpu_times")
_CPU_FIELDS = 4  # user and system; of itself and of the children that it waited for


@dataclass
class Sampler:
    """Looks at all processes below ``roots`` (process id by part name) while it is entered.

    ``peak_rss_mb``: by kind, the most that one process had resident when it was looked at.
    ``cpu_s``: by kind, all its processes together, those that ended meanwhile included where the
    system adds them to the waiting parent (not on macOS).
    ``stolen_s``: CPU seconds that a virtual machine's host gave to others meanwhile, where it is reported.
    """

    roots: Mapping[str, int]
    peak_rss_mb: dict[str, float] = field(default_factory=dict)
    cpu_s: dict[str, float] = field(default_factory=dict)
    stolen_s: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._before, self._stolen_before = self._look(), _stolen_s()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        after = self._look()
        self.cpu_s = {each: after[each] - self._before.get(each, 0.0) for each in after}
        self.stolen_s = _stolen_s() - self._stolen_before

    def _watch(self) -> None:
        while not self._stop.wait(EVERY_S):
            self._look()

    def _look(self) -> dict[str, float]:
        """CPU seconds since their start, by kind; the peaks are recorded."""
        processes = {each.pid: each.info for each in psutil.process_iter(_LOOKED_AT)}
        kind_of = {pid: KINDS[name] for name, pid in self.roots.items() if name in KINDS}
        cpu_s: dict[str, float] = defaultdict(float)
        for pid, info in processes.items():
            kind = _kind(pid, processes, kind_of)
            if kind is not None and info["memory_info"] is not None:
                rss_mb = info["memory_info"].rss / 2**20
                self.peak_rss_mb[kind] = max(self.peak_rss_mb.get(kind, 0.0), rss_mb)
                cpu_s[kind] += sum(info["cpu_times"][:_CPU_FIELDS])
        return cpu_s


def _stolen_s() -> float:
    return float(getattr(psutil.cpu_times(), "steal", 0.0))


def _kind(pid: int, processes: Mapping[int, Mapping[str, Any]], kind_of: Mapping[int, str]) -> str | None:
    """The kind of the part that the process is, or descends from."""
    if pid in kind_of:
        return kind_of[pid]
    parent = processes[pid]["ppid"]
    while parent in processes:
        if parent in kind_of:
            return "task" if kind_of[parent] == "scheduler" else kind_of[parent]
        parent = processes[parent]["ppid"]
    return None
