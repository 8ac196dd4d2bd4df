"""A thread goes private on the sample NodeBB and comes back: what everybody reads, step by step."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from moderation.cases import CaseState
from moderation.conversion import Place, Shape
from moderation.ids import Kind
from moderation.intents import IntentState
from tests.conversion.on_discourse import DiscourseStage
from tests.conversion.stage import BYSTANDER, COMPANY, CUSTOMER, OUTSIDER, PHONE, SECRET, Stage

OUTSIDERS = (None, OUTSIDER, BYSTANDER)
WAYS = [(Place.CATEGORY, Shape.CONTINUE), (Place.CHAT, Shape.CONTINUE), (Place.CATEGORY, Shape.TAKE)]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path / "home")
    yield made
    made.close()


@pytest.mark.parametrize(("place", "shape"), WAYS)
def test_it_goes_private_and_comes_back(stage: Stage, place: Place, shape: Shape) -> None:
    before = stage.readers()
    assert all(len(secrets) == 2 for secrets in before.values())
    plan = stage.convert(place, shape)
    stage.settle()
    done = stage.plan(plan)
    assert [(i.payload["what"], i.state, i.trouble) for i in done.intents if i.state is not IntentState.CONFIRMED] == []
    for who in OUTSIDERS:
        assert stage.secrets_of(who, over_http=True) == frozenset(), who
        assert "we go on with this in private" in stage.seen_by(who)
    assert stage.secrets_of(CUSTOMER, over_http=True) == {SECRET, PHONE}
    case = stage.case()
    assert case.state is CaseState.OPEN
    assert len(case.steps) == len(done.intents)
    back, undo = stage.desk.privately.undo(stage.thread)
    assert back is not None, undo.missing
    stage.settle()
    assert [
        (i.payload["what"], i.state) for i in stage.plan(back).intents if i.state is not IntentState.CONFIRMED
    ] == []
    assert stage.readers() == before
    assert stage.case().state is CaseState.UNDONE
    assert "we go on with this in private" not in stage.seen_by(OUTSIDER)
    assert not stage.lets_in(CUSTOMER)


def test_the_pointer_speaks_for_the_company_and_nobody_for_the_customer(stage: Stage) -> None:
    stage.convert()
    stage.settle()
    pointer = stage.case().made("pointer")
    assert pointer is not None
    assert pointer.kind is Kind.POST
    assert stage.community.state.post(int(pointer.native)).author == stage.community.uid(COMPANY)
    copy = stage.case().made("thread")
    assert copy is not None
    thread = stage.community.state.thread(int(copy.native))
    assert thread.author == stage.community.uid(stage.me)
    assert thread.tags == (stage.case().key,)
    text = stage.community.state.post(thread.posts[0]).text
    assert f"> My order {SECRET}" in text
    assert f"> Call me at {PHONE}" in text


@pytest.mark.parametrize("kind", [Stage, DiscourseStage])
def test_what_is_said_in_a_thread_while_it_is_private_never_turns_public(kind: type[Stage], tmp_path: Path) -> None:
    stage = kind(tmp_path / "taken", replies=False)
    plan = stage.convert(shape=Shape.TAKE)
    stage.settle()
    assert stage.plan(plan).state is IntentState.CONFIRMED
    said = stage.community.reply_as(CUSTOMER, int(stage.thread.native), f"Call me at {PHONE}, this is between us.")
    stage.pull(int(stage.thread.native), [said.id])
    back, undo = stage.desk.privately.undo(stage.thread)
    assert back is not None, undo.missing
    assert {remark.code: remark.count for remark in undo.remarks}["words_hidden"] == 1
    stage.settle()
    assert stage.case().state is CaseState.UNDONE
    assert stage.secrets_of(OUTSIDER) == {SECRET}, "what was public before, and nothing else"
    stage.close()
