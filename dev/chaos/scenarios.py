"""The scenario's users: small, each with a few writes, together with every kind of action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from demo.pasts import a_copy, a_test, creatives, goal, learning, scaling, steady
from demo.personas import AdDay, PastCampaign, Persona

Paused = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioUser:
    """A person with what the orchestrator had paused before: reason by name of campaign or ad set."""

    person: Persona
    paused: Paused = field(default_factory=dict)

    def named(self, name: str) -> ScenarioUser:
        """The same situation of somebody else."""
        return ScenarioUser(person=replace(self.person, name=name), paused=self.paused)


def _newcomer(goal_key: str) -> ScenarioUser:
    return ScenarioUser(
        person=Persona(
            name=f"new {goal_key}",
            why="creates a learning campaign with two cells",
            goals={goal_key: goal()},
            creatives=creatives(goal_key, "teaser"),
        )
    )


def _tests(goal_key: str, budget_minor: int, *events: int) -> PastCampaign:
    cells = [(audience, idea) for idea in ("chorus", "dance") for audience in ("broad", "lookalike")]
    return learning(
        goal_key,
        *(
            a_test(audience, idea, budget_minor, steady(9, budget_minor, 12_000, each))
            for (audience, idea), each in zip(cells, events, strict=False)
        ),
    )


def _person(name: str, why: str, goal_key: str, *campaigns: PastCampaign, **others: object) -> Persona:
    fields = {"goals": {goal_key: goal()}, "creatives": creatives(goal_key, "chorus", "dance"), **others}
    return Persona(name=name, why=why, campaigns=campaigns, **fields)  # type: ignore[arg-type]


SCENARIO_USERS: tuple[ScenarioUser, ...] = (
    *(
        _newcomer(g)
        for g in ("streams", "presave", "virality", "followers", "build_audience", "fan_segmentation")
    ),
    ScenarioUser(
        person=_person(
            "promotes two",
            "makes room, creates a scaling campaign, copies both winners into it",
            "virality",
            _tests("virality", 500, 260, 120, 110, 240),
        )
    ),
    ScenarioUser(
        person=_person(
            "promotes one",
            "the same with one winner",
            "followers",
            _tests("followers", 500, 300, 60, 50, 40),
        )
    ),
    ScenarioUser(
        person=_person(
            "revives",
            "promotes into a scaling campaign that had lost its last ad set",
            "streams",
            _tests("streams", 500, 60, 5, 5, 5),
            scaling("streams", 600, a_copy("lookalike", "chorus", steady(4, 600, 13_000, 3))),
        ),
        paused={"streams · scaling": "no_active_adset", "lookalike chorus scaled": "loser"},
    ),
    ScenarioUser(
        person=_person(
            "scales",
            "raises its scaling budget and pauses a loser",
            "followers",
            _tests("followers", 350, 35, 1, 1, 0),
            scaling("followers", 600, a_copy("broad", "chorus", steady(4, 600, 14_000, 58))),
        )
    ),
    ScenarioUser(
        person=_person(
            "cuts",
            "its cap was lowered",
            "streams",
            _tests("streams", 350, 4, 1, 1, 1),
            scaling("streams", 1_500, a_copy("broad", "chorus", steady(4, 1_480, 30_000, 18))),
            max_daily_budget="12.00",
        )
    ),
    ScenarioUser(
        person=_person(
            "has room again",
            "resumes ad sets that were paused for a budget too small for them",
            "streams",
            _tests("streams", 1_000, 4, 3, 3, 3),
        ),
        paused={
            "lookalike chorus": "below_minimum_budget",
            "broad dance": "below_minimum_budget",
            "lookalike dance": "below_minimum_budget",
        },
    ),
    ScenarioUser(
        person=_person(
            "switches off",
            "one goal is switched off and its money goes to the other",
            "streams",
            _tests("streams", 350, 4, 1, 1, 1),
            scaling("streams", 600, a_copy("broad", "chorus", steady(4, 590, 30_000, 5))),
            goals={"streams": {"is_active": False, "priority": 5}},
        )
    ),
    ScenarioUser(
        person=_person(
            "switches on",
            "a goal that was off is on again",
            "streams",
            _tests("streams", 300, 4, 1, 1, 1),
            scaling("streams", 900, a_copy("broad", "chorus", steady(4, 590, 30_000, 5))),
        ),
        paused={"streams · testing": "goal_inactive", "streams · scaling": "goal_inactive"},
    ),
    ScenarioUser(
        person=_person(
            "is blind",
            "much was spent and no event was ever seen",
            "streams",
            learning(
                "streams",
                a_test("broad", "chorus", 1_000, (AdDay(1_000, 20_000, 0),) * 9),
                a_test("lookalike", "chorus", 1_000, (AdDay(1_000, 20_000, 0),) * 9),
            ),
            creatives=creatives("streams", "chorus"),
        )
    ),
)
