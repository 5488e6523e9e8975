"""The two access tiers of an app, with their quotas [Meta: Marketing API rate limiting]."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tier:
    """Quotas of one tier: score points per 300 s with the block after them, calls an hour by use case."""

    name: str
    score: int
    block_seconds: int
    management: int
    insights: int
    platform_per_user: int = 200


MANAGEMENT_PER_AD = 40
INSIGHTS_PER_AD = 400
MUTATIONS_A_SECOND = 100
SCORE_SECONDS = 300
READ_POINTS, WRITE_POINTS = 1, 3
TIERS = {
    "limited": Tier("development_access", 60, 300, 300, 600),
    "full": Tier("standard_access", 9000, 60, 100_000, 190_000),
}
