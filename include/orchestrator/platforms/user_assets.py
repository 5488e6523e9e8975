"""What of the user's own, on a platform, goals and their creatives need, in neutral nouns."""

from __future__ import annotations

from typing import Literal, NamedTuple

AssetKind = Literal["page", "profile", "pixel", "event", "conversion", "form", "image", "video", "interest"]


class Asset(NamedTuple):
    """Something that ads show, promote or aim at, by the platform's id or exact name.

    ``of``: what it belongs to, where its id says too little: the pixel of an event.
    """

    kind: AssetKind
    id: str
    of: str = ""


class Need(NamedTuple):
    """One thing that a goal, one of its creatives or one of its audiences cannot run without.

    ``creative_id`` and ``audience`` are null where the goal itself needs it. ``words``: what it is, for
    people, like ``Facebook Page``. ``asset`` is null where there is none: not one is configured.
    """

    goal_key: str
    creative_id: str | None
    words: str
    asset: Asset | None
    audience: str | None = None
