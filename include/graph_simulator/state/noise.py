"""Draws that depend on nothing but their key: the same seed and key, the same number, in any order.

A generator with a state would make an answer depend on which question came before it; these
functions hash their key instead (in the manner of splitmix64), so reading twice or in another
order changes nothing.
"""

from __future__ import annotations

import math
from statistics import NormalDist

_MASK = (1 << 64) - 1
_NORMAL = NormalDist()


def mix(*key: int) -> int:
    """A 64-bit number that depends on every part of the key."""
    state = 0x9E3779B97F4A7C15
    for part in key:
        state = (state ^ part) * 0xBF58476D1CE4E5B9 & _MASK
        state ^= state >> 32
    state = state * 0x94D049BB133111EB & _MASK
    return state ^ state >> 31


def uniform(*key: int) -> float:
    """A number above 0 and below 1."""
    return ((mix(*key) >> 11) + 0.5) / (1 << 53)


def exponential(*key: int) -> float:
    """A waiting time with mean 1."""
    return -math.log(uniform(*key))


def lognormal(median: float, sigma: float, *key: int) -> float:
    """A positive number with this median; ``sigma`` is the deviation of its logarithm."""
    return median * math.exp(sigma * _NORMAL.inv_cdf(uniform(*key)))
