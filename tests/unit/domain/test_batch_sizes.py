from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain.batch_sizes import batch_count, batch_of


@pytest.mark.parametrize(
    ("users", "users_per_batch", "batches"),
    [
        (0, 0, 0),
        (1, 0, 1),
        (49, 0, 49),
        (50, 0, 50),
        (51, 0, 4),
        (10_000, 0, 4),
        (10_001, 0, 5),
        (20_000, 0, 8),
        (80_000, 0, 32),
        (80_001, 0, 32),
        (100_000, 0, 32),
        (0, 5, 0),
        (5, 5, 1),
        (6, 5, 2),
        (1_000, 1, 1_000),
        (1_001, 1, 1_000),
        (100_000, 10, 1_000),
    ],
)
def test_as_many_batches_as(users: int, users_per_batch: int, batches: int):
    assert batch_count(users, users_per_batch) == batches


@given(
    users=st.integers(min_value=1, max_value=5_000), users_per_batch=st.integers(min_value=0, max_value=400)
)
def test_batches_are_full_in_order_and_of_equal_size(users: int, users_per_batch: int):
    batches = batch_count(users, users_per_batch)

    placed = [batch_of(position, users, batches) for position in range(users)]

    in_batch = Counter(placed)
    sizes = [in_batch[batch] for batch in range(batches)]
    assert placed == sorted(placed)
    assert sum(sizes) == users
    assert max(sizes) - min(sizes) <= 1
    assert users_per_batch == 0 or batches == 1_000 or max(sizes) <= users_per_batch
