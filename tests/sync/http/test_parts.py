"""Budget, pacing, remembered answers, numbers: each part by itself."""

import datetime as dt
import logging
import threading

import pytest

from moderation.errors import TryLaterError
from sync.connector import Urgency
from sync.http import Budget, Counters, Pacing, Remembered, Sequence, Usage
from sync.http.answer import retry_after_seconds
from sync.http.conditional import Kept


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_people_go_before_the_outbox_before_polls_before_background() -> None:
    budget, order = Budget(parallel=1), []
    waiting = [Urgency.BACKGROUND, Urgency.POLL, Urgency.FLUSH, Urgency.PERSON]

    def enter(urgency: Urgency) -> None:
        with budget.slot(urgency):
            order.append(urgency)

    threads = [threading.Thread(target=enter, args=(urgency,)) for urgency in waiting]
    with budget.slot(Urgency.POLL):
        for thread in threads:
            thread.start()
        while len(budget._waiting) < len(waiting):
            threading.Event().wait(0.001)
    for thread in threads:
        thread.join(20)
    assert order == sorted(waiting)


def test_no_more_than_so_many_run_at_once() -> None:
    budget, inside, most, lock = Budget(parallel=3), 0, 0, threading.Lock()
    all_in = threading.Barrier(3)

    def work() -> None:
        nonlocal inside, most
        with budget.slot(Urgency.POLL):
            with lock:
                inside += 1
                most = max(most, inside)
            all_in.wait(20)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert most == 3


def test_a_rate_gives_tokens_with_time() -> None:
    clock = Clock()
    budget = Budget(parallel=4, rate=2.0, burst=3.0, patience=0.0, monotonic=clock)
    assert budget.left == 3.0
    for _ in range(3):
        with budget.slot(Urgency.PERSON):
            pass
    with pytest.raises(TryLaterError, match="budget_used_up") as caught, budget.slot(Urgency.PERSON):
        pass
    assert 0.4 < caught.value.seconds < 0.6
    clock.seconds += 0.5
    with budget.slot(Urgency.PERSON):
        pass
    clock.seconds += 60
    assert budget.left == 3.0, "no more than the burst is saved up"


def test_without_a_limit_nothing_is_counted() -> None:
    assert Budget().left is None


def test_back_off_doubles_and_is_forgotten() -> None:
    clock = Clock()
    pacing = Pacing("test", clock)
    assert [pacing.asked("x", None) for _ in range(7)] == [2, 4, 8, 16, 32, 60, 60]
    with pytest.raises(TryLaterError, match="community_asks_to_wait"):
        pacing.check()
    clock.seconds += 61
    pacing.check()
    pacing.worked()
    assert pacing.asked("x", None) == 2


def test_only_the_first_failure_and_the_recovery_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    pacing = Pacing("forum.example")
    for _ in range(5):
        pacing.failed("gateway_error")
    pacing.worked()
    pacing.worked()
    assert [record.message for record in caplog.records] == [
        "forum.example: gateway_error",
        "forum.example: answers again after gateway_error",
    ]


def test_remembered_answers_are_bounded_by_bytes_and_number() -> None:
    kept = Remembered(most_bytes=80, most_entries=5)
    for number in range(9):
        kept.put("me", f"/{number}", Kept("e", b"x" * 8, "json"))
    assert len(kept) == 5
    kept.put("me", "/large", Kept("e", b"x" * 11, "json"))
    assert kept.get("me", "/large") is None
    assert kept.get("me", "/8") is not None
    assert kept.get("official", "/8") is None, "accounts see different things"
    kept.forget()
    assert len(kept) == 0


def test_numbers_grow_from_what_is_known() -> None:
    sequence = Sequence(41)
    assert [sequence.next(), sequence.next(), sequence.last] == [42, 43, 43]


def test_usage_is_counted() -> None:
    counters = Counters()
    before = counters.usage
    counters.add(requests=2)
    counters.add(body=10)
    assert counters.usage - before == Usage(2, 10)


NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0), (" 1.5 ", 1.5), ("-3", 0.0), ("99999999", 86400.0), ("nan", None), ("soon", None),
        ("", None), (None, None),
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30.0), ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 -1200", None),
    ],
)  # fmt: skip
def test_retry_after_in_both_forms(text: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(text, NOW) == seconds
