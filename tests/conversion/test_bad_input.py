"""What goes wrong with the people, the texts and the rights of a conversion, on the sample servers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from moderation.conversion import Place, Shape
from moderation.intents import Intent, IntentState, Plan
from sync.sandbox.state.records import Thread
from tests.conversion.on_discourse import DiscourseStage
from tests.conversion.stage import BYSTANDER, CUSTOMER, OUTSIDER, SECRET, WORDING, Stage
from tests.faults.kinds import Kind as Fault
from tests.faults.kinds import Rule

OUTSIDERS = (None, OUTSIDER, BYSTANDER)


@pytest.fixture
def stage(tmp_path: Path, expected_logs: list[str]) -> Iterator[Stage]:
    expected_logs.append(r"^sync\.http\.pacing: ")
    made = Stage(tmp_path / "home")
    yield made
    made.close()


def stopped(stage: Stage, plan: Plan) -> Intent:
    return next(i for i in stage.plan(plan).intents if i.state is not IntentState.CONFIRMED)


def nothing_leaked(stage: Stage) -> None:
    for who in OUTSIDERS:
        assert stage.secrets_of(who) == frozenset(), who


def asked(stage: Stage, text: str) -> Thread:
    """The customer asks something else, which the mirror has read."""
    thread = stage.community.open_thread_as(CUSTOMER, stage.forum("Billing"), "Another question of mine", text)
    stage.pull(thread.id, thread.posts)
    return thread


@pytest.mark.parametrize("place", [Place.CATEGORY, Place.CHAT])
def test_an_asker_who_is_deleted_before_the_place_is_made(stage: Stage, place: Place) -> None:
    plan = stage.convert(place)
    with stage.community.state.lock:
        del stage.community.state.tables.members[stage.community.uid(CUSTOMER)]
    stage.settle()
    step = stopped(stage, plan)
    assert (step.payload["what"], step.state) == ("place", IntentState.CONFLICT), step.trouble
    assert (step.trouble or {})["code"] == "gone"
    nothing_leaked(stage)


def test_rights_that_somebody_gives_between_two_steps_keep_the_copy_back(stage: Stage) -> None:
    stage.ground.proxy.rules.append(Rule(Fault.DROP_BEFORE, r"^/api/v3/topics\?", "POST"))
    plan = stage.convert()
    stage.flush()
    assert stopped(stage, plan).payload["what"] == "copy"
    under = stage.forum("Private cases")
    with stage.community.state.lock:
        for forum in [one for one in stage.community.state.tables.forums.values() if one.parent == under]:
            forum.grants["read"].add("guests")
    stage.ground.pass_time(95.0)
    stage.settle()
    stage.desk.outbox.retry(stopped(stage, plan).id)
    stage.settle()
    step = stopped(stage, plan)
    assert (step.payload["what"], (step.trouble or {})["code"]) == ("copy", "place_open")
    nothing_leaked(stage)
    assert not [one for one in stage.community.state.tables.threads.values() if stage.case().key in one.tags]


@pytest.mark.parametrize(("place", "letters", "limit"), [(Place.CATEGORY, 32_700, 32_767), (Place.CHAT, 2_600, 1_000)])
def test_a_copy_that_is_longer_than_the_server_takes_arrives_whole(
    stage: Stage, place: Place, letters: int, limit: int
) -> None:
    words = "\n".join(f"word {number}." for number in range(letters))[:letters].rpartition("\n")[0]
    thread = asked(stage, words)
    ref = stage.thread.sibling(stage.thread.kind, str(thread.id))
    wanted = stage.wanted(place, hide=False)
    plan, found = stage.desk.privately.convert(ref, wanted, WORDING, stage.around)
    assert plan is not None, found.blocked
    stage.settle()
    assert stage.plan(plan).state is IntentState.CONFIRMED, stopped(stage, plan).trouble
    tables, case = stage.community.state.tables, stage.case()
    copies = [tables.posts[one].text for t in tables.threads.values() if case.key in t.tags for one in t.posts]
    lines = [m.text for room in tables.rooms.values() if case.key in room.name for m in room.messages if not m.system]
    said = copies or lines
    assert len(said) > 1
    assert max(map(len, said)) <= limit
    assert not [line for line in words.splitlines() if f"> {line}" not in "\n".join(said)]


def test_a_thread_with_forty_posters_leaves_and_comes_back(stage: Stage) -> None:
    names = [stage.community.register(f"crowd_{number}") for number in range(40)]
    for number, uid in enumerate(names):
        name = stage.community.state.member(uid).name
        text = f"> My order {SECRET} went\n\nMe too" if number == 7 else f"Me too, says number {number}"
        stage.community.reply_as(name, int(stage.thread.native), text)
    stage.pull(int(stage.thread.native), [])
    before = stage.readers()
    plan = stage.convert(shape=Shape.TAKE)
    stage.settle()
    assert stage.plan(plan).state is IntentState.CONFIRMED, stopped(stage, plan).trouble
    nothing_leaked(stage)
    stage.desk.privately.undo(stage.thread)
    stage.settle()
    assert stage.readers() == before


def test_an_asker_who_is_staff_is_not_taken_into_private(tmp_path: Path) -> None:
    for kind in (Stage, DiscourseStage):
        made = kind(tmp_path / kind.face, replies=False)
        thread = made.community.open_thread_as(
            made.me, made.forum("Billing"), "A question by one of the team", "x" * 40
        )
        made.pull(thread.id, thread.posts)
        ref = made.thread.sibling(made.thread.kind, str(thread.id))
        found = made.desk.privately.plan(ref, made.wanted(hide=False), WORDING, made.around)
        assert not found.possible
        assert "customer_is_staff" in {remark.code for remark in found.blocked}
        made.close()
