"""What goals still miss, and which creatives are of use: needs, and what was found of them. Pure.

Assets are looked for once a day, or when others are needed than were looked for; what is missing is looked
for each time, so that it is found as soon as it is there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from orchestrator.domain.records import AssetCheck, UserRows
from orchestrator.platforms.user_assets import Asset, Need
from orchestrator.snapshot import restatement
from orchestrator.snapshot.row_values import with_values


def due(rows: UserRows, needs: Iterable[Need], now: datetime) -> tuple[Asset, ...]:
    """The assets to look for in a reading at ``now``; none while the last answer holds."""
    wanted = _assets(needs)
    last = rows.assets.checked
    holds = (
        last is not None
        and last.fingerprint == _fingerprint(wanted)
        and not last.absent
        and not restatement.is_due(last.at, now, rows.user_id)
    )
    return () if holds else wanted


def with_facts(
    rows: UserRows, needs: Sequence[Need], absent: Collection[Asset] | None, now: datetime
) -> UserRows:
    """The rows with what is missing, by goal and by creative, and with the new answer if there is one.

    Args:
        rows: ours, with the last answer.
        needs: of the user's goals and creatives.
        absent: the assets that a reading looked for and did not find; null: the last answer holds.
        now: when it looked.
    """
    checked = rows.assets.checked
    if absent is not None:
        names = tuple(sorted(map(_name, absent)))
        checked = AssetCheck(at=now, fingerprint=_fingerprint(_assets(needs)), absent=names)
    gone = frozenset(checked.absent if checked else ())
    unmet = [need for need in needs if need.asset is None or _name(need.asset) in gone]
    unusable = {need.creative_id for need in unmet}
    return replace(
        rows,
        assets=with_values(rows.assets, checked=checked),
        goals=tuple(with_values(g, missing=_missing(g.goal_key, unmet)) for g in rows.goals),
        creatives=tuple(with_values(c, usable=c.id not in unusable) for c in rows.creatives),
    )


def unusable_text(rows: UserRows, needs: Iterable[Need]) -> Mapping[str, str]:
    """What creatives that cannot be used lack, by their ids."""
    gone = frozenset(rows.assets.checked.absent if rows.assets.checked else ())
    words: dict[str, list[str]] = {}
    for need in needs:
        if need.creative_id is not None and (need.asset is None or _name(need.asset) in gone):
            words.setdefault(need.creative_id, []).append(_words(need))
    return {creative_id: "; ".join(each) for creative_id, each in words.items()}


def _missing(goal_key: str, unmet: Iterable[Need]) -> tuple[str, ...]:
    return tuple(_words(n) for n in unmet if n.goal_key == goal_key and n.creative_id is None)


def _words(need: Need) -> str:
    return (
        need.words
        if need.asset is None
        else f"{need.words} {need.asset.id} (gone, or not shared with this app)"
    )


def _assets(needs: Iterable[Need]) -> tuple[Asset, ...]:
    return tuple(sorted({need.asset for need in needs if need.asset is not None}))


def _name(asset: Asset) -> str:
    return f"{asset.kind}:{asset.id}"


def _fingerprint(assets: Iterable[Asset]) -> str:
    return hashlib.sha256("\n".join(map(_name, assets)).encode()).hexdigest()[:16]
