"""Which events a pixel has received of late, and whether one of them is a custom event misspelt. Pure.

Meta takes an ad set for an event that its pixel never received, and a smart link that is new has sent none
yet. So a name that was not received proves nothing. One that was received, and differs only in case, spaces
and signs, does: names of events must agree to the letter, and its results would count as none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta

from orchestrator.platforms.meta.graph import Body

EDGE = "stats"
TOTALS = "event_total_counts"
"""The aggregation that has all events in one part; by hour Meta has only the hundred most frequent."""
# Meta knows the last seven days; an account's day may be one ahead of Greenwich's, or one behind.
_DAYS_BEFORE = timedelta(days=5)
_SIGNS = re.compile(r"[\W_]+")
# Anybody can send events to a pixel: what is no plain name is not repeated to people.
_PLAIN = re.compile(r"[\w .:/-]{1,100}")


def expansion(today: date) -> str:
    """The field of a pixel's node with its events of the last days."""
    modifiers = "".join(f".{name}({value})" for name, value in params(today).items())
    return f"{EDGE}{modifiers}"


def params(today: date) -> dict[str, str | int]:
    """What the edge is read with for the events of the last days."""
    since = datetime.combine(today - _DAYS_BEFORE, time(), UTC)
    return {"aggregation": TOTALS, "start_time": int(since.timestamp())}


def remark(name: str, pixel_id: str, stats: object) -> str | None:
    """What is wrong with the name of a custom event, in words; null when nothing is.

    Args:
        name: as it is configured.
        pixel_id: of the pixel that it belongs to.
        stats: the edge as Meta answered it; one that cannot be read says nothing.
    """
    counts = dict(_counts(stats))
    if name in counts or not _folded(name):
        return None
    alike = [event for event in counts if _folded(event) == _folded(name) and _PLAIN.fullmatch(event)]
    if not alike:
        return None
    received = max(alike, key=lambda event: (counts[event], event))
    return f"pixel {pixel_id} receives {received}: every letter counts, correct one of the two"


def _folded(name: str) -> str:
    return _SIGNS.sub("", name).casefold()


def _counts(stats: object) -> Iterator[tuple[str, int]]:
    for part in _objects(stats):
        for event in _objects(part):
            name, count = event.get("value"), event.get("count")
            if isinstance(name, str):
                yield name, count if isinstance(count, int) else 0


def _objects(page: object) -> list[Body]:
    found = page.get("data") if isinstance(page, Mapping) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
