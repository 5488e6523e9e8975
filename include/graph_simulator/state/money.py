"""Currencies: minor units, rough exchange rates, Meta's minimum budgets."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

# Currencies without cents in Meta's books [Meta: Marketing API currencies].
WHOLE = frozenset({"CLP", "COP", "CRC", "HUF", "ISK", "IDR", "JPY", "KRW", "PYG", "TWD", "VND"})
# Units per US dollar, rounded: minimum budgets and market prices follow them.
PER_USD = {
    "USD": 1, "EUR": 0.9, "GBP": 0.8, "CAD": 1.4, "AUD": 1.5, "NZD": 1.7, "CHF": 0.9, "SEK": 10, "NOK": 10.5,
    "DKK": 6.8, "PLN": 4, "CZK": 23, "BRL": 5.5, "MXN": 18, "ARS": 1000, "CLP": 950, "COP": 4000, "CRC": 510,
    "PYG": 7500, "INR": 84, "JPY": 150, "KRW": 1350, "TWD": 32, "VND": 25000, "IDR": 16000, "HUF": 360,
    "ISK": 138, "TRY": 34, "ZAR": 18, "ILS": 3.7, "SGD": 1.35, "HKD": 7.8, "THB": 35, "PHP": 57, "MYR": 4.5,
    "NGN": 1600, "EGP": 49, "SAR": 3.75, "AED": 3.67, "RON": 4.5, "PEN": 3.75, "KES": 130, "UYU": 42,
}  # fmt: skip
# Minimum daily budgets in US cents: half a dollar for impressions, 2.50 for frequent actions, 40 for
# rare ones; doubled in the richer countries, where most accounts are (rare ones are not doubled).
MINIMUM_CENTS = {"imp": 100, "high_freq": 500, "low_freq": 4000, "video_views": 500}


def offset(currency: str) -> int:
    """Minor units per unit of the currency: 1 or 100."""
    return 1 if currency in WHOLE else 100


def from_cents(cents: float, currency: str) -> float:
    """US cents in minor units of a currency, not rounded."""
    return cents * PER_USD.get(currency, 1) * offset(currency) / 100


def minimum(kind: str, currency: str) -> int:
    """The least daily budget of one kind (``imp``, ``high_freq``, …) in minor units."""
    return max(1, round(from_cents(MINIMUM_CENTS[kind], currency)))


def major(minor: int, currency: str) -> str:
    """Minor units as Insights writes them: "14.35", "2000"."""
    if offset(currency) == 1:
        return str(minor)
    units, cents = divmod(abs(minor), 100)
    return f"{'-' if minor < 0 else ''}{units}.{cents:02}"


def person(minor: int, currency: str) -> str:
    """Minor units for a person to read: "$1.00", "¥100"."""
    sign = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}.get(currency, f"{currency} ")
    return f"{sign}{major(minor, currency)}"


def minor(text: Decimal | float | str, currency: str) -> int:
    """Units of the currency in minor units, half up."""
    return int((Decimal(str(text)) * offset(currency)).to_integral_value(ROUND_HALF_UP))
