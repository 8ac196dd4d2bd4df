"""Which private places are read, and how often."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.cases import Case, CaseState, CaseStep
from moderation.errors import TryLaterError
from moderation.ids import Kind, Ref
from moderation.intents import IntentState
from moderation.records import Batch
from sync.connector import Known, ThreadFacts, Urgency
from sync.engine.case_places import CasePlaces
from tests.fakes.clock import FakeClock
from tests.fakes.desk import FakeTeam

NAME = "quillby.example"


def thread(number: int) -> Ref:
    return Ref(NAME, Kind.THREAD, f"chat-{number}")


class Server:
    """Answers nothing, and remembers what it was asked for; what a mirror would know stands beside it."""

    def __init__(self, clock: FakeClock, pause: float = 0.0) -> None:
        self.clock, self.pause = clock, pause
        self.asked: list[list[Ref]] = []
        self.known_forums: dict[Ref, bool | None] = {}
        self.quiet: dict[Ref, timedelta] = {}
        self.refuses = ""

    def poll_pause(self) -> float:
        return self.pause

    def fetch(self, refs: Iterable[Ref], known: Known, urgency: Urgency = Urgency.PERSON) -> Iterator[Batch]:
        self.asked.append(list(refs))
        if self.refuses:
            raise TryLaterError(self.refuses)
        yield Batch((), {})

    def threads(self, refs: Iterable[Ref]) -> dict[Ref, ThreadFacts]:
        now = self.clock.now()
        return {ref: ThreadFacts(now - self.quiet[ref], 1, 1, True) for ref in refs if ref in self.quiet}

    def forums(self) -> dict[Ref, bool | None]:
        return self.known_forums


class Ground:
    """Cases, their places, and the clock."""

    def __init__(self, cases: int, pause: float = 0.0) -> None:
        self.clock, self.team = FakeClock(), FakeTeam()
        self.server = Server(self.clock, pause)
        self.places = CasePlaces(NAME, self.team, self.clock)
        for number in range(1, cases + 1):
            self.team.open_case(case(number, self.clock))
            self.team.note_step(made(number, f"thread:chat-{number}@room.1"))

    def read(self) -> list[Ref]:
        """What is asked for now."""
        before = len(self.server.asked)
        list(self.places.read(self.server, self.server))  # type: ignore[arg-type]
        return [ref for refs in self.server.asked[before:] for ref in refs]

    def later(self, seconds: float) -> list[Ref]:
        """What is asked for after some time."""
        self.clock.advance(seconds)
        return self.read()


def case(number: int, clock: FakeClock) -> Case:
    member = str(Ref(NAME, Kind.MEMBER, str(number)))
    public = str(Ref(NAME, Kind.THREAD, str(number)))
    return Case(
        f"case-{number}", NAME, public, "Invoice", member, "Maren", "continue", "chat", member, "ada", clock.now()
    )


def made(number: int, receipt: str, what: str = "thread", target: str = "") -> CaseStep:
    target = target or str(Ref(NAME, Kind.MEMBER, str(number)))
    state = IntentState.CONFIRMED
    return CaseStep(f"{what}-{number}", f"case-{number}", NAME, "place", target, state, what, receipt)


def test_a_new_place_is_read_at_once_and_then_as_often_as_something_is_said() -> None:
    ground = Ground(1)
    assert ground.read() == [thread(1)]
    ground.server.quiet[thread(1)] = timedelta(minutes=5)
    assert ground.later(30) == []
    assert ground.later(31) == [thread(1)]
    ground.server.quiet[thread(1)] = timedelta(hours=3)
    assert ground.later(200) == []
    assert ground.later(101) == [thread(1)]
    ground.server.quiet[thread(1)] = timedelta(days=3)
    assert ground.later(1700) == []
    assert ground.later(101) == [thread(1)]


def test_a_few_at_a_time_the_latest_first() -> None:
    ground = Ground(6)
    first = ground.read()
    assert len(first) == 4
    assert set(ground.read()) == {thread(n) for n in range(1, 7)} - set(first)
    assert ground.read() == []


def test_where_requests_are_limited_one_at_every_third_poll() -> None:
    ground = Ground(3, pause=60.0)
    asked = [ground.read(), *(ground.later(60) for _ in range(6))]
    assert [len(refs) for refs in asked] == [1, 0, 0, 1, 0, 0, 1]
    assert len({ref for refs in asked for ref in refs}) == 3


def test_what_is_over_is_read_no_more() -> None:
    ground = Ground(2)
    ground.team.set_case_state(NAME, "case-1", CaseState.CLOSED)
    assert ground.read() == [thread(2)]
    ground.team.set_case_state(NAME, "case-2", CaseState.UNDONE)
    assert ground.later(1e5) == []


def test_a_forum_of_which_nothing_is_known_is_asked_for_now_and_then() -> None:
    ground = Ground(0)
    ground.team.open_case(replace(case(9, ground.clock), place="category"))
    forum = Ref(NAME, Kind.FORUM, "17")
    ground.team.note_step(made(9, "forum:17@place.1", "forum"))
    assert ground.read() == [forum]
    assert ground.later(300) == []
    assert ground.later(301) == [forum]
    ground.server.known_forums[forum] = True
    assert ground.later(1e5) == []


def test_a_plan_without_room_is_no_failure_and_an_outage_is() -> None:
    ground = Ground(1)
    ground.server.refuses = "budget_used_up"
    assert ground.read() == [thread(1)]
    ground.server.refuses = "server_error"
    with pytest.raises(TryLaterError):
        ground.later(2000)


def test_whoever_asks_for_what_is_new_gets_all_of_them_once() -> None:
    ground = Ground(3, pause=60.0)
    ground.read()
    ground.places.asked()
    assert len(ground.read()) == 3
    assert ground.later(60) == []
