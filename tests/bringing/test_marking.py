"""Marking the answer on the sample Discourse, and posting there once for a case."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from moderation.actions import Action
from moderation.bringing import FindIn
from moderation.content import Thread
from moderation.errors import RefusedError
from moderation.ids import Kind, Ref
from moderation.intents import IntentState
from sync.connector import Answer, Standing
from sync.sandbox.discourse.extras import extras
from tests.bringing.solved import PUBLIC, Solved
from tests.conformance.acting import Actor
from tests.conformance.memory import MemoryMirror
from tests.conversion.on_discourse import DiscourseStage
from tests.sync.discourse.deeds import DEEDS
from tests.sync.discourse.face import World, ref, small_face

LONG = "Open Account, then Addresses, and set the new flat as billing address."


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with small_face() as made:
        yield made


def head(world: World, thread: Ref) -> Thread:
    """The thread as it is read."""
    batches = world.connect().fetch([thread], MemoryMirror())
    return next(one for batch in batches for records in batch.records for one in records.threads)


def test_an_answer_is_marked_once_and_never_in_the_place_of_another(world: World) -> None:
    actor = world.actor()
    post = DEEDS[Action.MARK_ANSWER](world, actor).target
    done = actor.act(Action.MARK_ANSWER, post)
    assert done.evidence.answer is Answer.HAPPENED
    assert extras(world.community.state).answers[world.community.state.post(int(post.native)).thread] == int(
        post.native
    )
    _, again = actor.before(actor.intent(Action.MARK_ANSWER, post))
    assert again.standing is Standing.ALREADY
    other = world.community.reply_as("pippa_thistlewood", world.community.state.post(int(post.native)).thread, LONG)
    _, before = actor.before(actor.intent(Action.MARK_ANSWER, ref(Kind.POST, other.id)))
    assert before.changed == {"answer": "other"}


def test_what_the_server_lets_mark_is_read_from_the_thread(world: World) -> None:
    _, _, thread = world.reported_post()
    assert str(Action.MARK_ANSWER) in (head(world, thread).permitted or ())
    extras(world.community.state).solved = False
    try:
        assert str(Action.MARK_ANSWER) not in (head(world, thread).permitted or ())
        actor = world.actor()
        post = world.community.state.thread(int(thread.native)).posts[-1]
        with pytest.raises(RefusedError, match="answers_not_marked"):
            actor.before(actor.intent(Action.MARK_ANSWER, ref(Kind.POST, post)))
    finally:
        extras(world.community.state).solved = True


def test_what_a_case_says_in_a_thread_stands_there_once(world: World) -> None:
    _, _, thread = world.reported_post()
    first = world.actor()
    done = first.act(Action.REPLY, thread, text=LONG, case="case-1")
    colleague = Actor(world.connect())
    intent, before = colleague.before(colleague.intent(Action.REPLY, thread, text=LONG, case="case-1"))
    hints = colleague.connection.push(Action.REPLY).send(intent, before)
    evidence = colleague.look(intent, hints)
    assert evidence.receipt is not None
    assert done.evidence.receipt is not None
    assert evidence.receipt.server_id == done.evidence.receipt.server_id
    texts = [world.community.state.post(one).text for one in world.community.state.thread(int(thread.native)).posts]
    assert texts.count(LONG) == 1


@pytest.mark.parametrize(("change", "code"), [("locked", "answer_thread_locked"), ("hidden", "answer_thread_hidden")])
def test_a_thread_that_was_closed_or_taken_away_takes_no_public_answer(world: World, change: str, code: str) -> None:
    _, _, thread = world.reported_post()
    setattr(world.community.state.thread(int(thread.native)), change, True)
    actor = world.actor("osric_vale")
    with pytest.raises(RefusedError, match=code):
        actor.before(actor.intent(Action.REPLY, thread, text=LONG, only_open=True))


def test_the_answer_of_a_case_on_discourse_is_posted_and_marked(
    tmp_path: Path, find: FindIn, expected_logs: list[str]
) -> None:
    expected_logs.append(r"^sync\.http\.pacing: ")
    solved = Solved(tmp_path / "home", find, kind=DiscourseStage)
    try:
        opened = solved.open()
        assert opened.proposal.text.endswith(PUBLIC)
        assert opened.texts.known.complete
        assert opened.marks
        plan = solved.post()
        assert [str(intent.action) for intent in plan.intents] == ["x:reply", "x:mark_answer"]
        solved.stage.settle()
        assert [intent.state for intent in solved.stage.plan(plan).intents] == [IntentState.CONFIRMED] * 2
        (answer,) = solved.answers()
        assert extras(solved.stage.community.state).answers == {int(solved.thread.native): answer.id}
        assert solved.stage.case().made("answer") == solved.post_of(str(answer.id))
    finally:
        solved.stage.close()
