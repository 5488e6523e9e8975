"""A short name for what is known: equal snapshots have equal fingerprints."""

from __future__ import annotations

import hashlib
import marshal
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from operator import attrgetter, itemgetter
from typing import Any

from orchestrator.model import (
    Account,
    AdSet,
    Campaign,
    Creative,
    Day,
    Goal,
    Lifetime,
    PastAction,
    Settings,
    Snapshot,
    Template,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NOUNS = (Account, Settings, Goal, Template, Creative, Campaign, AdSet, Lifetime, Day, PastAction)
_TIMES = {"insights_read_at", "created_at", "removed_at", "active_since", "at", "date"}
_NOT_PLAIN = {*_TIMES, "lifetime", "days"}
_PLAIN = {noun: attrgetter(*(f.name for f in fields(noun) if f.name not in _NOT_PLAIN)) for noun in _NOUNS}
_first = itemgetter(0)


def snapshot_hash(snapshot: Snapshot) -> str:
    """SHA-256 over every value of a snapshot, lists sorted wherever their order means nothing.

    Written in marshal's version 2, which knows no references: equal values give equal bytes, in a
    tenth of the time of JSON. Times count as microseconds and days as ordinals for the same reason.
    """
    values = (
        _micros(snapshot.now),
        snapshot.user_id,
        (_plain(snapshot.account), _micros(snapshot.account.insights_read_at)),
        _plain(snapshot.settings),
        sorted(map(_plain, snapshot.goals), key=_first),
        sorted(map(_plain, snapshot.templates), key=_first),
        sorted([(*_plain(c), _micros(c.created_at)) for c in snapshot.creatives], key=_first),
        sorted(
            [(*_plain(c), _micros(c.created_at), _micros(c.removed_at)) for c in snapshot.campaigns],
            key=_first,
        ),
        sorted(map(_ad_set, snapshot.ad_sets), key=_first),
        sorted([marshal.dumps((_plain(past), _micros(past.at)), 2) for past in snapshot.history]),
    )
    return hashlib.sha256(marshal.dumps(values, 2)).hexdigest()


def _plain(noun: object) -> Any:
    return _PLAIN[type(noun)](noun)  # type: ignore[index]


def _ad_set(ad_set: AdSet) -> tuple[Any, ...]:
    return (
        *_plain(ad_set),
        _micros(ad_set.created_at),
        _micros(ad_set.active_since),
        None if ad_set.lifetime is None else _plain(ad_set.lifetime),
        None if ad_set.days is None else sorted([(d.date.toordinal(), _plain(d)) for d in ad_set.days]),
    )


def _micros(time: datetime | None) -> int | None:
    return None if time is None else (time - _EPOCH) // _MICROSECOND
