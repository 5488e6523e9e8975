"""How a daily budget is divided: among the goals, and among equals. Exact, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orchestrator.domain.model import Goal


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
    budgets = _hinted(goals, total)
    *_, final = [{}, *_divisions(goals, total - sum(budgets.values()))]
    return [(budgets | final).get(i, 0) for i in range(len(goals))]


def last_offer(goals: Sequence[Goal], total: int, place: int) -> int:
    """What the goal at ``place`` got by priority in the last division it took part in; 0 in none.

    Below its minimum it is out of the divisions that follow, and ``goal_budgets`` gives it nothing.
    """
    rest = total - sum(_hinted(goals, total).values())
    return [0, *(shares[place] for shares in _divisions(goals, rest) if place in shares)][-1]


def _hinted(goals: Sequence[Goal], total: int) -> dict[int, int]:
    """What the goals with a hint get, by place."""
    hints = {i: goal.budget_hint_minor for i, goal in enumerate(goals) if goal.budget_hint_minor is not None}
    if sum(hints.values()) <= total:
        return hints
    return dict(zip(hints, divided(total, list(hints.values())), strict=True))


def _divisions(goals: Sequence[Goal], rest: int) -> Iterator[dict[int, int]]:
    """By priority, again and again without the last goal below its minimum, until every one has its own.

    The last division is the one that counts; it is empty when no goal has its minimum.
    """
    takers = [i for i, goal in enumerate(goals) if goal.budget_hint_minor is None]
    while takers:
        pairs = list(zip(takers, divided(rest, [goals[i].priority for i in takers]), strict=True))
        yield dict(pairs)
        short = [i for i, share in pairs if share < goals[i].minimum_daily_budget_minor]
        if not short:
            return
        takers = [i for i in takers if i != short[-1]]
    yield {}


def split(budget: int, learning_share_bp: int) -> tuple[int, int]:
    """The learning and the scaling part of a goal's budget, the learning part rounded half up."""
    learning = (budget * learning_share_bp + 5000) // 10000
    return learning, budget - learning
