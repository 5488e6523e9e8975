from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs

from orchestrator import rules
from orchestrator.documents import codec
from orchestrator.documents.fingerprint import snapshot_hash
from orchestrator.domain.steps import RULES
from orchestrator.errors import InvalidDocument
from tests.unit.documents.example import EXAMPLE, KEYS, PATHS, changed, json_path, place, without


def refused(snapshot: Any, policy: Any = None) -> str:
    with pytest.raises(InvalidDocument) as problem:
        rules.plan_document(snapshot, policy)
    assert problem.value.problem
    assert "\n" not in str(problem.value)
    return problem.value.path


def test_the_worked_example() -> None:
    planned = rules.plan_document(EXAMPLE)

    assert {key: planned[key] for key in planned if not key.endswith("_hash")} == {
        "allocations": [
            {"goal_key": "streams", "budget_minor": 1000, "learning_minor": 1000, "scaling_minor": 0}
        ],
        "winners": [],
        "actions": [
            {
                "step": "allocate",
                "action_type": "update_budget",
                "goal_key": "streams",
                "campaign_id": "1",
                "adset_id": "11",
                "before_minor": 250,
                "after_minor": 500,
                "reason": "learning_share",
            },
            {
                "step": "learning",
                "action_type": "create_adset",
                "goal_key": "streams",
                "campaign_id": "1",
                "adset_id": "new:testing:streams:lookalike:c1",
                "before_minor": None,
                "after_minor": 500,
                "reason": "new_test_cell",
            },
        ],
        "holds": [
            {
                "step": "promote",
                "action_type": "promote_winner",
                "goal_key": "streams",
                "campaign_id": "1",
                "adset_id": "11",
                "reason": "not_better_than_median",
            },
            {
                "step": "pause",
                "action_type": "pause_adset",
                "goal_key": "streams",
                "campaign_id": "1",
                "adset_id": "11",
                "reason": "has_events",
            },
        ],
        "errors": [],
    }
    assert list(planned) == [
        "policy_hash",
        "snapshot_hash",
        "allocations",
        "winners",
        "actions",
        "holds",
        "errors",
    ]


def test_the_document_given_is_left_as_it_was() -> None:
    given = copy.deepcopy(EXAMPLE)

    rules.plan_document(given, {"min_events": {"streams": 2}})

    assert given == EXAMPLE


def test_a_policy_changes_the_plan_and_its_hash() -> None:
    usual, other = rules.plan_document(EXAMPLE), rules.plan_document(EXAMPLE, {"max_learning_adsets": 1})

    assert usual["policy_hash"] != other["policy_hash"]
    assert [action["adset_id"] for action in other["actions"]] == ["11"]
    assert usual == rules.plan_document(EXAMPLE, {})


# What is refused


@pytest.mark.parametrize("path", [path for path in KEYS if path.split(".")[-1] not in {"lifetime", "days"}])
def test_every_key_is_required(path: str) -> None:
    assert refused(without(path)) == json_path(path)


@pytest.mark.parametrize("path", [path for path in PATHS if isinstance(place(path)[1], (dict, list))])
@pytest.mark.parametrize("value", [pytest.param({"x": 1}, id="object"), pytest.param(1.5, id="float")])
def test_every_value_has_a_type(path: str, value: Any) -> None:
    assert refused(changed(path, value)).startswith(json_path(path))


@pytest.mark.parametrize(
    "path",
    [
        "",
        "account",
        "settings",
        *[f"{name}.0" for name in EXAMPLE if isinstance(EXAMPLE[name], list)],
        "ad_sets.0.lifetime",
        "ad_sets.0.days.0",
    ],
)
def test_unknown_keys_are_refused_everywhere(path: str) -> None:
    path = f"{path}.surprise".lstrip(".")

    assert refused(changed(path, None)) == json_path(path)


NULLABLE = {
    "account.units_per_usd",
    "account.insights_read_at",
    "settings.global_daily_budget_minor",
    "settings.max_daily_budget_minor",
    "goals.0.budget_hint_minor",
    "goals.0.learning_share_bp",
    "campaigns.0.paused_by",
    "campaigns.0.paused_reason",
    "campaigns.0.daily_budget_minor",
    "campaigns.0.removed_at",
    "ad_sets.0.paused_by",
    "ad_sets.0.paused_reason",
    "ad_sets.0.daily_budget_minor",
    "ad_sets.0.active_since",
    "ad_sets.0.creative_id",
    "ad_sets.0.source_adset_id",
    "ad_sets.0.lifetime",
    "ad_sets.0.days",
    "history.0.adset_id",
    "history.0.creative_id",
    "history.0.reason",
}


@pytest.mark.parametrize("path", PATHS)
def test_null_is_taken_where_it_means_something(path: str) -> None:
    if path in NULLABLE:
        assert rules.plan_document(changed(path, None))
    else:
        assert refused(changed(path, None)) == json_path(path)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param("now", "2026-11-23T12:00:00", id="naive"),
        pytest.param("now", "2026-11-23", id="a date for a time"),
        pytest.param("now", "yesterday", id="no time"),
        pytest.param("now", "", id="an empty time"),
        pytest.param("now", 1795435200, id="a number for a time"),
        pytest.param("now", "0001-01-01T00:00:00+14:00", id="before all time"),
        pytest.param("now", "0001-01-01T00:00:00Z", id="before all time in Los Angeles"),
        pytest.param("account.insights_read_at", "2026-11-23T12:00:00", id="naive reading"),
        pytest.param("creatives.0.created_at", "2026-11-23T12:00:00", id="naive creative"),
        pytest.param("campaigns.0.created_at", "2026-11-23T12:00:00", id="naive campaign"),
        pytest.param("campaigns.0.removed_at", "2026-11-23T12:00:00", id="naive removal"),
        pytest.param("ad_sets.0.active_since", "2026-11-23T12:00:00", id="naive since"),
        pytest.param("history.0.at", "2026-11-23T12:00:00", id="naive history"),
        pytest.param("account.timezone", "Mars/Olympus", id="unknown zone"),
        pytest.param("account.timezone", "", id="empty zone"),
        pytest.param("account.timezone", "../etc/passwd", id="a path for a zone"),
        pytest.param("account.timezone", "America", id="a folder for a zone"),
        pytest.param("account.timezone", "UTC\u0000", id="a zero byte in a zone"),
        pytest.param("account.currency", "XXX", id="unknown currency"),
        pytest.param("account.currency", "usd", id="lower case currency"),
        pytest.param("account.units_per_usd", 1, id="a number for a rate"),
        pytest.param("account.units_per_usd", "1.1", id="a dollar of 1.10"),
        pytest.param("settings.auto_scale_winners", 1, id="a number for a switch"),
        pytest.param("settings.auto_pause_losers", "true", id="a text for a switch"),
        pytest.param("settings.global_daily_budget_minor", -1, id="negative money"),
        pytest.param("settings.max_daily_budget_minor", True, id="a switch for money"),
        pytest.param("settings.max_daily_budget_minor", 5000.0, id="a float for money"),
        pytest.param("settings.max_daily_budget_minor", float("nan"), id="NaN for money"),
        pytest.param("settings.max_daily_budget_minor", "5000", id="a text for money"),
        pytest.param("goals.0.is_active", 0, id="a number for active"),
        pytest.param("goals.0.priority", 0, id="priority under 1"),
        pytest.param("goals.0.priority", 6, id="priority over 5"),
        pytest.param("goals.0.priority", True, id="a switch for a priority"),
        pytest.param("goals.0.priority", 5.0, id="a float for a priority"),
        pytest.param("goals.0.budget_hint_minor", -1, id="negative hint"),
        pytest.param("goals.0.learning_share_bp", -1, id="basis points under 0"),
        pytest.param("goals.0.learning_share_bp", 10001, id="basis points over 10000"),
        pytest.param("goals.0.minimum_daily_budget_minor", 0, id="minimum of nothing"),
        pytest.param("templates.0.audiences.1", "broad", id="an audience twice"),
        pytest.param("templates.0.audiences.0", 7, id="a number for an audience"),
        pytest.param("campaigns.0.role", "learning", id="unknown role"),
        pytest.param("campaigns.0.status", "active", id="unknown status"),
        pytest.param("campaigns.0.status", "WITH_ISSUES", id="another of Meta's states"),
        pytest.param("campaigns.0.paused_by", "robot", id="unknown pauser"),
        pytest.param("campaigns.0.daily_budget_minor", -1, id="negative budget"),
        pytest.param("campaigns.0.goal_key", "virality", id="a campaign without its goal"),
        pytest.param("campaigns.0.id", 1, id="a number for an id"),
        pytest.param("ad_sets.0.status", "IN_PROCESS", id="unknown ad set status"),
        pytest.param("ad_sets.0.campaign_id", "2", id="an ad set without its campaign"),
        pytest.param("ad_sets.0.daily_budget_minor", -1, id="negative ad set budget"),
        pytest.param("ad_sets.0.lifetime.spend_minor", -1, id="negative spend"),
        pytest.param("ad_sets.0.lifetime.impressions", -1, id="negative impressions"),
        pytest.param("ad_sets.0.lifetime.events", -1, id="negative events"),
        pytest.param("ad_sets.0.days.0.spend_minor", -1, id="negative spend of a day"),
        pytest.param("ad_sets.0.days.0.events", 1.0, id="a float for events"),
        pytest.param("ad_sets.0.days.0.date", "2026-11-22T00:00:00Z", id="a time for a date"),
        pytest.param("ad_sets.0.days.0.date", "20261122", id="a date without dashes"),
        pytest.param("ad_sets.0.days.0.date", "2026-W47-7", id="a date by week"),
        pytest.param("ad_sets.0.days.0.date", "2026-02-30", id="no such day"),
        pytest.param("ad_sets.0.days.0.date", 20261122, id="a number for a date"),
        pytest.param("history.0.status", "planned", id="unknown outcome"),
        pytest.param("history.0.action_type", "scale_up", id="unknown action"),
        pytest.param("goals", {}, id="an object for a list"),
        pytest.param("account", [], id="a list for an object"),
    ],
)
def test_a_wrong_value_is_named_by_its_path(path: str, value: Any) -> None:
    assert refused(changed(path, value)) == json_path(path)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("goals", "goal_key"),
        ("templates", "goal_key"),
        ("creatives", "id"),
        ("campaigns", "id"),
        ("ad_sets", "id"),
    ],
)
def test_a_duplicate_is_named_by_the_later_ones_key(name: str, key: str) -> None:
    example = copy.deepcopy(EXAMPLE)
    example[name] += [{**EXAMPLE[name][0], key: "else"}] if name not in {"goals", "templates"} else []
    example[name].append(EXAMPLE[name][0])

    assert refused(example) == f"$.{name}[{len(example[name]) - 1}].{key}"


def test_history_may_repeat_itself() -> None:
    example = copy.deepcopy(EXAMPLE)
    example["history"] *= 2

    assert rules.plan_document(example)["errors"] == []


@pytest.mark.parametrize("status", ["ARCHIVED", "DELETED"])
def test_a_removed_campaign_says_when(status: str) -> None:
    assert refused(changed("campaigns.0.status", status)) == "$.campaigns[0].removed_at"

    example = changed("campaigns.0.status", status)
    example["campaigns"][0]["removed_at"] = "2026-11-01T00:00:00Z"
    assert rules.plan_document(example)


@pytest.mark.parametrize("rate", [None, "0", "-1", "x"])
def test_a_currency_without_a_rate_fails_before_anything(rate: str | None) -> None:
    example = changed("account.units_per_usd", rate)
    example["account"]["currency"] = "JPY"

    with pytest.raises(InvalidDocument) as problem:
        rules.plan_document(example)

    assert str(problem.value) == "$.account.units_per_usd: no exchange rate for JPY"


def test_the_rules_refuse_it_themselves() -> None:
    snapshot = codec.read_snapshot(EXAMPLE)
    yen = type(snapshot.account)(
        id="act_1", currency="JPY", units_per_usd=None, timezone="UTC", insights_read_at=None
    )
    fields = {name: getattr(snapshot, name) for name in snapshot.__slots__}

    with pytest.raises(InvalidDocument, match=r"\$\.account\.units_per_usd: no exchange rate for JPY"):
        rules.initial_state(type(snapshot)(**(fields | {"account": yen})), rules.overridden({}))


@pytest.mark.parametrize("top", [None, [], "x", 3, True])
def test_the_top_is_an_object(top: Any) -> None:
    assert refused(top) == "$"


def test_a_key_that_would_break_the_line_is_escaped() -> None:
    assert refused({**EXAMPLE, "a\nb": 1}) == r"$.a\nb"


def test_a_bad_policy_is_named_by_its_path() -> None:
    assert refused(EXAMPLE, {"max_growth": 0}) == "$policy.max_growth"
    assert refused(EXAMPLE, {"min_events": {"streams": 0}}) == "$policy.min_events.streams"
    assert refused(EXAMPLE, []) == "$policy"


# What is taken


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param("ad_sets.0.creative_id", "gone", id="a creative that is not there"),
        pytest.param("ad_sets.0.source_adset_id", "gone", id="a source that is not there"),
        pytest.param("creatives.0.status", "whatever", id="any creative status"),
        pytest.param("creatives.0.goal_key", "podcasts", id="a creative of no goal"),
        pytest.param("templates.0.goal_key", "podcasts", id="a template of no goal"),
        pytest.param("templates.0.audiences", [], id="no audience"),
        pytest.param("history.0.goal_key", "podcasts", id="history of no goal"),
        pytest.param("now", "2026-11-23T12:00:00.123456+05:30", id="another offset"),
        pytest.param("campaigns.0.removed_at", "2026-11-01T00:00:00Z", id="a removal of what lives"),
        pytest.param("settings.global_daily_budget_minor", 0, id="a budget of nothing"),
        pytest.param("settings.global_daily_budget_minor", 10**30, id="more money than there is"),
        pytest.param("goals.0.learning_share_bp", 0, id="no share"),
        pytest.param("goals.0.learning_share_bp", 10000, id="all"),
        pytest.param("goals.0.priority", 1, id="the lowest priority"),
        pytest.param("goals.0.minimum_daily_budget_minor", 1, id="the smallest minimum"),
        pytest.param("ad_sets.0.paused_by", "creation", id="creation"),
        pytest.param("user_id", "\ud800", id="half a character"),
    ],
)
def test_what_is_odd_but_valid(path: str, value: Any) -> None:
    assert rules.plan_document(changed(path, value))["policy_hash"]


@pytest.mark.parametrize("key", ["lifetime", "days"])
def test_what_insights_does_not_list_had_no_delivery(key: str) -> None:
    absent, null = rules.plan_document(without(f"ad_sets.0.{key}")), changed(f"ad_sets.0.{key}", None)

    assert absent == rules.plan_document(null)


def test_an_empty_world_is_valid() -> None:
    empty = {**EXAMPLE, **{name: [] for name in EXAMPLE if isinstance(EXAMPLE[name], list)}}

    assert rules.plan_document(empty)["allocations"] == []


# The way out


def test_a_plan_survives_json() -> None:
    planned = rules.plan_document(EXAMPLE)

    assert json.loads(json.dumps(planned)) == planned


def test_times_are_written_in_utc() -> None:
    example = changed("now", "2026-11-23T04:00:00-08:00")

    assert codec.snapshot_json(codec.read_snapshot(example)) == EXAMPLE


def test_our_own_text_of_a_snapshot_is_a_document_and_reads_back() -> None:
    snapshot = codec.read_snapshot(EXAMPLE)
    text = codec.snapshot_text(snapshot)

    assert codec.read_snapshot(json.loads(text)) == snapshot
    assert codec.own_snapshot(text) == snapshot


def test_what_a_document_leaves_out_is_as_usual_and_stays_out() -> None:
    snapshot = codec.read_snapshot(EXAMPLE)

    assert snapshot.account.account_status == 1
    assert [ad_set.delivery for ad_set in snapshot.ad_sets] == ["ok"]
    assert codec.snapshot_json(snapshot) == EXAMPLE


_UNUSUAL = [
    ("account", "account_status", 3),
    ("account", "spend_cap_left_minor", 0),
    ("goals", "missing", ["a Page"]),
    ("creatives", "usable", False),
    ("campaigns", "lifetime_daily_minor", 0),
    ("ad_sets", "ours", False),
    ("ad_sets", "delivery", "cannot"),
    ("ad_sets", "known_events", 0),
    ("ad_sets", "retry", True),
    ("history", "audience", "broad"),
]


@pytest.mark.parametrize(("place", "key", "value"), _UNUSUAL)
def test_what_differs_from_the_usual_is_read_written_and_in_the_fingerprint(
    place: str, key: str, value: object
) -> None:
    document = copy.deepcopy(EXAMPLE)
    row = document[place] if place == "account" else document[place][0]
    row[key] = value
    snapshot = codec.read_snapshot(document)

    assert codec.snapshot_json(snapshot) == document
    assert snapshot_hash(snapshot) != snapshot_hash(codec.read_snapshot(EXAMPLE))


def test_a_budget_a_day_beside_a_lifetime_budget_is_refused() -> None:
    document = copy.deepcopy(EXAMPLE)
    document["ad_sets"][0]["lifetime_daily_minor"] = 0

    assert refused(document) == "$.ad_sets[0].lifetime_daily_minor"


def test_a_decision_of_before_with_its_nulls_still_reads() -> None:
    hold = {"step": "promote", "action_type": "promote_winner", "reason": "stale_insights"}
    nulls = dict.fromkeys(("goal_key", "campaign_id", "adset_id"))
    empty = {"actions": [], "errors": [], "allocations": [], "winners": []}

    assert codec.read_decision({"holds": [hold | nulls], **empty}) == codec.read_decision({"holds": [hold]})


def test_a_decision_is_written_without_what_is_null_or_empty() -> None:
    hold = {"step": "promote", "action_type": "promote_winner", "reason": "stale_insights"}

    assert codec.decision_json(codec.read_decision({"holds": [hold]})) == {"holds": [hold]}


def test_a_decision_reads_back() -> None:
    state = rules.initial_state(codec.read_snapshot(EXAMPLE), rules.overridden({}))

    for step in RULES:
        decision = rules.decide(step, state)
        written = json.loads(json.dumps(codec.decision_json(decision)))
        read = codec.read_decision(written)
        assert codec.decision_json(read) == written
        assert replace(read, holds=()) == replace(
            decision, actions=tuple(map(without_evidence, decision.actions)), holds=()
        )
        assert [*map(without_evidence, read.holds)] == [*map(without_evidence, decision.holds)]


def without_evidence(thing: Any) -> Any:
    return structs.replace(thing, evidence=())


def test_holds_and_errors_are_sorted() -> None:
    example = copy.deepcopy(EXAMPLE)
    example["goals"] += [
        {**EXAMPLE["goals"][0], "goal_key": key} for key in ("zumba", "aerobics", "virality")
    ]
    example["ad_sets"].append({**EXAMPLE["ad_sets"][0], "id": "10"})

    planned = rules.plan_document(example)

    assert [(e["step"], e["goal_key"]) for e in planned["errors"]] == [
        ("allocate", "aerobics"),
        ("allocate", "zumba"),
        ("learning", "virality"),
    ]
    assert [(h["step"], h["adset_id"]) for h in planned["holds"]] == [
        ("promote", "10"),
        ("promote", "11"),
        ("pause", "10"),
        ("pause", "11"),
    ]
