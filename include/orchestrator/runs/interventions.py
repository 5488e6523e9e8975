"""What a person decides about a user: accept figures that contradict what is known, resume a goal.

The command line, the users' API and the panel come here. Nothing is sent to the platform: the next run
works with what was decided.
"""

from __future__ import annotations

from uuid import UUID

from orchestrator.domain.goals import REGISTRY
from orchestrator.domain.user_records import AcceptedFigures, Intervention, Person, PersonsTurn
from orchestrator.errors import ConfigError
from orchestrator.store import Store


def persons_turn(store: Store, user_id: UUID) -> PersonsTurn:
    """What of a user waits for a person."""
    return PersonsTurn(
        contradicted=store.ad_objects.contradicted(user_id),
        paused_goals=store.ad_objects.paused_goals(user_id),
    )


def accept_figures(store: Store, user_id: UUID, goal_key: str | None, person: Person) -> AcceptedFigures:
    """Make the platform's latest figures what is known, where they contradict it.

    Args:
        store: the database.
        user_id: the user.
        goal_key: of this goal alone; null: of all.
        person: the author.

    Returns:
        The ad sets with their figures. Those with more events than impressions are left: they cannot be
        true, and sections of a plan stay held until the tracking is corrected.

    Raises:
        ConfigError: there is no such goal or user.
    """
    _check_goal(goal_key)
    _check_user(store, user_id)
    found = store.ad_objects.contradicted(user_id, goal_key)
    accepted = [each for each in found if each.can_be_accepted]
    intervention = Intervention(user_id=user_id, goal_key=goal_key, kind="accept_figures", made_by=person)
    store.ad_objects.accept_figures(intervention, [each.ad_set_id for each in accepted])
    return AcceptedFigures(accepted=accepted, impossible=[each for each in found if not each.can_be_accepted])


def resume_goal(store: Store, user_id: UUID, goal_key: str, person: Person) -> list[str]:
    """Permit the next run to resume the campaigns of a goal that was paused because nothing had one event.

    Args:
        store: the database.
        user_id: the user.
        goal_key: the goal.
        person: the author.

    Returns:
        The ids of the campaigns; none where the goal is not paused for it.

    Raises:
        ConfigError: there is no such goal or user.
    """
    _check_goal(goal_key)
    _check_user(store, user_id)
    intervention = Intervention(user_id=user_id, goal_key=goal_key, kind="resume_goal", made_by=person)
    return store.ad_objects.resume_goal(intervention)


def _check_goal(goal_key: str | None) -> None:
    if goal_key is not None and goal_key not in REGISTRY:
        raise ConfigError(f"there is no goal {goal_key!r}; there are {', '.join(sorted(REGISTRY))}")


def _check_user(store: Store, user_id: UUID) -> None:
    if not store.users.is_known(user_id):
        raise ConfigError(f"user {user_id} is not known")
