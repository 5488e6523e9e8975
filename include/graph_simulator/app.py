"""The ASGI application: Graph calls on every path but ``/_sim``, which controls the simulation."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from graph_simulator.control import control
from graph_simulator.errors import unknown_error
from graph_simulator.serving.call import Call, read_call
from graph_simulator.serving.graph import Graph, Outcome
from graph_simulator.serving.protocol import cut
from graph_simulator.state.world import Setup, World

_LOG = logging.getLogger("graph_simulator")
_SLOW_SECONDS = 5.0


class Simulator:
    """One simulator: a world behind the Graph API, with ``/_sim`` beside it."""

    def __init__(self, setup: Setup, *, latency_ms: int = 0, journal_size: int = 20_000) -> None:
        self.started_with = setup
        self.latency_ms = latency_ms
        self.journal_size = journal_size
        self.graph = Graph(World(setup), journal_size)
        self._control = control(self)

    @property
    def world(self) -> World:
        """The present world."""
        return self.graph.world

    def reset(self, setup: Setup) -> None:
        """Begin again with a new world; faults and journal are gone."""
        self.graph = Graph(World(setup), self.journal_size)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["path"] == "/_sim" or scope["path"].startswith("/_sim/"):
            await self._control(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            call = await read_call(Request(scope, receive))
        except ClientDisconnect:
            return
        if self.latency_ms:
            await asyncio.sleep(self.latency_ms / 1000)
        outcome = await self._outcome(call)
        if outcome.cut:
            await _cut(outcome, scope, receive)
            return
        response = Response(outcome.body, outcome.status, outcome.headers, outcome.kind)
        await response(scope, receive, send)

    async def _outcome(self, call: Call) -> Outcome:
        fault = self.graph.strike(call)
        if fault and fault.kind == "slow":
            await asyncio.sleep(fault.seconds or _SLOW_SECONDS)
        try:
            return self.graph.handle(call, fault)
        except Exception:  # noqa: BLE001 - whatever goes wrong here, the caller gets what Meta gives then
            _LOG.exception("%s %s failed", call.method, call.route)
            return self.graph.refused(unknown_error())


async def _cut(outcome: Outcome, scope: Scope, receive: Receive) -> None:
    """Hold the connection until the client gives up or the time is over, then end it without an answer."""
    if outcome.cut == "timeout":
        gone = asyncio.ensure_future(_disconnected(receive))
        await asyncio.wait([gone], timeout=outcome.hold_seconds)
        gone.cancel()
    transport: Any = scope.get("transport")
    if transport is not None:
        cut(transport, reset=outcome.cut == "reset")
        await _disconnected(receive)


async def _disconnected(receive: Receive) -> None:
    message: Message = {"type": "http.request"}
    while message["type"] != "http.disconnect":
        message = await receive()


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
