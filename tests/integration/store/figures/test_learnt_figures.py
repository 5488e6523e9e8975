"""What is known of ad sets is stored, and which readings contradict it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from orchestrator.domain.records import LearntFigures
from orchestrator.domain.user_records import Intervention, Person
from orchestrator.store import Store
from tests.integration.store.conftest import Rows

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=6)
COLUMNS = "known_events, contradicting_events, contradicting_impressions, contradicted_at"


@pytest.fixture
def user(rows: Rows) -> UUID:
    return rows.user()


def figures(rows: Rows, ad_set_id: str) -> tuple[Any, ...]:
    return tuple(rows.one(f"select {COLUMNS} from ads_ad_sets where id = %(id)s", id=ad_set_id).values())


def learnt(
    user: UUID, ad_set_id: str, known: int | None, contradicting: tuple[int, int] | None = None
) -> LearntFigures:
    events, impressions = contradicting or (None, None)
    return LearntFigures(
        ad_set_id=ad_set_id,
        user_id=user,
        known_events=known,
        contradicting_events=events,
        contradicting_impressions=impressions,
    )


def test_a_contradiction_is_dated_from_its_first_reading_until_the_figures_are_back(
    store: Store, rows: Rows, user: UUID
):
    ad_set = rows.ad_set_of(user, rows.campaign_of(user), known_events=10)

    store.ad_objects.learn([learnt(user, ad_set, 10, (0, 900))], user_ids=[user], at=NOW)
    assert figures(rows, ad_set) == (10, 0, 900, NOW)

    store.ad_objects.learn([learnt(user, ad_set, 10, (1, 950))], user_ids=[user], at=LATER)
    assert figures(rows, ad_set) == (10, 1, 950, NOW)

    store.ad_objects.learn([], user_ids=[user], at=LATER)
    assert figures(rows, ad_set) == (10, None, None, None)


def test_what_a_person_accepted_since_the_reading_stays_accepted(store: Store, rows: Rows, user: UUID):
    ad_set = rows.ad_set_of(user, rows.campaign_of(user), known_events=2)

    store.ad_objects.learn([learnt(user, ad_set, 63, (2, 900))], user_ids=[user], at=NOW)

    assert figures(rows, ad_set) == (2, None, None, None)


def test_a_user_who_was_not_read_whole_keeps_what_contradicts(store: Store, rows: Rows, user: UUID):
    ad_set = rows.ad_set_of(user, rows.campaign_of(user), known_events=10)
    store.ad_objects.learn([learnt(user, ad_set, 10, (0, 900))], user_ids=[user], at=NOW)

    store.ad_objects.learn([], user_ids=[rows.user()], at=LATER)

    assert figures(rows, ad_set) == (10, 0, 900, NOW)


def test_more_is_known_and_nothing_is_learnt_of_another_users_ad_set(store: Store, rows: Rows, user: UUID):
    mine = rows.ad_set_of(user, rows.campaign_of(user))
    other = rows.user()
    theirs = rows.ad_set_of(other, rows.campaign_of(other), known_events=5)

    store.ad_objects.learn(
        [learnt(user, mine, 7), learnt(user, theirs, 99), learnt(user, "gone", 1)], user_ids=[user], at=NOW
    )

    assert figures(rows, mine) == (7, None, None, None)
    assert figures(rows, theirs) == (5, None, None, None)


def test_what_is_known_already_is_not_written(store: Store, rows: Rows, user: UUID):
    ad_set = rows.ad_set_of(user, rows.campaign_of(user), known_events=7)
    version = "select xmin, ctid from ads_ad_sets where id = %(id)s"
    before = rows.one(version, id=ad_set)

    store.ad_objects.learn([learnt(user, ad_set, 7)], user_ids=[user], at=NOW)

    assert rows.one(version, id=ad_set) == before


def test_accepting_reads_all_days_again_and_is_recorded_once(store: Store, rows: Rows, user: UUID):
    ad_set = rows.ad_set_of(user, rows.campaign_of(user), known_events=10)
    store.insight_days.save([], restated=[user], at=NOW)
    store.ad_objects.learn([learnt(user, ad_set, 10, (2, 900))], user_ids=[user], at=NOW)
    intervention = Intervention(
        user_id=user,
        goal_key=None,
        kind="accept_figures",
        made_by=Person(origin="user", name=str(user)),
    )

    for _ in range(2):
        store.ad_objects.accept_figures(intervention, [ad_set])

    assert figures(rows, ad_set) == (2, None, None, None)
    assert store.insight_days.restated_at([user]) == {user: None}
    assert rows.one("select details from ads_interventions where user_id = %(user)s", user=user) == {
        "details": {"ad_sets": [{"ad_set_id": ad_set, "before": 10, "after": 2}]}
    }


def test_removed_ad_sets_wait_for_nobody(store: Store, rows: Rows, user: UUID):
    campaign = rows.campaign_of(user)
    contradicted = {
        "known_events": 10,
        "contradicting_events": 0,
        "contradicting_impressions": 9,
        "contradicted_at": NOW,
    }
    rows.ad_set_of(user, campaign, status="DELETED", removed_at=NOW, **contradicted)
    paused = rows.ad_set_of(user, campaign, status="PAUSED", **contradicted)

    assert [each.ad_set_id for each in store.ad_objects.contradicted(user)] == [paused]
    assert store.ad_objects.contradicted(user, "presave") == []
