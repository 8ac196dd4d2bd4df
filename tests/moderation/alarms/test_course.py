"""The course of alarms: raised once, ended once, and one that comes and goes is one alarm."""

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.alarms.course import AGAIN, GONE, follow
from moderation.alarms.model import Alarm, AlarmKind, Condition, Observed
from moderation.ids import Kind
from tests.factory import at, ref

FORUM, THREAD = ref(Kind.FORUM, 1), ref(Kind.THREAD, 7)
UNCOVERED = Condition(AlarmKind.UNCOVERED, FORUM, FORUM, {"followers": 0})
OVERDUE = Condition(AlarmKind.OVERDUE, THREAD, FORUM, {"late_s": 60.0})


class Course:
    """Alarms of a community, looked at again and again."""

    def __init__(self) -> None:
        self.known: dict[str, Alarm] = {}
        self.told: list[str] = []

    def look(self, seconds: float, *conditions: Condition, undecided: Condition | None = None) -> "Course":
        keys = frozenset({undecided.key}) if undecided else frozenset()
        step = follow(self.known.values(), Observed(conditions, keys), at(seconds))
        self.told += [alarm.id for alarm in step.raised]
        self.known |= {alarm.key: alarm for alarm in (*step.raised, *step.changed)}
        return self

    @property
    def active(self) -> list[str]:
        return [alarm.id for alarm in self.known.values() if alarm.active]


def test_what_lasts_is_told_once() -> None:
    course = Course()
    for turn in range(5):
        course.look(turn * 300, UNCOVERED, OVERDUE)
    assert course.told == [UNCOVERED.key, OVERDUE.key]
    assert course.known[OVERDUE.key].raised_at == at(0)
    assert course.known[OVERDUE.key].seen_at == at(1200)


def test_an_answer_ends_at_once_what_waited_for_it() -> None:
    assert Course().look(0, OVERDUE).look(300).active == []


def test_a_forum_must_be_covered_for_a_while() -> None:
    course = Course().look(0, UNCOVERED).look(300)
    assert course.active == [UNCOVERED.key]
    assert course.look(300 + GONE[AlarmKind.UNCOVERED].total_seconds() - 1).active == [UNCOVERED.key]
    assert course.look(300 + GONE[AlarmKind.UNCOVERED].total_seconds()).active == []


def test_one_that_flaps_is_one_alarm() -> None:
    course = Course()
    for turn in range(40):
        course.look(turn * 1800, *([UNCOVERED] if turn % 4 == 0 else []))
    assert course.told == [UNCOVERED.key]


def test_what_comes_back_much_later_is_another_alarm() -> None:
    course = Course().look(0, OVERDUE).look(300)
    ended = 300.0
    course.look(ended + AGAIN.total_seconds() - 1, OVERDUE).look(ended + AGAIN.total_seconds())
    assert course.told == [OVERDUE.key]
    again = ended + 2 * AGAIN.total_seconds()
    assert course.look(again, OVERDUE).told == [OVERDUE.key, f"{OVERDUE.key}.2"]


def test_what_cannot_be_told_neither_begins_nor_ends() -> None:
    course = Course().look(0, undecided=UNCOVERED)
    assert course.told == []
    course.look(300, UNCOVERED).look(600)
    for turn in range(30):
        course.look(900 + turn * 300, undecided=UNCOVERED)
    assert course.active == [UNCOVERED.key]
    assert course.look(20_000).active == [UNCOVERED.key]  # the hour begins anew


def test_a_kind_that_was_not_judged_stays() -> None:
    alarm = Course().look(0, OVERDUE).known[OVERDUE.key]
    step = follow([alarm], Observed(unseen=frozenset({AlarmKind.OVERDUE})), at(9000))
    assert not step.changed


def test_who_saw_to_what_was_due_sees_to_it_overdue() -> None:
    due = Condition(AlarmKind.DUE_SOON, THREAD, FORUM)
    course = Course().look(0, due)
    owned = replace(course.known[due.key], owner="c:member:9", owner_name="Ines", owned_at=at(5))
    course.known[due.key] = owned
    course.look(300, OVERDUE)
    assert course.known[OVERDUE.key].owner == "c:member:9"
    assert course.active == [OVERDUE.key]


@pytest.mark.parametrize("kind", AlarmKind)
def test_every_kind_ends(kind: AlarmKind) -> None:
    assert GONE[kind] < timedelta(hours=2)
