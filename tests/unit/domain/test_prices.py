"""Amounts as a person reads them: enough digits, and not more."""

from __future__ import annotations

from fractions import Fraction

import pytest

from orchestrator.domain import money


@pytest.mark.parametrize(
    ("currency", "costs", "texts"),
    [
        pytest.param("USD", (2000, 2400), ["$20.00", "$24.00"], id="whole cents as they are"),
        pytest.param("USD", (0, 5), ["$0.00", "$0.05"], id="nothing, and a few cents"),
        pytest.param("USD", (Fraction(383, 10), Fraction(41)), ["$0.38", "$0.41"], id="a part of a cent"),
        pytest.param(
            "USD", (Fraction(383, 10), Fraction(384, 10)), ["$0.383", "$0.384"], id="nearly the same"
        ),
        pytest.param(
            "USD", (Fraction(10, 1), Fraction(21, 2)), ["$0.10", "$0.11"], id="ten cents tell enough"
        ),
        pytest.param(
            "USD", (Fraction(99, 10), Fraction(11)), ["$0.099", "$0.110"], id="under ten cents one more"
        ),
        pytest.param("USD", (Fraction(68, 100), Fraction(9, 10)), ["$0.0068", "$0.0090"], id="a cheap event"),
        pytest.param(
            "JPY", (Fraction(31, 10), Fraction(40)), ["¥3.1", "¥40.0"], id="a currency without cents"
        ),
        pytest.param("USD", (Fraction(1, 3), Fraction(1, 3)), ["$0.0033", "$0.0033"], id="the same twice"),
    ],
)
def test_amounts_have_the_digits_that_say_something(
    currency: str, costs: tuple[int | Fraction, ...], texts: list[str]
):
    assert money.prices(currency, *costs) == texts
