"""Connection strings of Postgres, read by libpq's own parser. No error from here repeats a part of one."""

from __future__ import annotations

import re
from collections.abc import Mapping

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

SCHEMES = ("postgresql://", "postgres://")

_NO_URL = "must be a postgresql:// address"
_UNREADABLE = (
    "must be a postgresql:// address that libpq can read: each character of the user and the password"
    " that is no letter and no digit is percent-encoded (@ is %40)"
)
_PORTS = re.compile(r"\d*(,\d*)*")


def check_url(url: str) -> None:
    """Raise unless libpq reads ``url``, and nothing of its password as a host, a port or a database.

    Raises:
        ValueError: what is wrong, in words that fit any URL.
    """
    if not url.startswith(SCHEMES):
        raise ValueError(_NO_URL)
    try:
        parts = conninfo_to_dict(url)
    except psycopg.Error:  # it repeats what it cannot read, the password too
        raise ValueError(_UNREADABLE) from None
    if _is_mistaken(parts):
        raise ValueError(_UNREADABLE)


def of_parts(parts: Mapping[str, object]) -> str:
    """Join the parameters that are set to a connection string.

    Raises:
        ValueError: what is wrong, in words that fit any: "has a parameter that …".
    """
    if any(isinstance(value, dict | list) for value in parts.values()):
        raise ValueError("has a parameter that is no text")
    given = {name: str(value) for name, value in parts.items() if value not in (None, "")}
    try:
        joined = make_conninfo(**given)
    except psycopg.Error:  # it repeats the parameter
        raise ValueError("has a parameter that libpq does not know") from None
    if _is_mistaken(given):
        raise ValueError("has a host, port or database that cannot be one")
    return joined


def _is_mistaken(parts: Mapping[str, object]) -> bool:
    """Whether a password that is not encoded was cut in two: libpq connects to its end, and prints that."""
    places = (str(parts.get(name, "")) for name in ("host", "hostaddr", "dbname"))
    return any("@" in place for place in places) or not _PORTS.fullmatch(str(parts.get("port", "")))
