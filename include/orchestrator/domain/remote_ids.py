"""Ids that a platform gave to what an action made, and how the action's details keep them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

_PREFIX = "meta_"  # of the stored keys, which hosts and views read


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteIds:
    """``ad_id``: of a new ad set's ad; ``ad_ids``: of a copy's ads."""

    campaign_id: str | None = None
    adset_id: str | None = None
    ad_id: str | None = None
    ad_ids: Sequence[str] | None = None

    @classmethod
    def of(cls, details: Mapping[str, Any]) -> RemoteIds:
        """Read them from an action's details; null where there are none."""
        return cls(**{name: details.get(_PREFIX + name) for name in cls.__dataclass_fields__})

    def document(self) -> dict[str, Any]:
        """The entries of an action's details."""
        return {_PREFIX + name: value for name, value in asdict(self).items() if value is not None}
