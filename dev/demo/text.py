"""One person's part of a run as short lines for people. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from demo.personas import Persona
from demo.results import PersonaResult
from orchestrator.domain import messages, money
from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.action_titles import role_name
from orchestrator.domain.goals import goal_name
from orchestrator.domain.model import Allocation
from orchestrator.domain.records import UserRows

Names = Mapping[str, str]
"""What a person calls an object, by Meta's id or the plan's."""

MANY = 6  # above, a list of names is a number


def names(person: Persona, rows: UserRows) -> Names:
    """The person's ad sets as "audience creative", campaigns by their role."""
    creatives = {str(person.creative_id(idea.name)): idea.name for idea in person.creatives}
    ad_sets = {
        row.id: f"{row.audience} {creatives.get(row.creative_id or '', '')}".strip() for row in rows.ad_sets
    }
    campaigns = {row.id: f"the {role_name(row.role)} campaign" for row in rows.campaigns}
    planned = {
        f"new:{role}:{goal}:{audience}:{creative}": f"{audience} {name}"
        for role in ("testing", "scaling")
        for goal in person.goals
        for audience in person.audiences
        for creative, name in creatives.items()
    }
    planned_campaigns = {
        f"new:{role}:{goal}": f"the {role_name(role)} campaign"
        for role in ("testing", "scaling")
        for goal in person.goals
    }
    return {**planned, **planned_campaigns, **ad_sets, **campaigns}


def share_lines(result: PersonaResult) -> list[str]:
    """What each goal gets a day, for learning and for scaling."""
    return [_share(each, result.person.currency) for each in result.allocations]


def _share(share: Allocation, currency: str) -> str:
    total = money.text(share.budget_minor, currency)
    if not share.scaling_minor:
        return f"{goal_name(share.goal_key)} {total}"
    learning, scaling = (money.text(each, currency) for each in (share.learning_minor, share.scaling_minor))
    return f"{goal_name(share.goal_key)} {total} = {learning} learning + {scaling} scaling"


def action_lines(result: PersonaResult, known: Names) -> list[str]:
    """The actions in order; those of one kind, goal and reason are one line."""
    groups: dict[tuple[str, ...], list[ActionRow]] = {}
    for row in result.actions:
        action = row.action
        level = "ad set" if action.adset_id else "campaign"
        groups.setdefault(
            (action.goal_key, action.step or "", action.action_type, action.reason, level), []
        ).append(row)
    several = len({row.action.goal_key for row in result.actions}) > 1
    return [
        (f"{goal_name(goal)}: " if several else "")
        + f"{_sentence(rows, known, result.person.currency)} ({reason})"
        for (goal, _, _, reason, _), rows in groups.items()
    ]


def _sentence(rows: Sequence[ActionRow], known: Names, currency: str) -> str:
    action = rows[0].action
    things = _things(rows, known)
    amounts = {_amounts(row, currency) for row in rows}
    amount = amounts.pop() if len(amounts) == 1 else "new budgets"
    match action.action_type:
        case "create_campaign":
            return f"create {things}{f' at {amount}' if amount else ''}"
        case "create_adset":
            return f"test {things} at {amount}"
        case "update_budget":
            return f"{things}: {amount}"
        case "promote_winner":
            return f"promote {things}"
        case _:
            return f"{action.action_type.partition('_')[0]} {things}"


def _things(rows: Sequence[ActionRow], known: Names) -> str:
    ids = [row.action.adset_id or row.action.campaign_id or "" for row in rows]
    found = [known.get(each, each) for each in ids]
    return ", ".join(found) if len(found) <= MANY else f"{len(found)} ad sets"


def _amounts(row: ActionRow, currency: str) -> str:
    before, after = row.action.before_minor, row.action.after_minor
    if after is None:
        return ""
    if before is None:
        return money.text(after, currency)
    return f"{money.text(before, currency)} → {money.text(after, currency)}"


def winner_lines(result: PersonaResult, known: Names) -> list[str]:
    """Each winner with the numbers that decided."""
    return [
        messages.winner_text(winner, result.person.currency).replace(
            f"ad set {winner.adset_id}", known.get(winner.adset_id, winner.adset_id)
        )
        for winner in result.winners
    ]


def hold_lines(result: PersonaResult) -> list[str]:
    """The reasons why something was not done, each once with its number."""
    counts = Counter(hold.reason for hold in result.holds)
    return [reason if count == 1 else f"{count}x {reason}" for reason, count in counts.items()]


def error_lines(result: PersonaResult) -> list[str]:
    """What is wrong with a goal, or what ended the person's run."""
    lines = [f"{error.goal_key}: {error.reason}" for error in result.errors]
    if result.failure:
        lines.append(result.failure.partition(":")[0])
    return lines + [
        f"{row.action.action_type}: {row.message}" for row in result.actions if row.status == "failed"
    ]


def reasons_in(results: Iterable[PersonaResult]) -> list[str]:
    """Every reason that occurs, sorted."""
    found: set[str] = set()
    for result in results:
        found |= {hold.reason for hold in result.holds} | {error.reason for error in result.errors}
        found |= {row.action.reason for row in result.actions}
    return sorted(found)
