"""What of the user's own, on a platform, goals and their creatives need, in neutral nouns."""

from __future__ import annotations

from typing import Literal, NamedTuple

AssetKind = Literal["page", "profile", "pixel", "conversion", "form", "image", "video"]


class Asset(NamedTuple):
    """Something of the user's that ads show or promote, by the platform's id."""

    kind: AssetKind
    id: str


class Need(NamedTuple):
    """One thing that a goal, or one of its creatives, cannot run without.

    ``creative_id`` is null where the goal itself needs it. ``words``: what it is, for people, like
    ``Facebook Page``. ``asset`` is null where there is none: not one is configured.
    """

    goal_key: str
    creative_id: str | None
    words: str
    asset: Asset | None
