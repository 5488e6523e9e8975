"""The refusals of the Graph API as sent on the wire: code, subcode, texts, HTTP status.

Codes and texts are those of Meta's documentation and of recorded answers; each rule that
refuses names its subcode here, so that this file is the list of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class GraphError(Exception):
    """One refusal. ``blame`` are the parameters at fault, as ``blame_field_specs`` names them."""

    message: str
    code: int = 100
    subcode: int | None = None
    type: str = "OAuthException"
    status: int = 400
    title: str | None = None
    text: str | None = None
    blame: tuple[str, ...] = ()
    transient: bool | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def body(self, trace_id: str) -> dict[str, Any]:
        """The JSON of the answer; what has no value is absent."""
        data = json.dumps({"blame_field_specs": [[name] for name in self.blame]}, separators=(",", ":"))
        named = {
            "message": self.message,
            "type": self.type,
            "code": self.code,
            "error_data": data if self.blame else None,
            "error_subcode": self.subcode,
            "is_transient": self.transient,
            "error_user_title": self.title,
            "error_user_msg": self.text,
        }
        return {
            "error": {key: value for key, value in named.items() if value is not None}
            | {"fbtrace_id": trace_id}
        }


def invalid(subcode: int | None, title: str, text: str, *blame: str) -> GraphError:
    """100 "Invalid parameter" with the subcode and texts of one rule."""
    return GraphError(
        "Invalid parameter", subcode=subcode, title=title, text=text, blame=blame, transient=False
    )


def bad_param(message: str, *blame: str) -> GraphError:
    """100 for one parameter that is wrong in itself: ``(#100) Param …``."""
    return GraphError(f"(#100) {message}", blame=blame)


def missing(param: str) -> GraphError:
    """100: a required parameter is not there."""
    return GraphError(f"(#100) The parameter {param} is required.")


def unknown_object(node_id: str, method: str = "get") -> GraphError:
    """100/33: no such object, or it is not yours to see."""
    return GraphError(
        f"Unsupported {method} request. Object with ID '{node_id}' does not exist, "
        "cannot be loaded due to missing permissions, or does not support this operation. "
        "Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api",
        subcode=33,
        type="GraphMethodException",
    )


def unknown_path(path: str) -> GraphError:
    """2500: the path is no object and no edge of one."""
    return GraphError(f"Unknown path components: {path}", code=2500)


def unknown_field(name: str, node: str) -> GraphError:
    """100: a field the node does not have."""
    return GraphError(f"(#100) Tried accessing nonexisting field ({name}) on node type ({node})")


def bad_fields(text: str) -> GraphError:
    """2500: the field expansion cannot be read."""
    return GraphError(f"Syntax error {text}", code=2500)


def token_error(message: str, subcode: int | None = None) -> GraphError:
    """190: the access token is not good."""
    return GraphError(message, code=190, subcode=subcode, status=400)


def bad_proof() -> GraphError:
    """100 GraphMethodException: an ``appsecret_proof`` that does not fit the token."""
    return GraphError("Invalid appsecret_proof provided in the API argument", type="GraphMethodException")


def missing_proof() -> GraphError:
    """100 GraphMethodException: the app requires the proof."""
    return GraphError(
        "API calls from the server require an appsecret_proof argument", type="GraphMethodException"
    )


def no_permission() -> GraphError:
    """200 with HTTP 403: this token may not touch that ad account."""
    return GraphError(
        "(#200) Ad account owner has NOT grant ads_management or ads_read permission", code=200, status=403
    )


def expired_version(version: str) -> GraphError:
    """2635: a version that is gone."""
    return GraphError(
        f"(#2635) You are calling a deprecated version of the Ads API ({version}). "
        "Please update to the latest version: v27.0.",
        code=2635,
    )


def unknown_error() -> GraphError:
    """1 with HTTP 500: Meta's own trouble, worth another try."""
    return GraphError("An unknown error occurred", code=1, subcode=99, status=500, transient=False)


def unavailable() -> GraphError:
    """2: Meta's own trouble, said to be transient."""
    return GraphError("(#2) Service temporarily unavailable", code=2, status=500, transient=True)


def reduce_data() -> GraphError:
    """1 with HTTP 500: the request was too large."""
    return GraphError(
        "Please reduce the amount of data you're asking for, then retry your request", code=1, status=500
    )
