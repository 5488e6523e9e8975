"""Review: how long Meta looks at a new ad, and what it finds then and later. Drawn from the seed."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from graph_simulator.state.noise import lognormal, uniform

_SIGMA = 1.3
_LONGEST_MINUTES = 24 * 60
_LATER_DAYS = 14
_PROCESSING_SECONDS = 60


class ReviewSetup(Protocol):
    """The part of a world's setup that review depends on; rates are parts of 1."""

    @property
    def seed(self) -> int:
        """What everything is drawn from."""

    @property
    def review_minutes(self) -> int:
        """The median."""

    @property
    def review_spread(self) -> bool:
        """Whether it takes from minutes to a day, or always the median."""

    @property
    def rejections(self) -> float:
        """How many ads are rejected at review."""

    @property
    def later_rejections(self) -> float:
        """How many of those approved are rejected within two weeks after."""


class Review(NamedTuple):
    """The instants of one ad's review, and its verdict. ``rejected_at``: a later rejection."""

    processed_at: int
    reviewed_at: int
    is_rejected: bool
    rejected_at: int | None


def review(setup: ReviewSetup, ad_id: str, now: int) -> Review:
    """Draw one ad's review. A copy is judged anew: its id is another."""
    key = (setup.seed, int(ad_id))
    minutes = float(setup.review_minutes)
    if setup.review_spread:
        minutes = min(_LONGEST_MINUTES, max(1.0, lognormal(max(1, minutes), _SIGMA, *key, 101)))
    reviewed_at = now + int(minutes * 60)
    processed_at = min(reviewed_at, now + _PROCESSING_SECONDS) if setup.review_spread else now
    is_rejected = uniform(*key, 102) < setup.rejections
    is_later = not is_rejected and uniform(*key, 103) < setup.later_rejections
    later = reviewed_at + int(uniform(*key, 104) * _LATER_DAYS * 86400) if is_later else None
    return Review(processed_at, reviewed_at, is_rejected, later)
