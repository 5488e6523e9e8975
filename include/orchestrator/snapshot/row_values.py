"""Rows with other values. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from orchestrator.domain.records import AdSetRow, AssetsRow, CampaignRow, CreativeRow, GoalRow

Row = TypeVar("Row", CampaignRow, AdSetRow, CreativeRow, GoalRow, AssetsRow)


def with_values(row: Row, **values: Any) -> Row:
    """The row with these values: itself where it has them already, as most do."""
    has_them = all(getattr(row, name) == value for name, value in values.items())
    return row if has_them else replace(row, **values)
