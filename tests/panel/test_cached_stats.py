"""What is read of everybody is read once in a while, and nobody waits for the second reading."""

from __future__ import annotations

from threading import Event

from ads_orchestrator_airflow.panel.cached_stats import StaleWhileRevalidate


def test_an_answer_is_kept():
    read: list[str] = []
    remembered: StaleWhileRevalidate[str, int] = StaleWhileRevalidate(
        lambda question: read.append(question) or len(read), 60
    )

    assert [remembered("a"), remembered("a"), remembered("b")] == [1, 1, 2]
    remembered.forget()
    assert remembered("a") == 3


def test_an_old_answer_is_given_while_a_new_one_is_read():
    asked_again, may_answer = Event(), Event()
    answers = iter([1, 2])

    def read(_: None) -> int:
        answer = next(answers)
        if answer == 2:
            asked_again.set()
            may_answer.wait()
        return answer

    remembered: StaleWhileRevalidate[None, int] = StaleWhileRevalidate(read, -1)  # old at once
    assert remembered(None) == 1
    assert remembered(None) == 1
    assert asked_again.wait(10)
    assert remembered(None) == 1
    may_answer.set()
    with remembered._lock:  # free when the reading is done
        assert remembered._kept[None][1] == 2
