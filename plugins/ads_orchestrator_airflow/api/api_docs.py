"""The API's reference page, generated from the code: ``docs/api.md``.

``python -m ads_orchestrator_airflow.api.api_docs docs/api.md`` writes it, with ``include`` and
``plugins`` on ``PYTHONPATH``; with ``--check`` it only checks that the page is up to date.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ads_orchestrator_airflow.api import app, problems
from ads_orchestrator_airflow.api.jwt_verifier import REQUIRED
from ads_orchestrator_airflow.api.openapi import OpenApiDocument, problems_of
from ads_orchestrator_airflow.api.problems import ProblemKind
from ads_orchestrator_airflow.api.sign_in_keys import PUBLIC
from orchestrator.settings import API_PREFIX, ApiSettings

COMMAND = "python -m ads_orchestrator_airflow.api.api_docs"
HEAD = """\
# The users' API

Generated from the code by `{command}`; do not edit.

Base address: `/ads-orchestrator-api` of Airflow's api-server; `openapi.json` there describes it for programs.

A front end of its own signs its users in and sends each request with `Authorization: Bearer <token>`. The
token's subject (`sub`) is the user id, a UUID. Nothing else in a request identifies the user, and the
database shows a connection the rows of its own user alone. The API uses no cookies, and pages of other
sites are refused unless they are named.

To wait for the end of a run in one request, add `?wait=30` to the URL. A run that does not end in time is
answered 202 with the same keys, all counts zero, and `Location`.

## The token

A JWT, signed with the shared secret (HS256) or with a published key ({algorithms}), whose id is
the header's `kid`. It must have these claims; a 401 names the first that a signed token lacks:

{claims}
A 401 with `Retry-After` is about a key that was not published at the last look: the same token may be good
after that many seconds. While the sign-in service does not answer, tokens of known keys stay good for
`{prefix}JWKS_OUTAGE_HOURS`; before the first keys were fetched, and after that time, the answer is 503.

Requests without a valid token are counted by address and answered 429 above the limit; a good token of the
same address is not. Behind proxies set `{prefix}PROXY_DEPTH`, or all anonymous requests count as one address.

## Settings

Without the keys of the tokens the API answers 503 and names what is missing.
"""


def page() -> str:
    """Return the page, in Markdown."""
    document = app.create().openapi()
    claims = "\n".join(_table(("claim", "what"), [(f"`{name}`", what) for name, what in REQUIRED.items()]))
    head = HEAD.format(command=COMMAND, claims=claims, prefix=API_PREFIX, algorithms=", ".join(PUBLIC))
    lines = [head, *_settings(), "## Endpoints\n"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            lines += _endpoint(document, method, path, operation)
    return "\n".join([*lines, "## Problems\n", PROBLEMS, *_problems(document)])


PROBLEMS = f"""\
Every error is a problem document (`{problems.MEDIA_TYPE}`, RFC 9457): `type` begins with
`{problems.TYPE}` and ends with the name below; `detail` says what to do, in words for the user; `requestId`
is how support finds the request in the log.
"""


def _settings() -> Iterator[str]:
    rows = [
        (f"`{API_PREFIX}{name.upper()}`", _default(field.default), _one_line(field.description))
        for name, field in ApiSettings.model_fields.items()
    ]
    yield from _table(("variable", "default", "what"), rows)


def _default(value: Any) -> str:
    shown = value.get_secret_value() if hasattr(value, "get_secret_value") else value
    return f"`{shown}`" if shown not in {None, "", ()} else ""


def _endpoint(document: OpenApiDocument, method: str, path: str, operation: OpenApiDocument) -> Iterator[str]:
    yield f"### {operation['summary']}: `{method.upper()} {path.removeprefix('/')}`\n"
    yield f"{operation['description']}\n"
    token = "a service's token" if operation["security"] == [{"serviceToken": []}] else "the user's token"
    yield f"Needs {token}.\n"
    parameters = [
        (f"`{each['name']}`", each["in"], _one_line(each.get("description")))
        for each in operation.get("parameters", ())
    ]
    if parameters:
        yield from _table(("parameter", "in", "what"), parameters)
    if "requestBody" in operation:
        yield from _body(document, operation["requestBody"])
    status, response = next(iter(operation["responses"].items()))
    example = json.dumps(response["content"]["application/json"]["example"], indent=2)
    yield f"Answers {status}:\n\n```json\n{example}\n```\n"
    kinds = problems_of(method, path, operation)
    yield f"Problems: {', '.join(f'`{kind.name}`' for kind in kinds)}.\n"


def _body(document: OpenApiDocument, body: OpenApiDocument) -> Iterator[str]:
    schema = body["content"]["application/json"]["schema"]
    name = next(_names(schema))
    schemas = document["components"]["schemas"]
    fields = _fields(schemas[name])
    if not fields:
        return
    yield "The body, as JSON" + (":\n" if body.get("required") else "; it may be left out:\n")
    yield from _table(("key", "what"), fields)
    for inner in sorted(set(_names(schemas[name]))):
        yield f"Each of the `{inner.removesuffix('Form').lower()}s`:\n"
        yield from _table(("key", "what"), _fields(schemas[inner]))


def _fields(schema: OpenApiDocument) -> list[tuple[str, str]]:
    return (
        [(f"`{name}`", _one_line(field.get("description"))) for name, field in schema["properties"].items()]
        if schema.get("properties")
        else []
    )


def _names(schema: Any) -> Iterator[str]:
    """Yield the names of the schemas that a schema refers to."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "$ref":
                yield str(value).rpartition("/")[2]
            else:
                yield from _names(value)
    elif isinstance(schema, list):
        for each in schema:
            yield from _names(each)


def _problems(document: OpenApiDocument) -> Iterator[str]:
    kinds: set[ProblemKind] = set()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            kinds |= set(problems_of(method, path, operation))
    rows = [
        (f"`{kind.name}`", str(kind.status), kind.title)
        for kind in sorted(kinds, key=lambda kind: (kind.status, kind.name))
    ]
    yield from _table(("name", "status", "what"), rows)


def _one_line(text: str | None) -> str:
    return " ".join((text or "").replace("``", "`").split())


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    columns = list(head)
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def main(words: list[str]) -> str | None:
    """Write the page, or check it; return the message when it is out of date."""
    target = Path(next(word for word in words if not word.startswith("-")))
    if "--check" not in words:
        target.write_text(page(), encoding="utf-8")
    elif not target.exists() or target.read_text(encoding="utf-8") != page():
        return f"{target} is out of date: {COMMAND} {target}"
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
