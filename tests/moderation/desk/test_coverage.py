"""Coverage at the desk: what stands beside the numbers, cases, a staff that is another now, the time before."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from moderation.cases import Case, CaseState, CaseStep
from moderation.content import Forum
from moderation.coverage.deriving import line_of
from moderation.coverage.facts import ThreadFacts
from moderation.coverage.kept import Kept
from moderation.coverage.lines import Lines, pack, stamp_of
from moderation.coverage.ports import Promised
from moderation.coverage.rules import CoverageRules
from moderation.coverage.staff import Crew, StaffDays
from moderation.desk import Bench
from moderation.desk.coverage import Coverage, Seen
from moderation.errors import UnknownIdError
from moderation.ids import Kind, Ref
from moderation.intents import IntentState
from moderation.ports import CommunityRow, Journal, Mirror, Team
from tests import factory
from tests.fakes.clock import FakeClock, FakeIds
from tests.fakes.desk import FakeEngine, FakeTeam
from tests.moderation.coverage.held_out import CREW, HERE, RULES, SINCE, STAFF, UNTIL, threads, wall

AS_OF = datetime(2026, 4, 1, 10, tzinfo=UTC)
FROM = datetime(2026, 2, 28, 23, tzinfo=UTC)


@dataclass
class KeptMirror:
    """The mirror, as far as coverage asks it: facts of the held-out community, lines as an engine left them."""

    staff: Crew = CREW
    filled: bool = True
    row: CommunityRow = field(default_factory=lambda: factory.community(HERE, as_of=AS_OF, complete_since=FROM))
    asked_again: list[str] = field(default_factory=list)
    closed: str = ""

    def communities(self) -> list[CommunityRow]:
        return [self.row]

    def forums(self, community: str) -> list[Forum]:
        names = ("help", "night", "chat", "news", "empty", "staff-room")
        private = {self.closed, "staff-room"}
        return [Forum(Ref(HERE, Kind.FORUM, name), name.title(), private=name in private) for name in names]

    def thread_lines(self, community: str, since_ms: int, until_ms: int, stamp: str) -> Kept:
        kept = [facts for facts in threads() if since_ms <= facts.submitted_ms < until_ms]
        packed = b"".join(pack(line_of(facts, self.staff)) for facts in kept)
        lines = Lines.of([one.thread for one in kept], [one.forum for one in kept], packed)
        stale = [] if stamp == stamp_of(self.staff) else list(range(len(kept)))
        return Kept(lines, stale, self.filled)

    def thread_facts(self, community: str, names: Sequence[str]) -> list[ThreadFacts]:
        self.asked_again = list(names)
        return [facts for facts in threads() if facts.thread in names]

    def platform_staff(self, community: str) -> list[Ref]:
        return [Ref(HERE, Kind.MEMBER, "dora")]


def rules() -> CoverageRules:
    return CoverageRules(forums={f"{HERE}:forum:{name}": one for name, one in RULES.items()})


def see(mirror: KeptMirror | None = None, *, team: FakeTeam | None = None, roster: StaffDays | None = STAFF,
        **asked: Any) -> Seen:  # fmt: skip
    clock = FakeClock(AS_OF + timedelta(hours=1))
    bench = Bench(
        cast(Mirror, mirror or KeptMirror()), cast(Journal, None), cast(Team, team or FakeTeam()), FakeEngine(), clock,
        FakeIds(clock),
    )  # fmt: skip
    return Coverage(bench, Promised(rules(), roster)).see(HERE, asked.pop("since", FROM), **asked)


def case(thread: str, *, state: CaseState = CaseState.OPEN, acted: bool = True, pointer: str = "") -> Case:
    def step(number: int, **facts: Any) -> CaseStep:
        done = IntentState.CONFIRMED if acted else IntentState.REFUSED
        return CaseStep(f"i{number}", f"case-{thread}", HERE, "reply", f"{HERE}:thread:{thread}", done, **facts)

    steps = (step(1, receipt="lock@x"), *([step(2, made="pointer", receipt=f"post:{pointer}")] if pointer else []))
    opened = datetime(2026, 3, 11, 9, 30, tzinfo=UTC)
    return Case(f"case-{thread}", HERE, f"{HERE}:thread:{thread}", "", "", "", "private", "message", "", "", opened,
                state, steps)  # fmt: skip


def team_with(*cases: Case) -> FakeTeam:
    team = FakeTeam()
    for one in cases:
        team.open_case(one)
        for step in one.steps:
            team.note_step(step)
        team.set_case_state(HERE, one.key, one.state)
    return team


def names(seen: Seen, figure: str, forum: str = "help") -> set[str]:
    return {ref.native for ref in seen.rows(figure, Ref(HERE, Kind.FORUM, forum))}


def test_what_stands_beside_the_numbers() -> None:
    seen = see()
    assert (seen.as_of, seen.complete_since, seen.confirmed) == (AS_OF, FROM, True)
    assert [forum.id.native for forum in seen.forums] == ["help", "night", "chat", "empty"]
    assert seen.number("threads", Ref(HERE, Kind.FORUM, "empty")) == 0
    assert seen.covered.since == SINCE
    assert seen.covered.until == UNTIL
    assert see(KeptMirror(filled=False)).complete_since is None
    never = KeptMirror(row=factory.community(HERE))
    assert (see(never).as_of, see(never).complete_since) == (AS_OF + timedelta(hours=1), None)


def test_a_forum_that_is_private_now_keeps_what_was_asked_in_public() -> None:
    shown = [forum.id.native for forum in see(KeptMirror(closed="chat")).forums]
    assert shown == ["help", "night", "chat", "empty"]
    assert "staff-room" not in shown


def test_a_forum_by_itself_and_one_that_is_not_there() -> None:
    night = Ref(HERE, Kind.FORUM, "night")
    seen = see(forums=[night])
    assert [forum.id for forum in seen.forums] == [night]
    assert seen.number("threads") == 3
    with pytest.raises(UnknownIdError, match="id_unknown"):
        see(forums=[Ref(HERE, Kind.FORUM, "nowhere")])


def test_cases_are_conversions_and_their_pointers_no_answers() -> None:
    assert "continued" not in names(see(), "threads"), "its opening post was hidden, and nobody says why"
    known = see(team=team_with(case("continued", pointer="p-pointer")))
    assert "continued" in names(known, "taken_private")
    assert "continued" in names(known, "unanswered")
    assert "continued" not in names(known, "open")


def test_a_case_that_came_to_nothing_or_was_taken_back_is_none() -> None:
    for one in (case("monologue", acted=False), case("monologue", state=CaseState.UNDONE)):
        seen = see(team=team_with(one))
        assert "monologue" not in names(seen, "taken_private")
        assert "monologue" in names(seen, "open")
    assert "monologue" in names(see(team=team_with(case("monologue"))), "taken_private")


def test_lines_of_another_staff_are_computed_anew() -> None:
    mirror = KeptMirror(staff=Crew())
    seen = see(mirror)
    expected = see()
    assert len(mirror.asked_again) > 30
    assert names(seen, "answered_by_staff") == names(expected, "answered_by_staff")
    assert KeptMirror().asked_again == []


def test_without_a_roster_the_platforms_staff_is_taken_and_said_so() -> None:
    seen = see(roster=None)
    assert not seen.confirmed
    assert names(seen, "answered_by_staff") == {
        "customer-first", "customer-only", "erased-asker", "held-reply", "solved"}  # fmt: skip
    elsewhere = StaffDays({"other.example:member:1": STAFF.terms[f"{HERE}:member:sara"]}, confirmed=True)
    assert not see(roster=elsewhere).confirmed


def test_the_time_before_has_the_same_length_and_ends_where_this_begins() -> None:
    seen = see(compare=True)
    assert seen.before is not None
    assert (seen.before.since, seen.before.until) == (2 * SINCE - UNTIL, SINCE)
    assert seen.before.total.rows("threads") == ["february"]
    assert see().before is None
    assert see(since=datetime(2026, 3, 31, tzinfo=UTC)).covered.since == wall("03-31 02:00")
