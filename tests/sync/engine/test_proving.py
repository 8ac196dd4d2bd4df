"""Proofs in the engine: run when they are wanted, again after ten minutes and a day, over restarts and sleep."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from moderation.cases import Case, CaseState, CaseStep
from moderation.errors import MarqueeError, SignInError, TryLaterError
from moderation.ids import Kind, Ref
from moderation.intents import Identities, IntentState
from moderation.ports import CommunityRow
from moderation.proof import Answer, Finding, Probe, Proof, SaidBefore, Standing, Subject, Viewer, What, fingerprint
from sync.connector import Connection, Known
from sync.engine.community import Community
from sync.engine.connections import Connections
from sync.engine.proving import TAKEN_FOR, Proving
from sync.team import open_team
from sync.team.store import SqlTeam
from sync.vault import Vault
from tests.fakes import factory
from tests.fakes.clock import FakeClock
from tests.fakes.engine import Household, PullingConnection
from tests.fakes.factory import ME, NAME
from tests.sync.engine.conftest import until

KEY = "00112233445566778899aabbccddeeff"
TEXT = "My number is 0170 5551234, call me."
THREAD = ME.sibling(Kind.THREAD, 7)
MINUTE, DAY = 60.0, 86400.0


@dataclass
class Outside:
    """What an outsider sees: answers by place, and what is said of a text that staff can still read."""

    connection: "ProvingConnection"
    answers: dict[str, tuple[Answer, str]] = field(default_factory=dict)
    gathering: MarqueeError | None = None
    viewers: tuple[Viewer, ...] = ()
    asked: int = 0
    closed: int = 0

    def gather(self, subject: Subject) -> Subject:
        """One more place."""
        if self.gathering is not None:
            raise self.gathering
        return replace(subject, places={"file": ("/a.png",)})

    def findings(self, subject: Subject) -> Iterator[Finding]:
        """The answers."""
        self.asked += 1
        now = self.connection.time.now()
        for place, (answer, reason) in self.answers.items():
            yield Finding(
                Probe(What.RAW, place, Viewer.ANONYMOUS), answer, reason, now, f"GET {place}", 200, "ab", "M••"
            )

    def close(self) -> None:
        """Count it."""
        self.closed += 1


class ProvingConnection(PullingConnection):
    """A connection of a platform that can be looked at."""

    def __init__(self, house: Household, time: FakeClock) -> None:
        super().__init__(house.server)
        self.time = time
        self.outside = Outside(self, {"/raw": (Answer.HIDDEN, "refused")})

    def prober(self, others: Mapping[Viewer, Connection]) -> Outside:
        """What is seen from outside."""
        self.outside.viewers = tuple(others)
        return self.outside


@dataclass
class Stage:
    """A household whose wall clock a test moves."""

    house: Household
    team: SqlTeam
    clock: FakeClock
    connection: ProvingConnection
    keys: set[Identities] = field(default_factory=lambda: {Identities.ME})

    @property
    def outside(self) -> Outside:
        return self.connection.outside

    def connect(self, row: CommunityRow, identity: Identities) -> Connection:
        if identity not in self.keys:
            raise SignInError("token_missing", community=row.name)
        return self.connection

    def engine(self) -> Proving:
        """As after a start."""
        row = self.house.rows[0]
        return Proving(NAME, self.house.stores, Connections(row, self.house.stores), self.house.told.extend)

    def run(self, seconds: float = 0.0) -> Proof:
        """Time passes, then an engine that just started does what is due."""
        self.clock.sleep(seconds)
        self.engine().run_due(self.team)
        found = self.team.proof("p1")
        assert found is not None
        return found


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    house = Household(tmp_path / "home")
    clock = FakeClock()
    team = open_team(Vault(tmp_path / "team", bytes(32)))
    made = Stage(house, team, clock, ProvingConnection(house, clock))
    house.stores.team, house.stores.clock, house.stores.connect = team, clock, made.connect
    subject = Subject(NAME, THREAD, (), fingerprint([TEXT], KEY), words=("number",))
    team.want_proof(Proof("p1", subject, "conversion", str(ME), clock.now(), about="case-7", due_at=clock.now()))
    yield made
    team.close()
    house.close()


def test_what_is_wanted_is_checked_at_once_and_again_after_ten_minutes_and_a_day(stage: Stage) -> None:
    first = stage.run()
    begin = stage.clock.now()
    assert (first.standing, first.checks, first.first_at) == (Standing.PASSED, 1, begin)
    assert first.due_at == begin + timedelta(minutes=10)
    assert first.subject.places == {"file": ("/a.png",)}
    assert stage.run(9 * MINUTE).checks == 1
    second = stage.run(MINUTE)
    assert (second.checks, second.due_at) == (2, begin + timedelta(days=1))
    last = stage.run(DAY - 10 * MINUTE)
    assert (last.checks, last.due_at, last.standing) == (3, None, Standing.PASSED)
    assert last.subject.words == ()
    assert stage.run(DAY).checks == 3
    assert stage.outside.closed == stage.outside.asked == 3
    assert [entry.outcome for entry in stage.team.audit(item=str(THREAD))] == ["passed-3", "passed-2", "passed-1"]


def test_a_laptop_that_slept_checks_late_and_says_so_until_then(stage: Stage) -> None:
    first = stage.run()
    stage.clock.sleep(3 * DAY)
    assert first.overdue(stage.clock.now())
    late = stage.run()
    assert (late.checks, late.due_at) == (2, None)
    assert not late.overdue(stage.clock.now())


def test_a_text_that_is_seen_opens_an_incident_whose_clock_stops_when_it_is_gone(stage: Stage) -> None:
    stage.outside.answers["/raw"] = (Answer.VISIBLE, "found")
    seen = stage.run()
    opened = stage.clock.now()
    assert seen.standing is Standing.VISIBLE
    assert seen.due_at is not None
    assert seen.due_at - opened < timedelta(minutes=2)
    incident = stage.team.incidents(only_open=True)[0]
    assert (incident.proof, incident.opened_at, incident.places) == ("p1", opened, ("raw /raw anonymous",))
    assert stage.run(2 * MINUTE).checks == 2
    assert len(stage.team.incidents()) == 1
    stage.outside.answers["/raw"] = (Answer.COULD_NOT_CHECK, "gateway_error")
    assert stage.run(5 * MINUTE).standing is Standing.VISIBLE, "nothing was seen that says otherwise"
    assert stage.team.incidents()[0].gone_at is None
    stage.outside.answers["/raw"] = (Answer.HIDDEN, "refused")
    gone = stage.run(20 * MINUTE)
    assert gone.standing is Standing.PASSED
    assert stage.team.incidents()[0].gone_at == stage.clock.now()
    assert stage.team.incidents()[0].open, "a person closes it"
    assert stage.house.told


def test_what_could_not_be_checked_is_tried_again_and_is_no_incident(stage: Stage) -> None:
    stage.outside.answers["/raw"] = (Answer.COULD_NOT_CHECK, "maintenance")
    first = stage.run()
    assert first.standing is Standing.UNCHECKED
    assert first.due_at is not None
    assert first.due_at <= stage.clock.now() + timedelta(minutes=6)
    assert stage.team.incidents() == []
    stage.outside.answers["/raw"] = (Answer.HIDDEN, "refused")
    assert stage.run(10 * MINUTE).standing is Standing.PASSED


def test_it_looks_as_those_for_whom_there_is_a_key(stage: Stage) -> None:
    stage.run()
    assert stage.outside.viewers == ()
    stage.keys |= {Identities.PROBE, Identities.BYSTANDER}
    stage.run(10 * MINUTE)
    assert stage.outside.viewers == (Viewer.MEMBER, Viewer.BYSTANDER)


def test_what_staff_cannot_read_any_more_is_asked_for_all_the_same(stage: Stage) -> None:
    stage.outside.gathering = TryLaterError("gateway_error")
    assert stage.run().standing is Standing.PASSED


@dataclass
class Before:
    """A mirror that knows what was public before, or does not."""

    said: SaidBefore | None

    def said_before(self, thread: Ref, posts: Sequence[Ref], limit: int) -> SaidBefore | None:
        """What the test says."""
        return self.said


def test_what_many_said_before_is_worked_out_anew_for_each_check(stage: Stage) -> None:
    posts = tuple(
        factory.post(n, thread=ME.sibling(Kind.THREAD, n), author=ME.sibling(Kind.MEMBER, 40 + n % 2), body=TEXT)
        for n in range(3)
    )
    assert not stage.run().subject.marks.common
    stage.house.stores.known = lambda community: cast(Known, Before(SaidBefore(posts=posts)))
    common = stage.run(10 * MINUTE).subject.marks
    assert common.common == common.grams != frozenset()
    assert common.pieces
    stage.house.stores.known = lambda community: cast(Known, Before(None))
    assert not stage.run(DAY).subject.marks.common


def test_without_a_key_nothing_is_proven(stage: Stage) -> None:
    stage.keys.clear()
    found = stage.run()
    assert found.standing is Standing.UNCHECKED
    assert [(f.answer, f.reason) for f in found.findings] == [(Answer.COULD_NOT_CHECK, "token_missing")]


def test_a_platform_that_cannot_be_looked_at_says_so(stage: Stage) -> None:
    stage.house.stores.connect = lambda row, identity: PullingConnection(stage.house.server)
    assert [f.reason for f in stage.run().findings] == ["platform_has_no_probes"]


def test_a_check_of_an_engine_that_died_is_done_by_another_after_a_while(stage: Stage) -> None:
    assert stage.team.take_proof("p1", stage.clock.now(), stage.clock.now() + TAKEN_FOR)
    assert stage.run(MINUTE).checks == 0
    assert stage.run(TAKEN_FOR.total_seconds()).checks == 1


def test_a_stopped_engine_gives_the_check_back(stage: Stage) -> None:
    proving = stage.engine()
    asking = stage.outside.findings

    def stopped(subject: Subject) -> Iterator[Finding]:
        proving.stop()
        yield from asking(subject)

    stage.outside.findings = stopped  # type: ignore[method-assign]
    proving.run_due(stage.team)
    assert stage.team.evidence("p1") == []
    del stage.outside.findings  # type: ignore[misc]
    assert stage.run().checks == 1


def test_a_community_in_the_engine_proves_and_stays_awake_for_it(stage: Stage) -> None:
    community = Community(stage.house.rows[0], stage.house.stores, stage.house.told.extend, stage.house.statuses.append)
    assert community.busy()
    community.start()
    try:
        until(lambda: getattr(stage.team.proof("p1"), "checks", 0) == 1)
        until(lambda: not community.busy())
    finally:
        community.stop()


def case_with(*steps: tuple[str, Ref], state: IntentState = IntentState.CONFIRMED) -> Case:
    """A case whose steps ended so."""
    case = Case("case-7", NAME, str(THREAD), "", "", "", "continue", "chat", str(ME), "me", FakeClock().now())
    made = [
        CaseStep(f"i{number}", case.key, NAME, action, str(target), state, at=FakeClock().now())
        for number, (action, target) in enumerate(steps)
    ]
    return replace(case, steps=tuple(made))


def keep(stage: Stage, case: Case) -> None:
    stage.team.open_case(case)
    for step in case.steps:
        stage.team.note_step(step)


def test_a_conversion_is_proven_once_it_has_hidden_something(stage: Stage) -> None:
    stage.team.end_proof("p1")
    proving, post = stage.engine(), ME.sibling(Kind.POST, 71)
    keep(stage, case_with(("x:reply", THREAD)))
    proving.want_for_cases(stage.team)
    assert [proof.id for proof in stage.team.proofs(about="case-7")] == ["p1"]
    keep(stage, case_with(("x:reply", THREAD), ("hide", post)))
    for _ in range(3):
        proving.want_for_cases(stage.team)
    wanted = [proof for proof in stage.team.proofs(about="case-7") if proof.id != "p1"]
    assert [(proof.subject.posts, proof.subject.whole, proof.purpose) for proof in wanted] == [
        ((post,), False, "conversion")
    ]
    keep(stage, case_with(("x:reply", THREAD), ("hide", post), ("move", THREAD)))
    proving.want_for_cases(stage.team)
    assert any(proof.subject.whole for proof in stage.team.proofs(about="case-7"))


def test_a_step_that_did_nothing_calls_for_no_proof(stage: Stage) -> None:
    keep(stage, case_with(("hide", ME.sibling(Kind.POST, 71)), state=IntentState.REFUSED))
    stage.engine().want_for_cases(stage.team)
    assert [proof.id for proof in stage.team.proofs()] == ["p1"]


def test_what_is_taken_back_is_not_looked_for_any_more(stage: Stage) -> None:
    keep(stage, case_with(("hide", ME.sibling(Kind.POST, 71))))
    stage.engine().want_for_cases(stage.team)
    stage.run()
    assert len(stage.team.proofs(about="case-7")) == 2
    stage.team.set_case_state(NAME, "case-7", CaseState.UNDOING)
    stage.engine().want_for_cases(stage.team)
    assert {proof.due_at for proof in stage.team.proofs(about="case-7")} == {None}
