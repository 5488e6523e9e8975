"""Whether a link could lead somewhere, by its form alone. Pure: no link of a user's is ever followed."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

_BLANK = re.compile(r"[\s\x00-\x1f\x7f\\]")
_LABEL = re.compile(r"[^\W_]([\w-]{0,61}[^\W_])?")
_TOP = re.compile(r"[^\W\d_][\w-]*")
_NOWHERE = frozenset(
    {"arpa", "example", "internal", "invalid", "lan", "local", "localdomain", "localhost", "onion", "test"}
)
"""Names of which none is in the public DNS."""


def leads_somewhere(link: object) -> bool:
    """Whether a link is one of http or https to a host that the public could reach."""
    text = str(link or "")
    if _BLANK.search(text):
        return False
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and _is_public(host)


def _is_public(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:
        labels = host.removesuffix(".").split(".")
    return (
        len(labels) > 1
        and all(_LABEL.fullmatch(label) for label in labels)
        and _TOP.fullmatch(labels[-1]) is not None
        and labels[-1] not in _NOWHERE
    )
