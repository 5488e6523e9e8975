"""What goals still miss, and which creatives and audiences are of use: needs, and what was found. Pure.

Assets are looked for once a day, or when others are needed than were looked for; what is missing is looked
for each time, so that it is found as soon as it is there. Interests are not: a template is everybody's, and
what it names that is not there would cost every user a read of its own in each run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from orchestrator.domain import messages
from orchestrator.domain.records import AssetCheck, AudienceRow, TemplateRow, UserRows
from orchestrator.platforms.user_assets import Asset, Need
from orchestrator.snapshot import restatement
from orchestrator.snapshot.row_values import with_values

_INTEREST = "interest:"
_GONE = "gone, or not shared with this app"
_SEPARATOR = "\n"
"""Between the name of an absent asset and what the platform said of it, as they are stored."""


def due(rows: UserRows, needs: Iterable[Need], now: datetime) -> tuple[Asset, ...]:
    """The assets to look for in a reading at ``now``; none while the last answer holds."""
    wanted = _assets(needs)
    last = rows.assets.checked
    holds = (
        last is not None
        and last.fingerprint == _fingerprint(wanted)
        and all(name.startswith(_INTEREST) for name in last.absent)
        and not restatement.is_due(last.at, now, rows.user_id)
    )
    return () if holds else wanted


def with_facts(
    rows: UserRows, needs: Sequence[Need], absent: Mapping[Asset, str] | None, now: datetime
) -> UserRows:
    """The rows with what is missing, by goal, creative and audience, and with the new answer if there is one.

    Args:
        rows: ours, with the last answer.
        needs: of the user's goals, creatives and audiences.
        absent: the assets that a reading looked for and did not find, each with what the platform says of
            it; null: the last answer holds.
        now: when it looked.
    """
    checked = rows.assets.checked
    if absent is not None:
        names = tuple(sorted(_stored(asset, said) for asset, said in absent.items()))
        checked = AssetCheck(at=now, fingerprint=_fingerprint(_assets(needs)), absent=names)
    rows = replace(rows, assets=with_values(rows.assets, checked=checked))
    unmet = list(_unmet(rows, needs))
    unusable = {need.creative_id for need, _ in unmet}
    left_out = {(need.goal_key, need.audience) for need, _ in unmet}
    templates = tuple(_with_usable(template, left_out) for template in rows.templates)
    none_left = {t.goal_key for t in templates if not any(audience.usable for audience in t.audiences)}
    return replace(
        rows,
        goals=tuple(
            with_values(g, missing=tuple(_missing(g.goal_key, unmet, none_left))) for g in rows.goals
        ),
        creatives=tuple(with_values(c, usable=c.id not in unusable) for c in rows.creatives),
        templates=templates,
    )


def unusable_texts(rows: UserRows, needs: Iterable[Need]) -> tuple[str, ...]:
    """A sentence about each creative that cannot be shown, and each audience that is left out."""
    creatives: dict[str, list[str]] = {}
    audiences: dict[tuple[str, str], list[str]] = {}
    for need, words in _unmet(rows, needs):
        if need.creative_id is not None:
            creatives.setdefault(need.creative_id, []).append(words)
        elif need.audience is not None:
            audiences.setdefault((need.goal_key, need.audience), []).append(words)
    return (
        *(messages.unusable_text(creative_id, "; ".join(each)) for creative_id, each in creatives.items()),
        *(messages.left_out_text(*audience, "; ".join(each)) for audience, each in audiences.items()),
    )


def _unmet(rows: UserRows, needs: Iterable[Need]) -> Iterator[tuple[Need, str]]:
    """The needs of which nothing is there, each in words."""
    stored = rows.assets.checked.absent if rows.assets.checked else ()
    said = {name: text for name, _, text in (each.partition(_SEPARATOR) for each in stored)}
    for need in needs:
        if need.asset is None:
            yield need, need.words
        elif _name(need.asset) in said:
            yield need, f"{need.words} {need.asset.id} ({said[_name(need.asset)] or _GONE})"


def _missing(goal_key: str, unmet: Iterable[tuple[Need, str]], none_left: Collection[str]) -> Iterator[str]:
    """What a goal misses; what its audiences do only where none of them is left."""
    for need, words in unmet:
        if need.goal_key == goal_key and need.creative_id is None:
            if need.audience is None:
                yield words
            elif goal_key in none_left:
                yield f"audience {need.audience}: {words}"


def _with_usable(template: TemplateRow, left_out: Collection[tuple[str, str | None]]) -> TemplateRow:
    def looked_at(audience: AudienceRow) -> AudienceRow:
        return replace(audience, usable=(template.goal_key, audience.name) not in left_out)

    return replace(template, audiences=tuple(map(looked_at, template.audiences)))


def _assets(needs: Iterable[Need]) -> tuple[Asset, ...]:
    return tuple(sorted({need.asset for need in needs if need.asset is not None}))


def _stored(asset: Asset, said: str) -> str:
    return f"{_name(asset)}{_SEPARATOR}{said}" if said else _name(asset)


def _name(asset: Asset) -> str:
    return f"{asset.kind}:{asset.id}" + (f" of {asset.of}" if asset.of else "")


def _fingerprint(assets: Iterable[Asset]) -> str:
    return hashlib.sha256("\n".join(map(_name, assets)).encode()).hexdigest()[:16]
