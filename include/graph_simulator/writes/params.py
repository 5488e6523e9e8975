"""From a call's parameters to an object's attributes."""

from __future__ import annotations

from typing import Any

from graph_simulator import spec
from graph_simulator.answers.view import View
from graph_simulator.errors import GraphError, bad_param, missing, unknown_object
from graph_simulator.spec.check import checked
from graph_simulator.state.assets import Label
from graph_simulator.state.objects import Account

CAMPAIGN = {
    "name": "name",
    "objective": "objective",
    "status": "status",
    "buying_type": "buying_type",
    "bid_strategy": "bid_strategy",
    "daily_budget": "daily_budget",
    "lifetime_budget": "lifetime_budget",
    "spend_cap": "spend_cap",
    "is_adset_budget_sharing_enabled": "budget_sharing",
    "special_ad_categories": "special_ad_categories",
    "special_ad_category_country": "special_ad_category_country",
    "start_time": "start",
    "stop_time": "stop",
    "promoted_object": "promoted_object",
}
AD_SET = {
    "name": "name",
    "status": "status",
    "daily_budget": "daily_budget",
    "lifetime_budget": "lifetime_budget",
    "bid_strategy": "bid_strategy",
    "bid_amount": "bid_amount",
    "billing_event": "billing_event",
    "optimization_goal": "optimization_goal",
    "targeting": "targeting",
    "promoted_object": "promoted_object",
    "destination_type": "destination_type",
    "attribution_spec": "attribution_spec",
    "start_time": "start",
    "end_time": "end",
    "dsa_beneficiary": "dsa_beneficiary",
    "dsa_payor": "dsa_payor",
}
AD = {"name": "name", "status": "status", "tracking_specs": "tracking_specs"}
_NOT_STORED = {
    "execution_options",
    "adlabels",
    "account_id",
    "campaign_id",
    "adset_id",
    "creative",
    "adset_budgets",
}


def typed(view: View, node: str, edge: str | None, raw: dict[str, Any]) -> dict[str, Any]:
    """The typed parameters of a write.

    Raises:
        GraphError: 100 for what is no parameter or not of its type; 100/33 for no such write.
    """
    known = spec.edge(node, "POST", edge)
    if known is None:
        raise unknown_object(node, "post")
    if "date_format" in raw:
        raise GraphError("(#100) The parameter date_format is no longer supported")
    return checked(known, raw, lenient=view.world.setup.lenient)


def require(given: dict[str, Any], *names: str) -> None:
    """Refuse a call without its required parameters.

    Raises:
        GraphError: 100, naming the first one that is not there.
    """
    for name in names:
        if given.get(name) is None:
            raise missing(name)


def apply(target: Any, given: dict[str, Any], attributes: dict[str, str]) -> None:
    """Set what a call names on an object; what the simulator only stores goes to ``extra``."""
    for name, attribute in attributes.items():
        if name in given:
            value = given[name]
            setattr(target, attribute, tuple(value) if name.startswith("special_ad") else value)
    stored = {
        name: value for name, value in given.items() if name not in attributes and name not in _NOT_STORED
    }
    if stored:
        target.extra = {**(target.extra or {}), **stored}


def is_only_validated(given: dict[str, Any]) -> bool:
    """True for ``execution_options=["validate_only"]``."""
    return "validate_only" in given.get("execution_options", ())


def labels(view: View, account: Account, wanted: Any) -> tuple[str, ...]:
    """The ids of ``[{"name": …}, {"id": …}]``; a label that a name has not yet is made.

    Raises:
        GraphError: 100 for anything else, or more than 50 on one object.
    """
    if not isinstance(wanted, list) or len(wanted) > 50:
        raise bad_param("Param adlabels must be an array of at most 50 labels", "adlabels")
    return tuple(dict.fromkeys(_label(view, account, item).id for item in wanted))


def _label(view: View, account: Account, item: Any) -> Label:
    if not isinstance(item, dict) or not (item.get("id") or item.get("name")):
        raise bad_param("A label needs a name or an id", "adlabels")
    if item.get("id"):
        found = account.labels.get(str(item["id"]))
        if found is None:
            raise bad_param(f"There is no ad label {item['id']}", "adlabels")
        return found
    return label_named(view, account, str(item["name"]))


def label_named(view: View, account: Account, name: str) -> Label:
    """The account's label of this name, made when there is none."""
    for label in account.labels.values():
        if label.name == name:
            return label
    label = Label(view.world.ids.object_id(), account, name, view.now, view.now)
    account.labels[label.id] = label
    view.world.add(label)
    view.world.changes += 1
    return label
