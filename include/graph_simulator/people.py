"""What people do in Ads Manager: the edits that no API client of the account made.

Each goes through the same checks as a client's write, but for the limits of the API: a person has none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from graph_simulator.answers.view import View
from graph_simulator.rules.campaigns import NO_SPEND_CAP
from graph_simulator.state.objects import Account, Ad, AdSet, Campaign
from graph_simulator.writes import update
from graph_simulator.writes.copies import MOST_ADS_ASYNC, copy_node

Act = Literal[
    "pause",
    "resume",
    "archive",
    "delete",
    "rename",
    "set_budget",
    "move_budget_to_campaign",
    "move_budget_to_ad_sets",
    "set_lifetime_budget",
    "set_end",
    "duplicate",
    "set_spending_limit",
]


class PeopleForm(BaseModel):
    """One act of a person on the object ``id``. Money in minor units, ``end`` in Unix seconds."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    act: Act
    id: str
    name: str | None = Field(None, max_length=400)
    daily_budget_minor: int | None = Field(None, ge=0)
    lifetime_budget_minor: int | None = Field(None, ge=0)
    end: int | None = Field(None, ge=0)
    spend_cap_minor: int | None = Field(None, ge=0)
    campaign_id: str | None = None
    status: Literal["ACTIVE", "PAUSED"] = "ACTIVE"


Thing = Campaign | AdSet | Ad
_EVERY = frozenset({"Campaign", "AdSet", "Ad"})
_SUBJECTS = {
    "set_budget": {"Campaign", "AdSet"},
    "set_lifetime_budget": {"Campaign", "AdSet"},
    "set_end": {"Campaign", "AdSet"},
    "move_budget_to_campaign": {"Campaign"},
    "move_budget_to_ad_sets": {"Campaign"},
    "set_spending_limit": {"Campaign"},
}


def do(view: View, form: PeopleForm) -> dict[str, Any]:
    """Do it; the id of what was edited or, for a duplicate, of what was made.

    Raises:
        ValueError: there is no such object, or it has nothing of the kind.
        GraphError: Meta does not allow it to anybody.
    """
    node = view.world.objects.get(form.id)
    if isinstance(node, Account) and form.act == "set_spending_limit":
        view.world.record_outcome(node)
        node.spend_cap = form.spend_cap_minor or 0
        return {"id": node.id}
    if not isinstance(node, Campaign | AdSet | Ad) or node.node not in _SUBJECTS.get(form.act, _EVERY):
        msg = f"{form.id} is nothing that a person can {form.act}"
        raise ValueError(msg)
    view.world.record_outcome(node.account)
    with view.world.by_person():
        if form.act == "duplicate":
            return {"id": _duplicate(view, node, form)}
        _write(view, node, _CHANGES[form.act](node, form))
    return {"id": node.id}


def _write(view: View, node: Thing, change: dict[str, Any]) -> None:
    if isinstance(node, Campaign):
        update.campaign(view, node, change)
    elif isinstance(node, AdSet):
        node.budget_edits = ()
        update.ad_set(view, node, change)
    else:
        update.ad(view, node, change)


def _duplicate(view: View, node: Thing, form: PeopleForm) -> str:
    """Copy with everything below it; a person's copy is not limited to three ads."""
    wishes: dict[str, Any] = {"status_option": form.status}
    if not isinstance(node, Ad):
        wishes["deep_copy"] = True
    if form.campaign_id is not None:
        wishes["campaign_id"] = form.campaign_id
    made = copy_node(view, node, wishes, MOST_ADS_ASYNC)
    copied = next(str(value) for key, value in made.items() if key.startswith("copied_"))
    if form.daily_budget_minor is not None:
        twin = view.world.objects[copied]
        assert isinstance(twin, Campaign | AdSet)  # noqa: S101 - what copy_node made
        _write(view, twin, {"daily_budget": form.daily_budget_minor})
    return copied


def _to_ad_sets(node: Thing, form: PeopleForm) -> dict[str, Any]:
    assert isinstance(node, Campaign)  # noqa: S101 - nothing else has budgets to move
    budget = form.daily_budget_minor or (node.daily_budget or 0) // max(1, len(node.ad_sets))
    return {"adset_budgets": [{"adset_id": each.id, "daily_budget": budget} for each in node.ad_sets]}


_CHANGES: Mapping[str, Callable[[Thing, PeopleForm], dict[str, Any]]] = {
    "pause": lambda node, form: {"status": "PAUSED"},
    "resume": lambda node, form: {"status": "ACTIVE"},
    "archive": lambda node, form: {"status": "ARCHIVED"},
    "delete": lambda node, form: {"status": "DELETED"},
    "rename": lambda node, form: {"name": form.name or node.name},
    "set_budget": lambda node, form: {"daily_budget": form.daily_budget_minor},
    "move_budget_to_campaign": lambda node, form: {
        "daily_budget": form.daily_budget_minor,
        "bid_strategy": "LOWEST_COST_WITHOUT_CAP",
    },
    "move_budget_to_ad_sets": _to_ad_sets,
    "set_spending_limit": lambda node, form: {"spend_cap": form.spend_cap_minor or NO_SPEND_CAP},
    "set_lifetime_budget": lambda node, form: {
        "lifetime_budget": form.lifetime_budget_minor,
        ("stop_time" if isinstance(node, Campaign) else "end_time"): form.end,
    },
    "set_end": lambda node, form: {
        ("stop_time" if isinstance(node, Campaign) else "end_time"): form.end or 0
    },
}
