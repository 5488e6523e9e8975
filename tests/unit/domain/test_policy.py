from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from orchestrator.domain import policy
from orchestrator.errors import InvalidDocument

DEFAULTS = {
    "require_activity_days": None,
    "global_daily_budget": 1000,
    "max_daily_budget": 5000,
    "max_growth": 5,
    "learning_share_bp": 7000,
    "max_learning_adsets": 5,
    "budget_tolerance_bp": 1000,
    "recreate_after_days": 7,
    "winner_min_spend": 500,
    "winner_min_impressions": 1500,
    "winner_min_active_hours": 24,
    "winner_margin_bp": 1500,
    "median_min_adsets": 3,
    "max_winners": 2,
    "promotion_cooldown_hours": 72,
    "scale_cooldown_hours": 24,
    "settle_hours": 3,
    "scale_tolerance_bp": 1000,
    "scale_step_bp": 2000,
    "scale_min_step_bp": 500,
    "loser_min_active_hours": 48,
    "loser_min_spend": 1000,
    "loser_min_total_budget": 500,
    "blind_spend_limit": 10000,
    "max_insights_age_hours": 6,
}


def test_the_packaged_policy() -> None:
    values = policy.load().model_dump()

    assert {key: values[key] for key in DEFAULTS} == DEFAULTS


def test_every_threshold_says_its_unit_its_meaning_and_its_source() -> None:
    for field in policy.Policy.model_fields.values():
        about = next(each for each in field.metadata if isinstance(each, policy.About))
        assert about.unit
        assert about.meaning
        assert about.source.split(": ")[0] in {"meta", "measured", "house"}


def test_a_map_replaces_only_the_named_goals() -> None:
    events = policy.overridden({"min_events": {"streams": 7}}).min_events

    assert events == policy.load().min_events | {"streams": 7}
    assert policy.load().min_events["streams"] == 3


@pytest.mark.parametrize(
    ("promotion", "scale", "refused", "days"),
    [
        pytest.param(72, 24, 48, 3, id="of a promotion"),
        pytest.param(24, 72, 48, 3, id="of a raise"),
        pytest.param(24, 48, 72, 3, id="of a refusal"),
        pytest.param(0, 0, 0, 0, id="none"),
    ],
)
def test_the_longest_cooldown(promotion: int, scale: int, refused: int, days: int) -> None:
    changes = {
        "promotion_cooldown_hours": promotion,
        "scale_cooldown_hours": scale,
        "refused_retry_hours": refused,
    }

    assert policy.overridden(changes).longest_cooldown == timedelta(days=days)


def test_no_change_is_the_packaged_policy() -> None:
    assert policy.overridden({}) == policy.load()


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        pytest.param({"max_grow": 5}, "$policy.max_grow", id="an unknown key"),
        pytest.param(
            {"minimum_daily_budget_minor": 100}, "$policy.minimum_daily_budget_minor", id="a goal's"
        ),
        pytest.param({"max_growth": 0}, "$policy.max_growth", id="no growth factor"),
        pytest.param({"max_growth": 1.5}, "$policy.max_growth", id="not whole"),
        pytest.param({"max_growth": 2.0}, "$policy.max_growth", id="a float"),
        pytest.param({"max_growth": True}, "$policy.max_growth", id="a bool"),
        pytest.param({"max_growth": "5"}, "$policy.max_growth", id="a text"),
        pytest.param({"max_growth": None}, "$policy.max_growth", id="null"),
        pytest.param({"max_growth": float("nan")}, "$policy.max_growth", id="NaN"),
        pytest.param({"scale_step_bp": 10001}, "$policy.scale_step_bp", id="over all"),
        pytest.param({"scale_step_bp": -1}, "$policy.scale_step_bp", id="under none"),
        pytest.param({"winner_min_spend": -1}, "$policy.winner_min_spend", id="negative money"),
        pytest.param({"settle_hours": 25}, "$policy.settle_hours", id="no hour of a day"),
        pytest.param({"winner_min_active_hours": -1}, "$policy.winner_min_active_hours", id="negative hours"),
        pytest.param({"recreate_after_days": -1}, "$policy.recreate_after_days", id="negative days"),
        pytest.param({"max_winners": -1}, "$policy.max_winners", id="a negative count"),
        pytest.param({"min_events": {"streams": 0}}, "$policy.min_events.streams", id="no event"),
        pytest.param({"min_events": {"streams": 1.0}}, "$policy.min_events.streams", id="a float event"),
        pytest.param({"min_events": {"streams": True}}, "$policy.min_events.streams", id="a bool event"),
        pytest.param(
            {"best_min_events": {"podcasts": 3}}, "$policy.best_min_events.podcasts", id="no such goal"
        ),
        pytest.param({"min_events": 3}, "$policy.min_events", id="no map"),
        pytest.param({"min_events": None}, "$policy.min_events", id="null for a map"),
        pytest.param({"max_growth": {"streams": 3}}, "$policy.max_growth", id="a map for a number"),
        pytest.param([], "$policy", id="a list"),
        pytest.param("max_growth", "$policy", id="a text for all"),
    ],
)
def test_a_bad_value_is_named_by_its_path(changes: Any, path: str) -> None:
    with pytest.raises(InvalidDocument) as problem:
        policy.overridden(changes)

    assert problem.value.path == path
    assert problem.value.problem


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"max_growth": 1}, id="growth of one"),
        pytest.param({"scale_step_bp": 10000, "learning_share_bp": 0}, id="all and none"),
        pytest.param({"settle_hours": 24}, id="never"),
        pytest.param({"settle_hours": 0}, id="always"),
        pytest.param(
            {"max_winners": 0, "max_learning_adsets": 0, "median_min_adsets": 0}, id="counts of none"
        ),
        pytest.param({"winner_min_spend": 0}, id="no bar"),
        pytest.param({"min_events": {}}, id="no goal named"),
        pytest.param({"min_events": {"streams": 1}}, id="one event"),
        pytest.param({"require_activity_days": 0}, id="active today"),
    ],
)
def test_values_on_their_bounds_are_taken(changes: dict[str, Any]) -> None:
    changed = policy.overridden(changes).model_dump()

    assert all(changed[key] == value for key, value in changes.items() if not isinstance(value, dict))


def test_the_hash_names_the_thresholds_not_their_origin() -> None:
    assert policy.overridden({"max_growth": 5}).hash == policy.load().hash
    assert policy.overridden({"max_growth": 6}).hash != policy.load().hash
    assert len(policy.load().hash) == 64


# Files


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "policy.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("# nothing\n", id="a comment"),
        pytest.param("{}", id="a map"),
    ],
)
def test_a_file_that_changes_nothing(tmp_path: Path, text: str) -> None:
    assert policy.load(written(tmp_path, text)) == policy.load()


def test_a_file_replaces_what_it_names(tmp_path: Path) -> None:
    changed = policy.load(written(tmp_path, "max_growth: 3\nmin_events: {presave: 2}\n"))

    assert (changed.max_growth, changed.min_events["presave"], changed.min_events["streams"]) == (3, 2, 3)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        pytest.param("a: [", "$policy", id="not YAML"),
        pytest.param("- 1\n", "$policy", id="a list"),
        pytest.param("5\n", "$policy", id="a number"),
        pytest.param(b"\xff\xfe\x00", "$policy", id="not text"),
        pytest.param("max_growth: 3.0\n", "$policy.max_growth", id="a float"),
        pytest.param("max_growth: yes\n", "$policy.max_growth", id="a bool"),
        pytest.param("max_growth: !!python/object:os.system {}\n", "$policy", id="a Python object"),
    ],
)
def test_a_bad_file_is_named_in_one_line(tmp_path: Path, text: str | bytes, path: str) -> None:
    with pytest.raises(InvalidDocument) as problem:
        policy.load(written(tmp_path, text))

    assert problem.value.path == path
    assert "\n" not in str(problem.value)


def test_a_missing_file_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        policy.load(tmp_path / "none.yaml")
