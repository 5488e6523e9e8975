"""Whether what was read of an ad set contradicts what is known of it. Pure: plain numbers and thresholds."""

from __future__ import annotations

_WHOLE_BP = 10_000


def contradicts(
    events: int, impressions: int, known_events: int | None, *, min_events: int, keep_bp: int
) -> bool:
    """Whether lifetime figures cannot be the whole truth about an ad set.

    Args:
        events: core events of its lifetime, as read; 0 where there was no delivery.
        impressions: of its lifetime, as read.
        known_events: the most lifetime core events ever stored of it; null: none stored.
        min_events: policy ``evidence_min_events``: fewer events prove nothing.
        keep_bp: policy ``evidence_keep_bp``: the part of the known events that must still be there.

    Returns:
        True when most of the known events are gone (below the part, not on it), or when there are more
        events than impressions.
    """
    is_lost = (
        known_events is not None
        and known_events >= min_events
        and events * _WHOLE_BP < known_events * keep_bp
    )
    return is_lost or (events >= min_events and events > impressions)


def known_after(
    events: int, impressions: int, known_events: int | None, *, min_events: int, keep_bp: int
) -> int | None:
    """What is known of an ad set once a reading is stored: one that contradicts teaches nothing.

    The arguments are those of ``contradicts``.
    """
    if contradicts(events, impressions, known_events, min_events=min_events, keep_bp=keep_bp):
        return known_events
    return events if known_events is None else max(events, known_events)
