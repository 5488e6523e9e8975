"""From a call to its answer: refusals, faults, batches, and the journal of it all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from graph_simulator.answers.pages import same_page_url
from graph_simulator.errors import GraphError
from graph_simulator.limits.usage import Charge
from graph_simulator.serving import faults
from graph_simulator.serving.access import caller, check_version
from graph_simulator.serving.batch import Batch, Slot, read_batch
from graph_simulator.serving.call import Call
from graph_simulator.serving.faults import Fault
from graph_simulator.serving.journal import Entry, Journal
from graph_simulator.serving.routes import answer, charge_of
from graph_simulator.state.assets import User
from graph_simulator.state.jobs import ReportRun
from graph_simulator.state.lateness import Wait, as_it_is
from graph_simulator.state.noise import mix, uniform
from graph_simulator.state.objects import Ad, AdSet, Campaign
from graph_simulator.state.world import World
from graph_simulator.wire import encode

HTML_502 = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_LAG_SECONDS = 5.0
# By chance, reads are late for up to three reads of an object, or a minute of the simulated clock.
_LATE_SECONDS = 60
_LATE_READS = 3
_ENDINGS = {"report_fails": "Job Failed", "report_skipped": "Job Skipped"}


@dataclass(slots=True)
class Outcome:
    """What goes onto the wire. ``cut``: the connection ends without an answer, "timeout" after a while."""

    status: int
    body: bytes
    headers: dict[str, str]
    kind: str = "application/json; charset=UTF-8"
    cut: str | None = None
    hold_seconds: float = 0.0


@dataclass(slots=True, frozen=True)
class Circumstances:
    """What a call met with: its fault, how much had changed before it, the batch it came in."""

    fault: Fault | None
    changes_before: int
    batch: int | None


class Graph:
    """The Graph API over one world, with its faults and its journal."""

    def __init__(self, world: World, journal_size: int) -> None:
        self.world = world
        self.journal = Journal(journal_size)
        self.faults: list[Fault] = []

    def strike(self, call: Call) -> Fault | None:
        """The fault that befalls a call, if any."""
        if not self.faults:
            return None
        account = self._account_of(call)
        seed = self.world.setup.seed
        return next((fault for fault in self.faults if fault.strikes(call, account, seed)), None)

    def handle(self, call: Call, fault: Fault | None) -> Outcome:
        """Answer one request and record it in the journal, whatever its outcome."""
        number, before = self.journal.next_number(), self.world.changes
        outcome = self._outcome(call, fault, number)
        self._write_down(number, call, outcome, Circumstances(fault, before, None))
        return outcome

    def _outcome(self, call: Call, fault: Fault | None, number: int) -> Outcome:
        kind = fault.kind if fault else None
        if kind in faults.BEFORE:
            return _mangled(str(kind), fault, b"", {})
        if fault and kind in faults.REFUSALS:
            return self._fault_refusal(call, str(kind), fault)
        plain = self._batch(call, number) if _is_batch(call) else self._single(call, fault)
        if kind in _ENDINGS:
            self._spoil(plain.body, _ENDINGS[kind])
        if kind in faults.AFTER:
            return _mangled(str(kind), fault, plain.body, plain.headers)
        return plain

    def _single(self, call: Call, fault: Fault | None) -> Outcome:
        charge = charge_of(self._node_of(call), call)
        wait = self._wait(call, fault)
        before = self._before(call) if wait else None
        try:
            found = answer(self.world, call)
        except GraphError as error:
            return self.refused(error, self._headers(charge, call))
        if wait:
            self._delay(found, before, wait)
        if fault and fault.kind == "empty_page" and "data" in found:
            found = _empty_page(call)
        return Outcome(200, _encoded(found), self._headers(charge, call))

    def _fault_refusal(self, call: Call, kind: str, fault: Fault) -> Outcome:
        """A refusal on request; that of an account's throttle comes with the headers of one."""
        charge = charge_of(self._node_of(call), call)
        headers = self._headers(charge, call)
        if kind in faults.THROTTLES and kind not in faults.OF_ONE_OBJECT:
            seconds = fault.seconds or 60
            headers |= self.world.limits.saturated(charge, -(-int(seconds) // 60))
        return self.refused(faults.refusal(fault, self.world), headers)

    def refused(self, error: GraphError, headers: dict[str, str] | None = None) -> Outcome:
        """The answer that an error makes."""
        trace = self.world.ids.trace_id()
        return Outcome(error.status, _encoded(error.body(trace)), {**(headers or {}), "x-fb-trace-id": trace})

    def _batch(self, call: Call, number: int) -> Outcome:
        try:
            check_version(self.world, call)
            caller(self.world, call)
            items = read_batch(call)
        except GraphError as error:
            return self.refused(error)
        slots = Batch(call, items).run(lambda part: self._part(part, number))
        return Outcome(200, _encoded(slots), self._headers(charge_of(None, call), call))

    def _part(self, call: Call, batch: int) -> Slot:
        number, before = self.journal.next_number(), self.world.changes
        fault = self.strike(call)
        outcome = self._outcome(call, fault, number)
        self._write_down(number, call, outcome, Circumstances(fault, before, batch))
        return None if outcome.cut else (outcome.status, outcome.headers, outcome.body)

    def _headers(self, charge: Charge, call: Call) -> dict[str, str]:
        return {"facebook-api-version": call.version} | self.world.usage(charge)

    def _wait(self, call: Call, fault: Fault | None) -> Wait | None:
        """How long reads are late after a call, by its fault or by chance; null when they are not."""
        if fault and fault.kind == "lag":
            return Wait.of_seconds(fault.seconds or _LAG_SECONDS)
        laws, key = self.world.laws, (self.world.setup.seed, 96, self.world.changes)
        if call.method != "POST" or not laws.late_reads or uniform(*key) >= laws.late_reads:
            return None
        return Wait(until=self.world.now() + _LATE_SECONDS, reads=1 + mix(*key, 1) % _LATE_READS)

    def _before(self, call: Call) -> Any:
        """What a call is about to change, as it is; null when it is about to make something."""
        node = self._node_of(call)
        is_update = call.method != "GET" and len(call.path) == 1
        return as_it_is(node) if is_update and isinstance(node, Campaign | AdSet | Ad) else None

    def _delay(self, found: dict[str, Any], before: Any, wait: Wait) -> None:
        """Let reads be late: show what was changed as it was, and not what was made."""
        if before is not None:
            self.world.lateness.keep_showing(before, wait)
            return
        for name in ("id", "report_run_id", "copied_campaign_id", "copied_adset_id", "copied_ad_id"):
            if isinstance(found.get(name), str):
                self.world.lateness.hide(found[name], wait)

    def _spoil(self, body: bytes, ending: str) -> None:
        """Fail the report run that was just started."""
        run = self.world.objects.get(json.loads(body).get("report_run_id", ""))
        if isinstance(run, ReportRun):
            run.ending = ending

    def _node_of(self, call: Call) -> Any:
        return self.world.objects.get(call.path[0]) if call.path else None

    def _account_of(self, call: Call) -> str | None:
        """The ad account a call is about: that of its path, else that of its token."""
        node = self._node_of(call)
        if node is not None and not isinstance(node, User):
            return str(node.account.id)
        user = self.world.users.get(str(call.params.get("access_token")))
        return user.account.id if user and user.accounts else None

    def _write_down(self, number: int, call: Call, outcome: Outcome, around: Circumstances) -> None:
        self.journal.add(
            Entry(
                number=number,
                at=self.world.now(),
                call=call,
                account=self._account_of(call),
                status=None if outcome.cut else outcome.status,
                body=outcome.body,
                took_effect=self.world.changes != around.changes_before,
                fault=around.fault.kind if around.fault else None,
                batch=around.batch,
            )
        )


def _is_batch(call: Call) -> bool:
    return call.method == "POST" and not call.path and "batch" in call.params


def _encoded(value: Any) -> bytes:
    return encode(value).encode()


def _mangled(kind: str, fault: Fault | None, body: bytes, headers: dict[str, str]) -> Outcome:
    """What a fault makes of an answer (or of none)."""
    if kind.startswith("timeout"):
        seconds = fault.seconds if fault and fault.seconds is not None else 120.0
        return Outcome(0, b"", {}, cut="timeout", hold_seconds=seconds)
    if kind.startswith("reset") or kind == "null_batch_slot":
        return Outcome(0, b"", {}, cut="reset")
    if kind.startswith("html_502"):
        return Outcome(502, HTML_502, {}, kind="text/html")
    if kind == "broken_json":
        return Outcome(200, body[: max(1, len(body) * 2 // 3)], headers)
    return Outcome(500 if kind == "empty_500" else 200, b"", headers)


def _empty_page(call: Call) -> dict[str, Any]:
    """An empty page in the middle: nothing on it, and a ``next`` that begins where it would have."""
    after = str(call.params.get("after", ""))
    url = same_page_url(f"{call.host}/{call.version}{call.route}", call.params)
    return {"data": [], "paging": {"cursors": {"before": after, "after": after}, "next": url}}
