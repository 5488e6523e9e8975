"""The ASGI middleware of every request: request id, origin check, body limits, response headers."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ads_orchestrator_airflow.api.problems import (
    NO_JSON,
    OTHER_SITE,
    TOO_LARGE,
    Problem,
    internal_error,
    response,
)

MAX_BODY_BYTES = 64 * 1024
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
RESPONSE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
EXPOSED_HEADERS = ("ETag", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id")


class RequestMiddleware:
    """Assigns a request id, refuses cross-site writes and large bodies, sets response headers.

    Args:
        app: the wrapped app.
        origins: returns the origins that may call from a browser.
    """

    def __init__(self, app: ASGIApp, origins: Callable[[], tuple[str, ...]]) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid4().hex
        state = scope.setdefault("state", {})
        state |= {"request_id": request_id, "headers": {}}
        origins = self._origins()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update({**RESPONSE_HEADERS, **state["headers"], "X-Request-Id": request_id})
            await send(message)

        try:
            _check_origin(scope, origins)
        except Problem as problem:
            await response(request_id, problem)(scope, receive, send_with_headers)
            return
        await _with_cors(self._with_body_limits, origins)(scope, receive, send_with_headers)

    async def _with_body_limits(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            receive = await _buffered_body(scope, receive)
        except ClientDisconnect:
            return  # half a body must not run: an empty one means all goals
        except Problem as problem:
            await response(scope["state"]["request_id"], problem)(scope, receive, send)
            return
        await self._with_errors(scope, receive, send)

    async def _with_errors(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an unexpected exception with a problem, which needs the CORS headers as well."""
        started = False

        async def tracked_send(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, tracked_send)
        except Exception as error:
            if started:
                raise
            request_id = scope["state"]["request_id"]
            await response(request_id, internal_error(request_id, error))(scope, receive, send)


def _with_cors(app: ASGIApp, origins: tuple[str, ...]) -> ASGIApp:
    if not origins:
        return app
    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_methods=("GET", "POST", "PATCH"),
        allow_headers=("Authorization", "Content-Type", "Idempotency-Key", "If-Match"),
        expose_headers=EXPOSED_HEADERS,
    )


def _check_origin(scope: Scope, origins: tuple[str, ...]) -> None:
    """Refuse a write that a page of another origin sends."""
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    if scope["method"] in SAFE_METHODS or origin in origins:
        return
    fetch_site = headers.get("sec-fetch-site", "same-origin")
    own_host = origin is None or origin.partition("://")[2] == headers.get("host")
    if own_host and fetch_site in {"same-origin", "none"}:
        return
    raise Problem(
        OTHER_SITE,
        "This request comes from a page of another site. The people who run the service can allow it.",
    )


async def _buffered_body(scope: Scope, receive: Receive) -> Receive:
    """Read the body, check its size and media type, and return a ``receive`` that replays it."""
    body = b""
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientDisconnect
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY_BYTES:
            raise Problem(
                TOO_LARGE,
                f"A request may have at most {MAX_BODY_BYTES // 1024} KiB.",
                headers={"Connection": "close"},
            )
    if body and not _is_json(Headers(scope=scope).get("content-type", "")):
        raise Problem(NO_JSON, "Send the body as JSON, with Content-Type: application/json.")
    replayed = False

    async def replay() -> Message:
        nonlocal replayed
        if replayed:
            return await receive()
        replayed = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
