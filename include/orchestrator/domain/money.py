"""Money: the platform's strings, ``int`` minor units and text for people. No float touches it.

A minor unit is the smallest one the platform counts in: a cent for most currencies, the whole unit for
those of offset 1 (a yen). Every conversion is exact and rounds half up, once.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from orchestrator.errors import ConfigError

_CODES = """
AED ARS AUD BDT BOB BRL CAD CHF CLP CNY COP CRC CZK DKK DZD EGP EUR GBP GTQ HKD HNL HUF IDR ILS INR ISK JPY
KES KRW LKR MOP MXN MYR NGN NIO NOK NZD PEN PHP PKR PLN PYG QAR RON SAR SEK SGD THB TRY TWD UAH USD UYU VND
ZAR
"""
CURRENCIES = frozenset(_CODES.split())
"""The currencies an ad account can have."""

_WHOLE = {"CLP", "COP", "CRC", "HUF", "ISK", "IDR", "JPY", "KRW", "PYG", "TWD", "VND"}
_MOST_PLACES = 6
MAX_MINOR = 10**16
"""No amount of a user is larger; sums of many still fit into 64 bits."""
_DIGITS = 40
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_RATE = re.compile(r"[0-9]+(\.[0-9]+)?", re.ASCII)


def offset(currency: str) -> int:
    """Minor units in one major unit: 1 or 100."""
    return 1 if currency in _WHOLE else 100


def minor_from_major(text: str | Decimal, currency: str) -> int:
    """Turn the platform's major units (``"14.35"``) into minor ones, half up.

    Raises:
        ValueError: ``text`` is no finite number, negative, or above ``MAX_MINOR``.
    """
    minor = _half_up(_amount(text) * offset(currency))
    if minor > MAX_MINOR:
        raise ValueError(f"{text!r} is more than any amount of money here")
    return minor


def setting_minor(value: Decimal, currency: str) -> int:
    """Turn what a user typed into minor units.

    Raises:
        ConfigError: ``value`` is negative, above ``MAX_MINOR``, or finer than the currency's minor unit.
    """
    try:
        minor = _amount(value) * offset(currency)
    except ValueError as problem:
        raise ConfigError(str(problem)) from None
    if minor.denominator != 1:
        raise ConfigError(f"{value} has more digits than {currency} has; round it to a whole minor unit")
    if minor > MAX_MINOR:
        raise ConfigError(f"{value} is more than any daily budget; correct it")
    return minor.numerator


def rate(currency: str, units_per_usd: str | None) -> Fraction:
    """Units of ``currency`` per US dollar, exactly.

    Raises:
        ConfigError: there is no positive rate, or one other than 1 for the dollar itself.
    """
    if currency == "USD":
        if units_per_usd not in {None, "1"}:
            raise ConfigError(f'a dollar is "1" dollar, not {units_per_usd!r}')
        return Fraction(1)
    if units_per_usd is None or not _RATE.fullmatch(units_per_usd) or not Fraction(units_per_usd):
        raise ConfigError(f"no exchange rate for {currency}")
    return Fraction(units_per_usd)


def policy_minor(cents: int, units_per_usd: str | None, currency: str) -> int:
    """Turn a policy amount in US cents into the account's minor units, half up.

    A positive amount stays at least 1, so that no rounding switches a threshold off.

    Raises:
        ConfigError: see ``rate``.
    """
    return converted(cents, rate(currency, units_per_usd) * offset(currency))


def converted(cents: int, minor_per_usd: Fraction) -> int:
    """``policy_minor`` with the rate already known, in minor units per US dollar."""
    numerator, denominator = cents * minor_per_usd.numerator, 100 * minor_per_usd.denominator
    return max(1, (2 * numerator + denominator) // (2 * denominator)) if cents else 0


def text(minor: int, currency: str) -> str:
    """Write an amount for a person: ``$20.00``, ``¥2,000``, ``CHF 20.00``."""
    sign = _SIGNS.get(currency, f"{currency} ")
    if offset(currency) == 1:
        return f"{'-' if minor < 0 else ''}{sign}{abs(minor):,}"
    whole, rest = divmod(abs(minor), 100)
    return f"{'-' if minor < 0 else ''}{sign}{whole:,}.{rest:02d}"


def fraction_text(minor: Fraction, currency: str, *, more_places: int = 0) -> str:
    """Write what may be a part of a minor unit, at least 0, half up: a cost of one event.

    ``more_places``: digits beyond those the currency has.
    """
    places = (0 if offset(currency) == 1 else 2) + more_places
    scaled = _half_up(minor * 10**places / offset(currency))
    whole, rest = divmod(scaled, 10**places)
    digits = f".{rest:0{places}d}" if places else ""
    return f"{_SIGNS.get(currency, f'{currency} ')}{whole:,}{digits}"


def prices(currency: str, *costs: int | Fraction) -> list[str]:
    """Write amounts with the digits that distinguish different ones, and two significant ones."""
    for more in range(_MOST_PLACES):
        texts = [_price(Fraction(cost), currency, more) for cost in costs]
        if len(set(texts)) == len(set(costs)) and all(_is_distinct(Fraction(cost), more) for cost in costs):
            break
    return texts


def _price(cost: Fraction, currency: str, more_places: int) -> str:
    if cost.denominator == 1 and not more_places:
        return text(cost.numerator, currency)
    return ("-" if cost < 0 else "") + fraction_text(abs(cost), currency, more_places=more_places)


def _is_distinct(cost: Fraction, more_places: int) -> bool:
    """Whether a part of a minor unit shows two digits that mean something."""
    return cost.denominator == 1 or abs(cost) * 10**more_places >= 10


def decimal_text(numerator: int, denominator: int) -> str:
    """Write a fraction of at least 0 as a plain decimal: exactly if it ends, else six places half up.

    ``5/2`` is ``"2.5"``, ``300/1`` is ``"300"``, ``200/3`` is ``"66.666667"``; zeros of a rounded one stay.
    """
    rest, places = denominator // math.gcd(numerator, denominator), 0
    while rest % 2 == 0 or rest % 5 == 0:
        rest //= math.gcd(rest, 10)
        places += 1
    if rest != 1:
        places = 6
    digits = str((2 * numerator * 10**places + denominator) // (2 * denominator)).zfill(places + 1)
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


def _amount(value: str | Decimal) -> Fraction:
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"{value!r} is no amount of money") from None
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"{value!r} is no amount of money")
    # A fraction would have all the digits that an exponent stands for.
    if amount and not -_DIGITS < amount.adjusted() < _DIGITS:
        raise ValueError(f"{amount:.3e} is no amount of money")
    return Fraction(amount)


def _half_up(amount: Fraction) -> int:
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)
