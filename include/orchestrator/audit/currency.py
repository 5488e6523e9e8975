"""The currency of a report, and what the policy's dollars are in it."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator.audit.headings import CURRENCY
from orchestrator.audit.table import Table
from orchestrator.audit.unusable_report import UnusableReport
from orchestrator.domain import money

_SIGNS = {
    "€": "EUR",
    "£": "GBP",
    "₩": "KRW",
    "₫": "VND",
    "₪": "ILS",
    "₴": "UAH",
    "₱": "PHP",
    "฿": "THB",
    "R$": "BRL",
    "zł": "PLN",
}
_PEGGED = {"AED": "3.6725", "SAR": "3.75", "QAR": "3.64"}
"""Fixed to the dollar, and not in the European Central Bank's list."""


def currency_of(found: Table) -> tuple[str, str]:
    """Return the report's currency, and a note where it is assumed.

    The currency column says it, or the heading of the spend, or a sign before an amount.

    Raises:
        UnusableReport: there are two, or it is none that an ad account can have.
    """
    said = set(_said(found))
    if len(said) > 1:
        raise UnusableReport(f"{found.name} has amounts in {' and '.join(sorted(said))}: export one currency")
    if not said:
        return _by_sign(found)
    (currency,) = said
    if currency not in money.CURRENCIES:
        raise UnusableReport(f"{found.name}: {currency} is no currency of an ad account")
    return currency, ""


def _said(found: Table) -> Iterator[str]:
    in_heading = CURRENCY.search(found.heading("spend"))
    if in_heading:
        yield in_heading[1]
    yield from (text.upper() for text in found.texts("currency"))


def _by_sign(found: Table) -> tuple[str, str]:
    signs = {code for text in found.texts("spend") for sign, code in _SIGNS.items() if sign in text}
    if len(signs) > 1:
        raise UnusableReport(
            f"{found.name} has amounts in {' and '.join(sorted(signs))}: export one currency"
        )
    if signs:
        return signs.pop(), ""
    return "USD", "no currency in the file: taken for USD"


def units_per_usd(currency: str) -> str | None:
    """Return units of a currency per US dollar, as a decimal string; null when no list has it.

    Source: the European Central Bank's reference rates, in the copy that the installed package carries.
    """
    if currency == "USD":
        return "1"
    if currency in _PEGGED:
        return _PEGGED[currency]
    from currency_converter import CurrencyConverter, RateNotFoundError  # noqa: PLC0415 - reads its list

    try:
        return f"{CurrencyConverter().convert(1, 'USD', currency):.6f}"
    except (ValueError, RateNotFoundError):
        return None
