"""The permission or role that an answer of Meta's is about, and the person that can grant it. Pure.

Codes: developers.facebook.com/docs/marketing-api/error-reference. Several errors have one code, so the names
in Meta's own text go before the code.
"""

from __future__ import annotations

import re

CODES = frozenset({10, *range(200, 300)}) - {270, 275}
"""Codes of a permission or a role that is missing: not of the ad account itself."""

_APP = 10
_ADMINISTRATOR = 273
_EXTENDED = 294
_NAMED = re.compile(
    r"\b(ads_management|ads_read|business_management|leads_retrieval|instagram_\w+|pages?_\w+|whatsapp_\w+)\b"
)
_OF_A_PAGE = re.compile(r"\bpage\b", re.IGNORECASE)


def next_step(code: int, text: str) -> str | None:
    """What to do about a missing permission or role; null for a code that is about neither.

    Args:
        code: Meta's.
        text: Meta's words, which may name permissions.
    """
    if code not in CODES:
        return None
    names = ", ".join(dict.fromkeys(_NAMED.findall(text)))
    if code == _ADMINISTRATOR:
        return (
            "The person who connected the account needs the role administrator of the ad account; an "
            "administrator of it grants the role in Meta's Business settings."
        )
    if code == _APP and not names:
        return (
            "The app lacks a permission or the access to this feature; the app's owner requests it in Meta's "
            "App Review, then the user connects the ad account again."
        )
    if names or code == _EXTENDED:
        missing = names or "ads_management"
        return f"A permission is missing ({missing}); the user connects the ad account again and grants it."
    asset = "Page" if _OF_A_PAGE.search(text) else "ad account"
    return (
        f"The person who connected the account needs a role that may advertise with the {asset}; an "
        f"administrator of the {asset} grants it in Meta's Business settings."
    )
