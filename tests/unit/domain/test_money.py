from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from facebook_business.adobjects.adaccount import AdAccount
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain import money
from orchestrator.errors import ConfigError


def test_the_currencies_are_metas() -> None:
    theirs = {value for name, value in vars(AdAccount.Currency).items() if not name.startswith("_")}

    assert theirs == money.CURRENCIES


@pytest.mark.parametrize(
    ("currency", "offset"),
    [
        *[(code, 1) for code in "CLP COP CRC HUF ISK IDR JPY KRW PYG TWD VND".split()],  # noqa: SIM905
        ("USD", 100),
        ("EUR", 100),
        ("CHF", 100),
    ],
)
def test_offset(currency: str, offset: int) -> None:
    assert money.offset(currency) == offset


def test_eleven_currencies_have_no_cents() -> None:
    assert sum(money.offset(currency) == 1 for currency in money.CURRENCIES) == 11


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        pytest.param("14.35", "USD", 1435, id="cents"),
        pytest.param("0", "USD", 0, id="nothing"),
        pytest.param("0.004", "USD", 0, id="under half a cent"),
        pytest.param("0.005", "USD", 1, id="half a cent"),
        pytest.param("0.0149999999999999999999999999999999", "USD", 1, id="just under a cent and a half"),
        pytest.param("1234", "JPY", 1234, id="yen"),
        pytest.param("1234.5", "JPY", 1235, id="half a yen"),
        pytest.param("1234.49", "JPY", 1234, id="under half a yen"),
        pytest.param(Decimal("2.5"), "USD", 250, id="a Decimal"),
        pytest.param("1e2", "USD", 10000, id="an exponent"),
    ],
)
def test_minor_from_major(text: str | Decimal, currency: str, minor: int) -> None:
    assert money.minor_from_major(text, currency) == minor


@pytest.mark.parametrize(
    "text", ["", "x", "-0.01", "NaN", "Infinity", "1,000", "1e40", "1e999999999", "1e-40"]
)
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="no amount of money"):
        money.minor_from_major(text, "USD")


@pytest.mark.parametrize(
    ("text", "currency", "is_one"),
    [
        pytest.param("100000000000000.00", "USD", True, id="10^16 cents"),
        pytest.param("100000000000000.01", "USD", False, id="a cent more"),
        pytest.param("10000000000000000", "JPY", True, id="10^16 yen"),
        pytest.param("10000000000000001", "JPY", False, id="a yen more"),
    ],
)
def test_the_largest_amount(text: str, currency: str, is_one: bool) -> None:  # noqa: FBT001 - a row
    if is_one:
        assert money.minor_from_major(text, currency) == 10**16
        assert money.setting_minor(Decimal(text), currency) == 10**16
    else:
        with pytest.raises(ValueError, match="more than any amount"):
            money.minor_from_major(text, currency)
        with pytest.raises(ConfigError, match="more than any daily budget"):
            money.setting_minor(Decimal(text), currency)


@pytest.mark.parametrize(
    ("value", "currency", "minor"),
    [
        pytest.param("12.50", "USD", 1250, id="cents"),
        pytest.param("12.5000", "USD", 1250, id="zeros mean nothing"),
        pytest.param("0", "USD", 0, id="nothing"),
        pytest.param("12", "JPY", 12, id="yen"),
    ],
)
def test_setting_minor(value: str, currency: str, minor: int) -> None:
    assert money.setting_minor(Decimal(value), currency) == minor


@pytest.mark.parametrize(
    ("value", "currency", "problem"),
    [
        pytest.param("12.505", "USD", "12.505 has more digits than USD has", id="a tenth of a cent"),
        pytest.param("12.5", "JPY", "12.5 has more digits than JPY has", id="half a yen"),
        pytest.param("-1", "USD", "no amount of money", id="negative"),
        pytest.param("NaN", "USD", "no amount of money", id="no number"),
    ],
)
def test_a_setting_that_is_refused(value: str, currency: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        money.setting_minor(Decimal(value), currency)


@pytest.mark.parametrize(
    ("cents", "rate", "currency", "minor"),
    [
        pytest.param(500, "1", "USD", 500, id="dollars"),
        pytest.param(500, None, "USD", 500, id="dollars need no rate"),
        pytest.param(500, "0.9", "EUR", 450, id="euros"),
        pytest.param(500, "150", "JPY", 750, id="yen have no cents"),
        pytest.param(500, "25000", "VND", 125000, id="dong"),
        pytest.param(1, "0.5", "EUR", 1, id="half a cent rounds up"),
        pytest.param(1, "0.49", "EUR", 1, id="a positive amount stays at least 1"),
        pytest.param(3, "0.5", "EUR", 2, id="one and a half rounds up"),
        pytest.param(3, "0.49", "EUR", 1, id="under one and a half rounds down"),
        pytest.param(1, "0.000001", "JPY", 1, id="next to nothing stays 1"),
        pytest.param(0, "150", "JPY", 0, id="nothing stays nothing"),
        pytest.param(100, "0.33333333333333333333333333333333333", "EUR", 33, id="a long rate"),
    ],
)
def test_policy_minor(cents: int, rate: str | None, currency: str, minor: int) -> None:
    assert money.policy_minor(cents, rate, currency) == minor


@pytest.mark.parametrize(
    ("rate", "currency", "problem"),
    [
        pytest.param(None, "JPY", "no exchange rate for JPY", id="none"),
        pytest.param("0", "JPY", "no exchange rate for JPY", id="zero"),
        pytest.param("0.00", "EUR", "no exchange rate for EUR", id="zero with places"),
        pytest.param("-150", "JPY", "no exchange rate for JPY", id="negative"),
        pytest.param("", "JPY", "no exchange rate for JPY", id="empty"),
        pytest.param("NaN", "JPY", "no exchange rate for JPY", id="no number"),
        pytest.param("1/2", "EUR", "no exchange rate for EUR", id="a fraction"),
        pytest.param("1_0", "EUR", "no exchange rate for EUR", id="an underscore"),
        pytest.param("150\n", "JPY", "no exchange rate for JPY", id="a line"),
        pytest.param("2", "USD", 'a dollar is "1" dollar', id="two dollars a dollar"),
        pytest.param("1.0", "USD", 'a dollar is "1" dollar', id="another way to write one"),
    ],
)
def test_a_rate_that_is_refused(rate: str | None, currency: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        money.policy_minor(500, rate, currency)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        pytest.param(2000, "USD", "$20.00", id="dollars"),
        pytest.param(2005, "USD", "$20.05", id="a leading zero"),
        pytest.param(0, "USD", "$0.00", id="nothing"),
        pytest.param(123456789, "USD", "$1,234,567.89", id="thousands"),
        pytest.param(-5, "USD", "-$0.05", id="negative"),
        pytest.param(-1, "USD", "-$0.01", id="a cent less than nothing"),
        pytest.param(-1, "JPY", "-¥1", id="a yen less than nothing"),
        pytest.param(2000, "JPY", "¥2,000", id="yen"),
        pytest.param(-2000, "JPY", "-¥2,000", id="negative yen"),
        pytest.param(0, "JPY", "¥0", id="no yen"),
        pytest.param(2000, "EUR", "€20.00", id="euros"),
        pytest.param(2000, "GBP", "£20.00", id="pounds"),
        pytest.param(2000, "CHF", "CHF 20.00", id="a code"),
        pytest.param(2000, "KRW", "KRW 2,000", id="a code without cents"),
    ],
)
def test_text(minor: int, currency: str, text: str) -> None:
    assert money.text(minor, currency) == text


@pytest.mark.parametrize(
    ("numerator", "denominator", "text"),
    [
        pytest.param(300, 1, "300", id="whole"),
        pytest.param(3000, 10, "300", id="whole after all"),
        pytest.param(0, 7, "0", id="nothing"),
        pytest.param(5, 2, "2.5", id="a half"),
        pytest.param(1, 20, "0.05", id="a leading zero"),
        pytest.param(1, 25, "0.04", id="fives"),
        pytest.param(1, 128, "0.0078125", id="exact past six places"),
        pytest.param(100, 3, "33.333333", id="thirds, down"),
        pytest.param(200, 3, "66.666667", id="thirds, up"),
        pytest.param(1, 3_000_000, "0.000000", id="next to nothing keeps its zeros"),
        pytest.param(2, 3_000_000, "0.000001", id="two thirds of a millionth"),
        pytest.param(599_999_999, 200_000_000, "2.999999995", id="ends after nine"),
        pytest.param(1_799_999_999, 600_000_001, "3.000000", id="rounded to a whole keeps its zeros"),
        pytest.param(100, 30, "3.333333", id="common factors first"),
        pytest.param(30, 12, "2.5", id="common factors leave twos"),
    ],
)
def test_decimal_text(numerator: int, denominator: int, text: str) -> None:
    assert money.decimal_text(numerator, denominator) == text


@given(st.integers(0, 10**12), st.integers(1, 10**6))
def test_decimal_text_is_the_number_or_the_nearest_millionth(numerator: int, denominator: int) -> None:
    written, exact = Fraction(money.decimal_text(numerator, denominator)), Fraction(numerator, denominator)

    assert written == exact or abs(written - exact) <= Fraction(1, 2_000_000)
