"""What detect-secrets is told about Meta's access tokens."""

from __future__ import annotations

import re

from detect_secrets.plugins.base import RegexBasedDetector


class MetaTokens(RegexBasedDetector):
    """Finds user, page and system tokens; all begin with EAA."""

    secret_type = "Meta access token"  # noqa: S105 - the name of a kind of secret
    denylist = (re.compile(r"\bEAA[A-Za-z0-9]{30,}"),)
