"""What makes a report unusable."""

from __future__ import annotations

from orchestrator.errors import ConfigError


class UnusableReport(ConfigError):
    """The file cannot be audited; the message is one line that says where and what to change."""
