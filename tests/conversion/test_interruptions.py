"""A conversion that breaks off anywhere: what was closed before anybody knew is found, rights that go are said, and
what changed meanwhile stops private text from going where others read it.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from moderation.cases import CaseState
from moderation.conversion import Place, Shape
from moderation.desk import Bench, Desk
from moderation.errors import NotAllowedError
from moderation.intents import Identities, Intent, IntentState, Plan
from sync.journal import open_journal
from sync.journal.store import SqlJournal
from sync.outbox import Outbox
from sync.sandbox.state import forums, members, rooms
from sync.vault import Vault
from tests.conversion.runs import counted
from tests.conversion.stage import ADMIN, AGENT, BYSTANDER, COMPANY, CUSTOMER, OUTSIDER, TIMING, WORDING, Stage
from tests.fakes.clock import FakeIds
from tests.fakes.desk import FakeEngine
from tests.faults.ground import NAME
from tests.faults.kinds import Kind as Fault
from tests.faults.kinds import Rule

CATEGORY, CHAT, TAKE = (
    (Place.CATEGORY, Shape.CONTINUE),
    (Place.CHAT, Shape.CONTINUE),
    (Place.CATEGORY, Shape.TAKE),
)
OUTSIDERS = (None, OUTSIDER, BYSTANDER)
LATE = 60.0


@pytest.fixture
def stage(tmp_path: Path, expected_logs: list[str]) -> Iterator[Stage]:
    expected_logs.append(r"^sync\.http\.pacing: ")
    made = Stage(tmp_path / "home")
    yield made
    made.close()


def stopped(stage: Stage, plan: Plan) -> Intent:
    """The step at which it stands."""
    return next(i for i in stage.plan(plan).intents if i.state is not IntentState.CONFIRMED)


def nothing_leaked(stage: Stage) -> None:
    for who in OUTSIDERS:
        assert stage.secrets_of(who) == frozenset(), who
    assert len(stage.secrets_of(CUSTOMER)) == 2


@pytest.mark.parametrize(
    ("way", "path", "method"),
    [
        pytest.param(CATEGORY, r"^/api/v3/posts/\d+/state", "DELETE", id="hide"),
        pytest.param(CATEGORY, r"^/api/v3/categories\?", "POST", id="category"),
        pytest.param(CATEGORY, r"/privileges/topics:reply", "PUT", id="right"),
        pytest.param(CATEGORY, r"^/api/v3/topics\?", "POST", id="copy"),
        pytest.param(CATEGORY, r"^/api/v3/topics/\d+\?", "POST", id="pointer"),
        pytest.param(CHAT, r"^/api/v3/chats\?", "POST", id="room"),
        pytest.param(CHAT, r"^/api/v3/chats/\d+\?", "POST", id="line"),
        pytest.param(TAKE, r"/move\?", "PUT", id="move"),
        pytest.param(TAKE, r"/tags\?", "PUT", id="tag"),
        pytest.param(TAKE, r"^/api/v3/topics\?", "POST", id="pointer as a topic"),
    ],
)
def test_what_arrives_after_it_was_closed_is_found(
    stage: Stage, way: tuple[Place, Shape], path: str, method: str
) -> None:
    before = stage.readers()
    stage.ground.proxy.rules.append(Rule(Fault.LATE, path, method, seconds=LATE))
    plan = stage.convert(*way)
    stage.flush()
    stage.flush()
    doubtful = stopped(stage, plan)
    assert doubtful.state is IntentState.IN_DOUBT
    stage.desk.outbox.cancel(doubtful.id)
    with pytest.raises(NotAllowedError, match="case_settling"):
        stage.desk.privately.resume(stage.thread)
    with pytest.raises(NotAllowedError, match="case_unsettled"):
        stage.desk.privately.undo(stage.thread)
    stage.ground.pass_time(95.0)
    again = stage.desk.privately.resume(stage.thread)
    stage.settle()
    assert stage.plan(again).state is IntentState.CONFIRMED
    counted(stage, way[0])
    nothing_leaked(stage)
    stage.desk.privately.undo(stage.thread)
    stage.settle()
    assert stage.readers() == before
    assert not stage.lets_in(CUSTOMER)


def test_a_right_that_goes_half_way_stops_it_and_comes_back(stage: Stage) -> None:
    plan = stage.convert()
    state = stage.community.state
    admin = state.by_name(ADMIN)
    stage.ground.proxy.rules.append(Rule(Fault.LATE, r"/privileges/find", "PUT", seconds=LATE))
    stage.flush()
    with state.lock:
        admin.groups = tuple(name for name in admin.groups if name != "administrators")
        state.tables.groups["administrators"].members.remove(admin.id)
    stage.ground.pass_time(95.0)
    stage.settle()
    assert stopped(stage, plan).payload["what"] == "people"
    nothing_leaked(stage)
    with state.lock:
        members.join(state, admin, "administrators")
    stage.settle()
    stage.desk.outbox.retry(stopped(stage, plan).id)
    stage.settle()
    assert stage.desk.privately.standing(stage.case()) == "complete"
    counted(stage, Place.CATEGORY)
    nothing_leaked(stage)


def test_a_category_that_was_opened_to_all_takes_no_private_text(stage: Stage) -> None:
    stage.convert()
    stage.settle()
    first = stage.case().made("forum")
    assert first is not None
    stage.desk.privately.undo(stage.thread)
    stage.settle()
    with stage.community.state.lock:
        stage.community.state.forum(int(first.native)).grants["read"].add("guests")
    plan = stage.convert()
    stage.settle()
    step = stopped(stage, plan)
    assert (step.payload["what"], step.state, (step.trouble or {}).get("code")) == (
        "place", IntentState.REFUSED, "place_open",
    )  # fmt: skip
    nothing_leaked(stage)


def test_a_category_that_another_customer_reads_takes_no_private_text(stage: Stage) -> None:
    stage.convert()
    stage.settle()
    first = stage.case().made("forum")
    assert first is not None
    stage.desk.privately.undo(stage.thread)
    stage.settle()
    uid = stage.community.uid
    with stage.community.state.lock:
        forums.set_right(stage.community.state, uid(ADMIN), int(first.native), "read", uid(OUTSIDER), True)
    plan = stage.convert()
    stage.settle()
    assert (stopped(stage, plan).trouble or {}).get("code") == "place_shared"
    nothing_leaked(stage)


def test_a_renamed_category_is_found_again(stage: Stage) -> None:
    stage.convert()
    stage.settle()
    stage.desk.privately.undo(stage.thread)
    stage.settle()
    under = stage.forum("Private cases")
    with stage.community.state.lock:
        for forum in [f for f in stage.community.state.tables.forums.values() if f.parent == under]:
            forums.describe(stage.community.state, stage.community.uid(ADMIN), forum, "Another name", "and description")
    plan = stage.convert()
    stage.settle()
    assert stage.plan(plan).state is IntentState.CONFIRMED
    assert len([f for f in stage.community.state.tables.forums.values() if f.parent == under]) == 1
    assert stage.case().key.endswith("-2")


def test_a_stranger_in_the_chat_hears_nothing(stage: Stage) -> None:
    stage.ground.proxy.rules.append(Rule(Fault.TOO_MANY_SECONDS, r"^/api/v3/chats/\d+\?", "POST", seconds=5))
    plan = stage.convert(*CHAT)
    stage.flush()
    state = stage.community.state
    room = next(iter(state.tables.rooms.values()))
    with state.lock:
        rooms.invite(state, stage.community.uid(CUSTOMER), room, [stage.community.uid(OUTSIDER)])
    stage.settle()
    assert (stopped(stage, plan).trouble or {}).get("code") == "place_shared"
    nothing_leaked(stage)


def test_a_room_that_somebody_else_named_so_is_not_taken(stage: Stage) -> None:
    state, uid = stage.community.state, stage.community.uid
    with state.lock:
        rooms.create(state, uid(OUTSIDER), [uid(ADMIN)], f"case-{stage.thread.native} mine")
    plan = stage.convert(*CHAT)
    stage.settle()
    assert stage.plan(plan).state is IntentState.CONFIRMED
    assert len(state.tables.rooms) == 2
    nothing_leaked(stage)


def test_a_chat_of_two_is_left_too(stage: Stage) -> None:
    around = replace(stage.around, colleagues=())
    stage.desk.privately.convert(stage.thread, stage.wanted(*CHAT), WORDING, around)
    stage.settle()
    assert stage.lets_in(CUSTOMER)
    stage.desk.privately.undo(stage.thread)
    stage.settle()
    assert not stage.lets_in(CUSTOMER)


def test_a_customer_who_takes_no_chats_is_not_forced(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "other", me="rolf_quarrier")
    try:
        with stage.community.state.lock:
            stage.community.state.by_name(CUSTOMER).chat_closed = True
        plan = stage.convert(*CHAT)
        stage.settle()
        assert stage.plan(plan).state in {IntentState.CONFIRMED, IntentState.REFUSED}
        nothing_leaked(stage)
    finally:
        stage.close()


def test_a_customer_banned_meanwhile(stage: Stage) -> None:
    plan = stage.convert()
    with stage.community.state.lock:
        members.ban(stage.community.state, stage.community.uid(ADMIN), stage.community.uid(CUSTOMER), 0, "")
    stage.settle()
    assert (stopped(stage, plan).trouble or {}).get("code") == "customer_banned"
    for who in OUTSIDERS:
        assert stage.secrets_of(who) == frozenset()


def test_the_pointer_that_waits_for_approval_is_said(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "held")
    try:
        with stage.community.state.lock:
            company = stage.community.state.by_name(COMPANY)
            company.posts, company.reputation = 0, 0
            for forum in stage.community.state.tables.forums.values():
                for holders in forum.grants.values():
                    holders.discard(company.id)
        plan = stage.convert()
        stage.settle()
        pointer = stage.plan(plan).intents[-1]
        assert pointer.state is IntentState.CONFIRMED
        assert (pointer.trouble or {}).get("code") == "reply_held"
    finally:
        stage.close()


def test_an_agent_without_rights_is_told_who_has_them(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "agent", me=AGENT)
    try:
        conversion = stage.desk.privately.plan(stage.thread, stage.wanted(), WORDING, stage.around)
        assert not conversion.possible
        assert [(lack.right, lack.holders) for lack in conversion.missing] == [
            ("administrator", ("administrators",)),
            ("administrator", ("administrators",)),
        ]
        plan, _ = stage.desk.privately.convert(stage.thread, stage.wanted(), WORDING, stage.around)
        assert plan is None
        assert stage.team.cases() == []
    finally:
        stage.close()


def test_an_agent_goes_on_in_a_place_that_an_administrator_made(stage: Stage) -> None:
    stage.convert()
    stage.settle()
    made = stage.case().forum()
    stage.connections[Identities.ME] = stage.connect(AGENT)
    stage.sign_in()
    stage.ground.pass_time(10.0)
    stage.thread, stage.posts = stage.ask()
    plan = stage.convert()
    stage.settle()
    done = stage.plan(plan)
    assert done.state is IntentState.CONFIRMED
    assert {intent.payload["what"] for intent in done.intents} == {"hide", "copy", "pointer"}
    assert stage.case().forum() == made
    nothing_leaked(stage)
    stage.desk.privately.undo(stage.thread)
    stage.settle()
    assert stage.case().state is CaseState.UNDONE
    assert stage.lets_in(CUSTOMER), "the first case still needs it"


@pytest.mark.parametrize("way", [CATEGORY, CHAT, TAKE])
def test_accounts_that_have_written_much(stage: Stage, way: tuple[Place, Shape]) -> None:
    for number in range(50):
        for name in (COMPANY, ADMIN):
            stage.community.reply_as(name, stage.community.state.tables.posts[stage.base].thread, f"Answer {number}")
    plan = stage.convert(*way)
    stage.settle()
    assert stage.plan(plan).state is IntentState.CONFIRMED
    counted(stage, way[0])


def colleague(stage: Stage, folder: Path) -> tuple[Desk, Outbox, SqlJournal]:
    """A colleague's desk on another machine: the same team, a journal of their own."""
    journal = open_journal(Vault(folder, b"c" * 32), stage.clock.now)
    ids = FakeIds(stage.clock)
    bench = Bench(stage.copy.reader, journal, stage.team, FakeEngine(), stage.clock, ids, hold_seconds=0.0)
    outbox = Outbox(NAME, journal, stage.team, stage.connections.__getitem__, stage.copy.absorb, stage.clock, TIMING)
    return Desk(bench), outbox, journal


def test_a_colleague_takes_it_back_days_later(stage: Stage, tmp_path: Path) -> None:
    before = stage.readers()
    stage.convert()
    stage.settle()
    stage.ground.pass_time(3 * 86400.0)
    desk, outbox, journal = colleague(stage, tmp_path / "theirs")
    with pytest.raises(NotAllowedError, match="case_elsewhere"):
        desk.privately.resume(stage.thread)
    plan, _ = desk.privately.undo(stage.thread)
    assert plan is not None
    outbox.run()
    assert journal.plan(plan.id).state is IntentState.CONFIRMED  # type: ignore[union-attr]
    assert stage.readers() == before
    assert stage.case().state is CaseState.UNDONE
    journal.close()


def test_what_a_colleague_takes_back_does_not_go_on_elsewhere(stage: Stage, tmp_path: Path) -> None:
    before = stage.readers()
    stage.ground.proxy.rules.append(Rule(Fault.TOO_MANY_SECONDS, r"^/api/v3/topics\?", "POST", seconds=30))
    plan = stage.convert()
    stage.flush()
    assert stopped(stage, plan).payload["what"] == "copy"
    desk, outbox, journal = colleague(stage, tmp_path / "theirs")
    desk.privately.undo(stage.thread)
    stage.ground.pass_time(31.0)
    outbox.run()
    stage.ground.pass_time(31.0)
    stage.settle()
    assert (stopped(stage, plan).trouble or {}).get("code") == "case_taken_back"
    assert stage.readers() == before
    assert not stage.lets_in(CUSTOMER)
    journal.close()


def test_two_cases_of_a_customer_share_a_place_and_close_it_with_the_last(stage: Stage) -> None:
    first = stage.thread
    stage.convert()
    stage.settle()
    stage.thread, stage.posts = stage.ask()
    stage.convert()
    stage.settle()
    under = stage.forum("Private cases")
    assert len([f for f in stage.community.state.tables.forums.values() if f.parent == under]) == 1
    stage.desk.privately.undo(first)
    stage.settle()
    assert stage.lets_in(CUSTOMER), "the second case still needs it"
    stage.desk.privately.undo(stage.thread)
    stage.settle()
    assert not stage.lets_in(CUSTOMER)


def test_a_case_is_begun_once(stage: Stage) -> None:
    stage.convert()
    plan, conversion = stage.desk.privately.convert(stage.thread, stage.wanted(), WORDING, stage.around)
    assert plan is None
    assert [remark.code for remark in conversion.blocked] == ["case_exists"]
    stage.settle()
    with pytest.raises(NotAllowedError, match="case_complete"):
        stage.desk.privately.resume(stage.thread)
