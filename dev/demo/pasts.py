"""Short forms of which the personas are declared: tests, copies, campaigns, creatives, goals."""

from __future__ import annotations

from collections.abc import Sequence

from demo.personas import AdDay, Days, PastAd, PastAdSet, PastCampaign, PersonaCreative, Review

THREE_AUDIENCES = ("broad", "lookalike", "fans")


def steady(days: int, spend_minor: int, impressions: int, events: int) -> Days:
    """The same figures on each of so many days."""
    return (AdDay(spend_minor, impressions, events),) * days


def a_test(audience: str, idea: str, budget_minor: int, days: Days, review: Review = "APPROVED") -> PastAdSet:
    """One test cell: an ad set with one ad."""
    return PastAdSet(
        name=f"{audience} {idea}",
        audience=audience,
        creative=idea,
        daily_budget_minor=budget_minor,
        ads=(PastAd(idea, days, review),),
        age_days=len(days),
    )


def a_copy(audience: str, idea: str, days: Days) -> PastAdSet:
    """The copy of a test cell that won, in a scaling campaign."""
    return PastAdSet(
        name=f"{audience} {idea} scaled",
        audience=audience,
        creative=idea,
        daily_budget_minor=None,
        ads=(PastAd(idea, days),),
        age_days=len(days),
        copy_of=f"{audience} {idea}",
    )


def learning(goal_key: str, *tests: PastAdSet, paused_by_hand: bool = False) -> PastCampaign:
    """A learning campaign (ABO)."""
    return PastCampaign(
        name=f"{goal_key} · testing",
        goal_key=goal_key,
        role="testing",
        ad_sets=tests,
        paused_by_hand=paused_by_hand,
    )


def halves(goal_key: str, idea: str, *days: Days, paused_by_hand: bool = False) -> PastCampaign:
    """A learning campaign that tests one creative with two audiences, with $10.00 each."""
    tests = zip(THREE_AUDIENCES[:2], days, strict=True)
    return learning(
        goal_key,
        *(a_test(audience, idea, 1_000, past) for audience, past in tests),
        paused_by_hand=paused_by_hand,
    )


def thirds(
    goal_key: str, idea: str, *days: Days, reviews: Sequence[Review] = ("APPROVED",) * 3
) -> PastCampaign:
    """A learning campaign that tests one creative with three audiences, with a third of $20.00 each."""
    tests = zip(THREE_AUDIENCES, (667, 667, 666), days, reviews, strict=True)
    return learning(
        goal_key, *(a_test(audience, idea, budget, past, review) for audience, budget, past, review in tests)
    )


def scaling(goal_key: str, budget_minor: int, *copies: PastAdSet) -> PastCampaign:
    """A scaling campaign (CBO)."""
    return PastCampaign(
        name=f"{goal_key} · scaling",
        goal_key=goal_key,
        role="scaling",
        ad_sets=copies,
        daily_budget_minor=budget_minor,
    )


def creatives(goal_key: str, *names: str, status: str = "approved") -> tuple[PersonaCreative, ...]:
    """Creatives of one goal, the newest first."""
    return tuple(
        PersonaCreative(name=name, goal_key=goal_key, status=status, age_days=20 + age)
        for age, name in enumerate(names)
    )


def goal(priority: int = 5, **others: object) -> dict[str, object]:
    """One active goal's settings."""
    return {"is_active": True, "priority": priority, **others}
