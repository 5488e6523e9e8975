"""One Graph call, whichever way its parameters came: query, form, multipart or JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from python_multipart.exceptions import MultipartParseError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from graph_simulator.wire import pairs, read_body, split_path


@dataclass(slots=True)
class Call:
    """One call. ``path`` has neither version nor empty parts; ``files`` are (name, filename, bytes)."""

    method: str
    version: str
    path: list[str]
    params: dict[str, Any]
    host: str = "http://localhost"
    files: list[tuple[str, str, bytes]] = field(default_factory=list)
    in_batch: bool = False
    is_overridden: bool = False

    @property
    def route(self) -> str:
        """The path as text, with a slash in front."""
        return "/" + "/".join(self.path)


def read_target(method: str, target: str, host: str) -> Call:
    """A call from its method and address; parameters are in the query."""
    split = urlsplit(target)
    version, path = split_path(split.path)
    return Call(method, version, path, pairs(split.query), host)


async def read_call(request: Request) -> Call:
    """The call that an HTTP request makes; the body's parameters win over the query's."""
    host = f"{request.url.scheme}://{request.headers.get('host', 'localhost')}"
    version, path = split_path(request.scope["path"])
    query = pairs(request.scope["query_string"].decode("latin-1"))
    call = Call(request.method, version, path, query, host)
    await _read_body(request, call)
    bearer = request.headers.get("authorization", "")
    if bearer.startswith(("Bearer ", "OAuth ")):
        call.params.setdefault("access_token", bearer.split(" ", 1)[1])
    override = str(call.params.get("method", "")).upper()
    if call.method == "POST" and override in {"GET", "DELETE", "POST"}:
        call.method, call.is_overridden = override, True
    return call


async def _read_body(request: Request, call: Call) -> None:
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        await _read_multipart(request, call)
        return
    body = await request.body()
    if body:
        call.params |= read_body(body.decode("utf-8", "replace"), kind)


async def _read_multipart(request: Request, call: Call) -> None:
    """Read the parts; a body that is not what it says it is has none."""
    try:
        await _read_parts(request, call)
    except (MultiPartException, MultipartParseError, HTTPException, KeyError):
        return


async def _read_parts(request: Request, call: Call) -> None:
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                call.files.append((name, value.filename or name, await value.read()))
            else:
                call.params[name] = value
