"""How a daily budget is divided: among the goals, and among equals. Exact, and nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence

from orchestrator.model import Goal


def divided(amount: int, weights: Sequence[int]) -> list[int]:
    """Divide ``amount`` in proportion to ``weights`` by the method of largest remainders.

    Each gets its floor, then one minor unit each goes to the largest remainders, ties in order.

    Args:
        amount: Minor units, at least 0.
        weights: At least 0 each, not all 0.

    Returns:
        One share a weight; together they are ``amount``.
    """
    whole = sum(weights)
    shares = [amount * weight // whole for weight in weights]
    largest_first = sorted(range(len(weights)), key=lambda i: -(amount * weights[i] % whole))
    for i in largest_first[: amount - sum(shares)]:
        shares[i] += 1
    return shares


def equal_shares(amount: int, n: int) -> list[int]:
    """Divide ``amount`` among ``n`` (at least 1): the floor, and one more for the first ``amount mod n``."""
    floor, more = divmod(amount, n)
    return [floor + 1] * more + [floor] * (n - more)


def goal_budgets(goals: Sequence[Goal], total: int) -> list[int]:
    """Divide the daily ``total`` among active goals in goal order: first the hints, then by priority.

    Hints that exceed ``total`` share it in proportion and leave nothing to the others. A goal
    without a hint gets at least its ``minimum_daily_budget_minor`` or 0.

    Returns:
        One budget a goal; together at most ``total``.
    """
    hints = [goal.budget_hint_minor for goal in goals]
    hinted = [i for i, hint in enumerate(hints) if hint is not None]
    given = [hints[i] or 0 for i in hinted]
    if sum(given) > total:
        given = divided(total, given)
    budgets = dict(zip(hinted, given, strict=True))
    others = [i for i, hint in enumerate(hints) if hint is None]
    budgets |= _by_priority(goals, others, total - sum(given))
    return [budgets.get(i, 0) for i in range(len(goals))]


def _by_priority(goals: Sequence[Goal], takers: list[int], rest: int) -> dict[int, int]:
    """Drop the last goal below its minimum until every taker reaches its own."""
    while takers:
        shares = divided(rest, [goals[i].priority for i in takers])
        pairs = list(zip(takers, shares, strict=True))
        short = [i for i, share in pairs if share < goals[i].minimum_daily_budget_minor]
        if not short:
            return dict(pairs)
        takers = [i for i in takers if i != short[-1]]
    return {}


def split(budget: int, learning_share_bp: int) -> tuple[int, int]:
    """The learning and the scaling part of a goal's budget, the learning part rounded half up."""
    learning = (budget * learning_share_bp + 5000) // 10000
    return learning, budget - learning
