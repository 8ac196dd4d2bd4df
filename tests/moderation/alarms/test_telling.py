"""Alarms in words, quiet hours, and when a message is tried again."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from moderation.alarms.delivery import LONGEST_PAUSE, next_try
from moderation.alarms.model import Alarm, AlarmKind
from moderation.alarms.quiet import QuietHours, parse_quiet
from moderation.alarms.telling import MOST_LINES, Named, heading, message, sentence
from moderation.errors import NotAllowedError
from moderation.ids import Kind
from resources import messages
from tests.factory import at, ref

FORUM, THREAD = ref(Kind.FORUM, 1), ref(Kind.THREAD, 7)
FACTS = {
    AlarmKind.OVERDUE: {"late_s": 7200.0, "goal_s": 14400.0},
    AlarmKind.DUE_SOON: {"left_s": 900.0, "goal_s": 14400.0},
    AlarmKind.UNUSUAL_WAIT: {"waits_s": 90000.0, "usual_s": 3600.0},
    AlarmKind.UNCOVERED: {"followers": 2},
    AlarmKind.ONLY_ABSENT: {"followers": 2},
    AlarmKind.UNUSUAL_VOLUME: {"reports": 9, "usual_reports": 0.5, "unhappy": 3, "usual_unhappy": 1.0},
}


def named(kind: AlarmKind, title: str = "Router reboots", number: int = 1) -> Named:
    subject = THREAD if kind in {AlarmKind.OVERDUE, AlarmKind.DUE_SOON, AlarmKind.UNUSUAL_WAIT} else FORUM
    alarm = Alarm(f"{kind}:{subject}{number}", 1, kind, subject, FORUM, FACTS[kind], at(number), at(number))
    return Named(alarm, "Routers", title)


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize("kind", AlarmKind)
def test_every_kind_has_a_whole_sentence(kind: AlarmKind, language: str) -> None:
    said = sentence(partial(messages.text, language=language), named(kind))
    assert "Routers" in said
    assert not set("{}‹") & set(said)


def test_what_the_sentences_say() -> None:
    words = partial(messages.text, language="en")
    assert (
        sentence(words, named(AlarmKind.OVERDUE))
        == "“Router reboots” in Routers is overdue by 2 h 0 min of working time."
    )
    assert "9 reports and 3 unhappy posts" in sentence(words, named(AlarmKind.UNUSUAL_VOLUME))
    assert "usual at this time are 0.5 and 1" in sentence(words, named(AlarmKind.UNUSUAL_VOLUME))
    assert "“thread 7”" in sentence(words, named(AlarmKind.OVERDUE, title=""))


def test_the_gravest_stand_first_and_what_is_too_much_is_counted() -> None:
    words = partial(messages.text, language="en")
    many = [*(named(AlarmKind.OVERDUE, f"Thread {n}", n) for n in range(MOST_LINES)), named(AlarmKind.UNUSUAL_VOLUME)]
    lines = message(words, many)
    assert len(lines) == MOST_LINES + 1
    assert "reports" in lines[0]
    assert "Thread 0" in lines[1]
    assert lines[-1] == "and 1 more"
    assert heading(words, "Quillby", 13) == "Quillby: 13 alarms"


@pytest.mark.parametrize(
    ("hour", "minute", "over"),
    [(21, 59, None), (22, 0, (8, 7)), (23, 30, (8, 7)), (6, 59, (7, 7)), (7, 0, None), (12, 0, None)],
)
def test_quiet_hours_over_midnight(hour: int, minute: int, over: tuple[int, int] | None) -> None:
    quiet = parse_quiet("22:00-07:00", "UTC")
    now = datetime(2026, 3, 7, hour, minute, tzinfo=UTC)
    assert quiet.over_at(now) == (now if over is None else datetime(2026, 3, *over, tzinfo=UTC))


def test_quiet_hours_keep_the_clock_of_their_zone() -> None:
    quiet = parse_quiet("22:00-07:00", "Europe/Berlin")
    before_the_clock_moves = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    assert quiet.over_at(before_the_clock_moves) == datetime(2026, 3, 29, 5, 0, tzinfo=UTC)


def test_no_quiet_hours_hold_nothing_back() -> None:
    assert QuietHours().over_at(at(0)) == at(0)
    assert parse_quiet("", "UTC") == QuietHours()


@pytest.mark.parametrize(("text", "zone"), [("22-7", "UTC"), ("25:00-07:00", "UTC"), ("22:00-07:00", "Nowhere")])
def test_odd_hours_are_refused(text: str, zone: str) -> None:
    with pytest.raises(NotAllowedError):
        parse_quiet(text, zone)


def test_tries_are_ever_further_apart() -> None:
    pauses = [next_try(tries, at(0)) - at(0) for tries in range(1, 12)]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=30)
    assert pauses[-1] == LONGEST_PAUSE
    assert next_try(1, at(0), asked_s=600) == at(600)
