"""A person's decision names a goal that there is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from orchestrator.domain.user_records import Person
from orchestrator.errors import ConfigError
from orchestrator.runs import interventions

USER = UUID("6f9c2a1e-0000-4000-8000-000000000001")


@pytest.mark.parametrize("decide", [interventions.accept_figures, interventions.resume_goal])
def test_a_goal_that_is_not_known_is_named_before_anything_is_read(decide: Any):
    with pytest.raises(ConfigError, match="no goal 'stream'; there are build_audience,"):
        decide(None, USER, "stream", Person(origin="operator", name="olive"))
