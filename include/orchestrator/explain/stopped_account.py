"""The account that delivers nothing, told even where a plan had nothing to raise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from orchestrator.domain import steps
from orchestrator.domain.evidence import first_failed
from orchestrator.domain.gates import account_gates
from orchestrator.domain.model import Hold
from orchestrator.explain.explainer import Explainer
from orchestrator.explain.items import ExplainedItem


def with_stopped_account(
    explainer: Explainer, items: Iterable[ExplainedItem], account: Mapping[str, Any]
) -> Iterator[ExplainedItem]:
    """Yield items, before them one about the account where nothing else says why it delivers nothing.

    Args:
        explainer: explains decisions of this run.
        items: what was decided.
        account: the account in the snapshot's document; empty where it is not stored any more.
    """
    told = tuple(items)
    status, left = account.get("account_status", 1), account.get("spend_cap_left_minor")
    reason, evidence = first_failed(account_gates(status, left))
    if reason is not None and reason not in {item.reason for item in told}:
        hold = Hold(
            step=steps.ALLOCATE.key,
            action_type="update_budget",
            goal_key=None,
            campaign_id=None,
            adset_id=None,
            reason=reason,
            evidence=evidence,
        )
        title = explainer.titles.negated("raise anything on the ad account")
        yield replace(explainer.item(hold), title=title, action_type=None)
    yield from told
