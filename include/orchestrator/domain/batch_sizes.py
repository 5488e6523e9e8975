"""How the users of a run are put into batches. Pure."""

from __future__ import annotations

MAX_USERS_UNBATCHED = 50  # users: so many still get a task, a log and retries of their own
USERS_A_BATCH = 2_500  # by itself; a task costs as much as fifty quiet users
AT_LEAST, AUTOMATIC_AT_MOST = 4, 32  # batches: work for several cores; Airflow slows down with tasks
AT_MOST = 1000  # batches, whatever was requested: Airflow's own limit of a mapped task is 1024


def batch_count(users: int, users_per_batch: int) -> int:
    """The number of batches for ``users`` users; ``users_per_batch`` 0 means automatic."""
    if users_per_batch > 0:
        return min(-(-users // users_per_batch), AT_MOST)
    if users <= MAX_USERS_UNBATCHED:
        return users
    return min(max(-(-users // USERS_A_BATCH), AT_LEAST), AUTOMATIC_AT_MOST)


def batch_of(position: int, users: int, batches: int) -> int:
    """The batch of the user at ``position``, in order; sizes differ by one at most."""
    return position * batches // users
