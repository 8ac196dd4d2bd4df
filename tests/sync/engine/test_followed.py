"""Which threads the staff follow, read after a walk: who is due, in which order, and whom nothing spoils."""

import json
from datetime import timedelta

import pytest

from moderation.errors import TryLaterError
from moderation.following.threads import FollowedThreads
from moderation.ids import Kind, Ref
from moderation.people import Person, parse_terms
from sync.connector import Known, ThreadsTold
from sync.engine import followed
from sync.engine.followed import FollowedInStep
from sync.parts.staff import PEOPLE
from tests.conformance.memory import MemoryMirror
from tests.factory import HERE, at, ref
from tests.fakes.clock import FakeClock
from tests.fakes.desk import FakeTeam

ONE, TWO = ref(Kind.THREAD, 1), ref(Kind.THREAD, 2)


class Server:
    """Answers what it was told to; remembers who was asked for."""

    def __init__(self) -> None:
        self.lists: dict[str, ThreadsTold | None] = {}
        self.asked: list[str] = []
        self.broken = ""

    def threads_followed(self, member: Ref, name: str, known: Known) -> ThreadsTold | None:
        """By name."""
        assert member.native in json.loads(known.cursor(PEOPLE) or "{}")
        self.asked.append(name)
        if name == self.broken:
            raise TryLaterError("server_trouble")
        return self.lists.get(name, ThreadsTold((ONE,)))


class Place:
    """A step over a team in memory."""

    def __init__(self) -> None:
        self.clock, self.team, self.server, self.mirror = FakeClock(at(0)), FakeTeam(), Server(), MemoryMirror()
        people = {str(number): f"member-{number}" for number in (7, 8, 9)}
        self.mirror.cursors[PEOPLE] = json.dumps(people)
        for number in (7, 8, 9):
            self.team.keep_person(Person(f"p{number}", f"Person {number}", (who(number),)))
        self.step = FollowedInStep(HERE, self)  # type: ignore[arg-type]

    def known(self, community: str) -> MemoryMirror:
        """What the mirror knows."""
        assert community == HERE
        return self.mirror

    def read(self, *, asked: bool = False) -> list[str]:
        """Who was asked for."""
        self.server.asked.clear()
        for _ in self.step.read(self.server, asked=asked):  # type: ignore[arg-type]
            pass
        return list(self.server.asked)


@pytest.fixture
def place() -> Place:
    return Place()


def who(number: int) -> Ref:
    return ref(Kind.MEMBER, number)


def test_everybody_once_and_again_when_it_is_old(place: Place) -> None:
    place.server.lists["member-8"] = ThreadsTold(why="right_missing")
    assert place.read() == ["member-7", "member-8", "member-9"]
    kept = place.team.followed_threads(HERE)
    assert {one.native: (told.threads, told.why) for one, told in kept.items()} == {
        "7": ((ONE,), ""), "8": ((), "right_missing"), "9": ((ONE,), ""),
    }  # fmt: skip
    assert place.read() == []
    assert place.read(asked=True) == []
    place.clock.advance(61)
    assert place.read() == []
    assert place.read(asked=True) == ["member-7", "member-8", "member-9"]
    place.clock.advance(6 * 3600)
    assert len(place.read()) == 3


def test_what_a_colleague_has_read_is_not_read_again_and_not_spoiled(place: Place) -> None:
    place.team.keep_followed_threads(FollowedThreads(who(7), at(0) - timedelta(hours=5), (TWO,)))
    assert place.read() == ["member-8", "member-9"]
    place.clock.advance(3600)
    place.server.lists["member-7"] = ThreadsTold(why="right_missing")
    assert place.read() == ["member-7"]
    assert place.team.followed_threads(HERE)[who(7)].threads == (TWO,)
    assert place.read() == []


def test_a_few_at_a_time_the_longest_unread_first(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followed, "AT_ONCE", 2)
    place.team.keep_followed_threads(FollowedThreads(who(7), at(0) - timedelta(days=1), (TWO,)))
    assert place.read() == ["member-8", "member-9"]
    assert place.read() == ["member-7"]


def test_who_left_the_staff_is_forgotten(place: Place) -> None:
    place.read()
    place.team.keep_person(Person("p8", "Person 8", (who(8),), parse_terms(["..2020-01-01"])))
    place.team.drop_person("p9")
    place.mirror.cursors[PEOPLE] = json.dumps({"7": "member-7"})
    place.read()
    assert list(place.team.followed_threads(HERE)) == [who(7)]


def test_whose_list_breaks_the_walk_does_not_stand_before_the_others_again(place: Place) -> None:
    place.server.broken = "member-7"
    with pytest.raises(TryLaterError):
        place.read()
    assert place.read() == ["member-8", "member-9"]


def test_where_the_budget_has_to_last_it_goes_on_later(place: Place) -> None:
    place.server.lists["member-8"] = None
    assert place.read() == ["member-7", "member-8"]
    del place.server.lists["member-8"]
    assert place.read() == ["member-8", "member-9"]


def test_a_connector_that_tells_nothing_is_asked_nothing(place: Place) -> None:
    assert list(place.step.read(object())) == []  # type: ignore[arg-type]
    assert place.team.followed_threads(HERE) == {}
