"""Alarms at the desk, over a real team store: a look, who sees to one, silence, and telling each once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from moderation.alarms.delivery import TAKEN_FOR, TRIES, Channel, Told
from moderation.alarms.model import AlarmKind
from moderation.alarms.quiet import parse_quiet
from moderation.alarms.telling import Words
from moderation.alarms.unhappy import Unhappy
from moderation.alarms.volume import Volume
from moderation.content import Member, Thread, Unreadable
from moderation.coverage.ports import Promised
from moderation.coverage.rules import CoverageRules
from moderation.desk import Bench
from moderation.desk.alarm_telling import AlarmTelling
from moderation.desk.alarms import Alarms
from moderation.desk.coverage import Coverage
from moderation.desk.following import FollowingDesk
from moderation.errors import (
    ConflictError,
    MarqueeError,
    NotAllowedError,
    RefusedError,
    StoreError,
    TryLaterError,
    UnclearError,
    UnknownIdError,
)
from moderation.following.grid import Grid
from moderation.ids import Kind, Ref
from moderation.people import Person
from moderation.ports import Journal, Mirror
from moderation.privacy.dismissals import Found
from resources import messages
from sync.team import open_team
from sync.vault import Vault
from tests.fakes.clock import FakeClock, FakeIds
from tests.fakes.desk import FakeEngine
from tests.moderation.coverage.held_out import HERE, RULES, STAFF, wall
from tests.moderation.desk.test_coverage import AS_OF, KeptMirror

SARA = Ref(HERE, Kind.MEMBER, "sara")
HELP = Ref(HERE, Kind.FORUM, "help")


@dataclass
class WatchedMirror(KeptMirror):
    """The same, with threads by name and what the staff follows: nothing."""

    volumes: dict[str, list[Volume]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    exposed: set[str] = field(default_factory=set)
    asked_weeks: list[int] = field(default_factory=list)

    def known_members(self, members: Sequence[Ref]) -> dict[Ref, Member]:
        return {}

    def followers(self, community: str) -> dict[Ref, datetime]:
        return {SARA: AS_OF}

    def unreadable(self, community: str) -> list[Unreadable]:
        return []

    def grid(self, forums: Sequence[Ref], members: Sequence[Ref]) -> Grid:
        return Grid.empty(list(forums), list(members))

    def thread(self, thread: Ref) -> Thread:
        place = "staff-room" if thread.native in self.hidden else "help"
        return Thread(thread, Ref(HERE, Kind.FORUM, place), f"Title of {thread.native}", None, None, AS_OF)

    def found(self, posts: Sequence[Ref]) -> dict[str, Found]:
        spots = [cast(Any, "spot")]
        return {str(ref): cast(Found, _Standing(spots)) for ref in posts if ref.native in self.exposed}

    def volume(
        self, community: str, until_ms: int, weeks: int, unhappy: Unhappy, leave_out: frozenset[str]
    ) -> dict[str, list[Volume]]:
        self.asked_weeks.append(weeks)
        return {forum: told[: weeks + 1] for forum, told in self.volumes.items()}


@dataclass
class _Standing:
    standing: list[Any]


@dataclass
class Ways:
    """Channels that a test names."""

    told_in: list[Channel] = field(default_factory=list)

    def channels(self) -> Sequence[Channel]:
        return self.told_in

    def unhappy(self) -> Unhappy:
        return lambda text: False


@dataclass
class Heard:
    """A channel that keeps what it hears, or fails as told."""

    said: list[tuple[str, list[str], str]] = field(default_factory=list)
    trouble: MarqueeError | None = None

    def say(self, title: str, lines: Sequence[str], key: str) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.said.append((title, list(lines), key))


def words_of(language: str) -> Words:
    return partial(messages.text, language=language)


class Room:
    """A desk with a channel beside it."""

    def __init__(self, home: Path) -> None:
        self.clock = FakeClock(AS_OF)
        self.mirror = WatchedMirror()
        self.team = open_team(Vault(home, bytes(32)), self.clock.now)
        self.ways, self.heard = Ways(), Heard()
        ids = FakeIds(self.clock)
        bench = Bench(cast(Mirror, self.mirror), cast(Journal, None), self.team, FakeEngine(), self.clock, ids)
        rules = CoverageRules(forums={f"{HERE}:forum:{name}": one for name, one in RULES.items()})
        self.promises = Promised(rules, STAFF)
        following, coverage = FollowingDesk(bench, self.promises), Coverage(bench, self.promises)
        self.desk = Alarms(bench, following, coverage, self.promises, self.ways)
        self.telling = AlarmTelling(
            self.team, self.desk.named, lambda channel: self.heard, words_of, lambda: {HERE: "Quillby"}, self.clock, ids
        )

    def raised(self) -> list[str]:
        return sorted(alarm.id.replace(f"{HERE}:", "") for alarm in self.desk.look(HERE).raised)

    def later(self, **span: float) -> None:
        self.clock.advance(timedelta(**span).total_seconds())

    def told(self) -> set[str]:
        return {str(one.state) for one in self.team.tellings()}


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path / "home")
    yield made
    made.team.close()


OPS = Channel("ops", "webhook")


def test_a_look_raises_what_is_overdue_once(room: Room) -> None:
    first = room.raised()
    assert "overdue:thread:customer-only" in first
    assert not any(":answer" in one and "answer-deleted" not in one for one in first)
    assert all(one.startswith(("overdue:", "due_soon:")) for one in first)
    room.later(minutes=5)
    assert room.raised() == []
    assert len(room.desk.listed(HERE)) == len(first)


def test_without_a_confirmed_staff_nobody_says_that_a_forum_is_uncovered(room: Room) -> None:
    assert not any(one.startswith("uncovered") for one in room.raised())
    room.team.keep_person(Person("p1", "Sara", (SARA,), confirmed_by="lead"))
    assert "uncovered:forum:help" in room.raised()
    shown = {alarm.forum.native for alarm in room.desk.listed(HERE) if alarm.kind is AlarmKind.UNCOVERED}
    assert shown.isdisjoint({"news", "staff-room"})


def test_a_flare_up_is_compared_with_the_weeks_before(room: Room) -> None:
    room.mirror.row = replace(room.mirror.row, complete_since=AS_OF - timedelta(days=40))
    room.mirror.volumes = {"help": [Volume(9), *[Volume(1)] * 8], "staff-room": [Volume(99)] * 9}
    assert "unusual_volume:forum:help" in room.raised()
    assert "unusual_volume:forum:staff-room" not in {
        alarm.key.replace(f"{HERE}:", "") for alarm in room.desk.listed(HERE)
    }
    room.desk.look(HERE)
    assert room.mirror.asked_weeks == [5, 0]  # what is usual is not asked for with every look


def test_a_community_that_was_never_read_has_no_alarms(room: Room) -> None:
    room.mirror.row = replace(room.mirror.row, as_of=None)
    assert room.raised() == []


def test_rules_that_cannot_be_read_end_nothing(room: Room) -> None:
    before = room.raised()
    broken = cast(Any, room.desk)

    def unreadable(*_: object) -> Any:
        raise StoreError("coverage_rules_unreadable", path="p", why="goal")

    broken._coverage = type("Broken", (), {"see": unreadable})()
    room.later(hours=3)
    looked = room.desk.look(HERE)
    assert [error.code for error in looked.troubles] == ["coverage_rules_unreadable"]
    assert len(room.desk.listed(HERE)) == len(before)


def test_the_words_of_others_are_told_of_public_threads_alone(room: Room) -> None:
    room.raised()
    room.mirror.hidden = {"customer-only"}
    room.mirror.exposed = {"answer-deleted"}
    titles = {one.alarm.subject.native: (one.title, one.forum_name) for one in room.desk.named(room.desk.listed(HERE))}
    assert titles["noted"] == ("Title of noted", "Help")
    assert titles["customer-only"] == ("", "Help")
    assert titles["answer-deleted"] == ("", "Help")


def test_somebody_sees_to_it_and_a_colleague_does_not_too(room: Room) -> None:
    room.raised()
    alarm = room.desk.find(f"overdue:{HERE}:thread:noted", [HERE])
    room.desk.own(alarm)
    assert room.desk.find(alarm.id, [HERE]).owner_name == "member-9"
    identity = replace(room.mirror.row.identity, member=SARA, name="Sara")
    room.mirror.row = replace(room.mirror.row, identity=identity)
    with pytest.raises(ConflictError) as raised:
        room.desk.own(alarm)
    assert raised.value.facts == {"name": "member-9"}
    with pytest.raises(NotAllowedError):
        room.desk.release(alarm)
    with pytest.raises(UnknownIdError):
        room.desk.find("overdue:nothing", [HERE])


def test_silence_has_a_reason_and_an_end(room: Room) -> None:
    room.raised()
    alarm = room.desk.find(f"overdue:{HERE}:thread:noted", [HERE])
    with pytest.raises(NotAllowedError) as raised:
        room.desk.silence(alarm, "  ")
    assert raised.value.code == "alarm_reason_missing"
    loud = len(room.desk.loud([HERE]))
    room.desk.silence(alarm, "The vendor answers", room.clock.now() + timedelta(hours=1))
    assert len(room.desk.loud([HERE])) == loud - 1
    room.later(hours=1)
    assert len(room.desk.loud([HERE])) == loud
    outcomes = [entry.outcome for entry in room.team.audit() if entry.action == "alarm"]
    assert outcomes == ["silenced"]


# Telling


def test_each_is_told_once_and_several_together(room: Room) -> None:
    room.ways.told_in = [OPS]
    count = len(room.raised())
    assert room.telling.tell([OPS]) == 1
    room.later(minutes=5)
    room.desk.look(HERE)
    assert room.telling.tell([OPS]) == 0
    ((title, lines, _),) = room.heard.said
    assert title == f"Quillby: {count} alarms"
    assert any("Title of noted" in line for line in lines) or lines[-1].startswith("and ")
    assert room.told() == {"sent"}
    assert room.team.next_telling() is None


def test_a_channel_is_told_only_what_it_wants(room: Room) -> None:
    pager = Channel("pager", "webhook", kinds=frozenset({AlarmKind.UNUSUAL_VOLUME}))
    elsewhere = Channel("elsewhere", "webhook", communities=("jp.example",))
    room.ways.told_in = [pager, elsewhere]
    assert room.raised()
    assert room.team.tellings() == []


def test_what_is_owned_is_still_told_and_what_is_silent_or_over_is_not(room: Room) -> None:
    room.ways.told_in = [OPS]
    room.raised()
    for alarm in room.desk.listed(HERE):
        room.desk.silence(alarm, "Known")
    assert room.telling.tell([OPS]) == 0
    assert room.told() == {"not_needed"}


def test_of_a_community_that_is_not_connected_any_more_nothing_is_told(room: Room) -> None:
    room.ways.told_in = [OPS]
    room.raised()
    cast(Any, room.telling)._titles = dict
    assert room.telling.tell([OPS]) == 0
    assert room.told() == {"not_needed"}


def test_quiet_hours_hold_it_back(room: Room) -> None:
    quiet = replace(OPS, quiet=parse_quiet("09:00-12:30", "UTC"))
    room.ways.told_in = [quiet]
    room.raised()
    assert room.telling.tell([quiet]) == 0
    assert room.team.next_telling() == AS_OF.replace(hour=12, minute=30)
    room.later(hours=2, minutes=30)
    assert room.telling.tell([quiet]) == 1


def test_quiet_hours_that_were_set_meanwhile_count(room: Room) -> None:
    room.ways.told_in = [OPS]
    room.raised()
    assert room.telling.tell([replace(OPS, quiet=parse_quiet("09:00-12:30", "UTC"))]) == 0
    assert room.told() == {"waiting"}


def test_refused_for_certain_it_is_tried_again_and_given_up_at_last(room: Room) -> None:
    room.ways.told_in = [OPS]
    room.raised()
    room.heard.trouble = TryLaterError("connection_refused", seconds=0.0, host="h")
    for _ in range(TRIES):
        room.telling.tell([OPS])
        room.later(hours=1)
    assert room.told() == {"failed"}
    room.heard.trouble = None
    assert room.telling.tell([OPS]) == 0


def test_a_channel_that_comes_back_is_told(room: Room) -> None:
    room.ways.told_in = [OPS]
    room.raised()
    room.heard.trouble = TryLaterError("alarm_channel_busy", seconds=600.0, host="h", status=429)
    room.telling.tell([OPS])
    room.heard.trouble = None
    room.later(seconds=599)
    assert room.telling.tell([OPS]) == 0
    room.later(seconds=1)
    assert room.telling.tell([OPS]) == 1


@pytest.mark.parametrize(
    ("trouble", "state"),
    [(UnclearError("answer_broke_off", host="h"), "unclear"), (RefusedError("alarm_channel_refused"), "failed")],
)
def test_what_may_have_arrived_is_never_said_twice(room: Room, trouble: MarqueeError, state: str) -> None:
    room.ways.told_in = [OPS]
    room.raised()
    room.heard.trouble = trouble
    room.telling.tell([OPS])
    room.heard.trouble = None
    room.later(hours=5)
    assert room.telling.tell([OPS]) == 0
    assert room.told() == {state}
    assert room.heard.said == []


def test_a_kill_while_it_is_on_its_way_neither_loses_nor_doubles(room: Room) -> None:
    room.ways.told_in = [OPS]
    room.raised()

    class Killed(BaseException):
        """The process ends here."""

    def die(channel: Channel) -> Any:
        raise Killed

    telling = cast(Any, room.telling)
    open_before: Callable[[Channel], Any] = telling._open
    telling._open = die
    with pytest.raises(Killed):
        room.telling.tell([OPS])
    telling._open = open_before
    assert room.told() == {str(Told.SENDING)}
    room.later(seconds=TAKEN_FOR.total_seconds())
    assert room.telling.tell([OPS]) == 0
    assert room.told() == {"unclear"}
    assert room.desk.loud([HERE])  # it still stands in the app
    assert wall("04-01 12:00")
