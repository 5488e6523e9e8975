"""The cache of fleet statistics: loads are rare, and a reload delays no reader."""

from __future__ import annotations

from threading import Event

from ads_orchestrator_airflow.panel.cached_stats import StaleWhileRevalidate


def test_a_fresh_value_is_served_without_a_load():
    loads: list[str] = []
    cache: StaleWhileRevalidate[str, int] = StaleWhileRevalidate(
        lambda key: loads.append(key) or len(loads), 60
    )

    assert [cache("a"), cache("a"), cache("b")] == [1, 1, 2]
    cache.clear()
    assert cache("a") == 3


def test_a_stale_value_is_served_during_its_reload():
    reload_started, reload_may_end = Event(), Event()
    values = iter([1, 2])

    def load(_: None) -> int:
        value = next(values)
        if value == 2:
            reload_started.set()
            reload_may_end.wait()
        return value

    cache: StaleWhileRevalidate[None, int] = StaleWhileRevalidate(load, -1)  # stale at once
    assert cache(None) == 1
    assert cache(None) == 1
    assert reload_started.wait(10)
    assert cache(None) == 1
    reload_may_end.set()
    with cache._lock:  # released after the reload
        assert cache._values[None][1] == 2


def test_a_value_that_was_read_before_a_clear_is_not_served_after_it():
    reads: list[int] = []

    def load(_: None) -> int:
        reads.append(len(reads))
        if len(reads) == 1:
            cache.clear()  # as an operator's switch does while the old state is on its way
        return reads[-1]

    cache: StaleWhileRevalidate[None, int] = StaleWhileRevalidate(load, 60)

    assert [cache(None), cache(None), cache(None)] == [0, 1, 1]
