"""A thread that comes back takes no replies until it is there: what is said after the look has nowhere to go, and
whoever writes there is not locked out for good.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from moderation.cases import CaseState
from moderation.errors import NotAllowedError
from moderation.intents import Intent, IntentState, Plan
from sync.sandbox.state import threads
from tests.conversion.on_discourse import DiscourseStage
from tests.conversion.runs import MOVES
from tests.conversion.stage import ADMIN, CUSTOMER, OUTSIDER, Stage
from tests.conversion.test_coming_back import back, refused, taken
from tests.faults.kinds import Kind as Fault
from tests.faults.kinds import Rule

WORDS = "and between us: my daughter lives at 12 Larch Lane"
MINUTES = 240.0


@pytest.fixture(params=[Stage, DiscourseStage])
def stage(request: pytest.FixtureRequest, tmp_path: Path, expected_logs: list[str]) -> Iterator[Stage]:
    expected_logs.append(r"^sync\.http\.pacing: ")
    made: Stage = request.param(tmp_path / "home")
    taken(made)
    yield made
    made.close()


@pytest.fixture
def forum(tmp_path: Path, expected_logs: list[str]) -> Iterator[Stage]:
    """A NodeBB alone."""
    expected_logs.append(r"^sync\.http\.pacing: ")
    made = Stage(tmp_path / "home")
    taken(made)
    yield made
    made.close()


def late(stage: Stage, path: str) -> Intent:
    """Taking it back is begun, the request to this path is lost on its way, and the person gives it up."""
    stage.ground.proxy.rules.append(Rule(Fault.LATE, path, "PUT", seconds=MINUTES))
    plan, undo = stage.desk.privately.undo(stage.thread)
    assert plan is not None, undo.missing
    for _ in range(4):
        stage.flush()
    doubtful = next(i for i in stage.plan(plan).intents if i.state is not IntentState.CONFIRMED)
    assert doubtful.state is IntentState.IN_DOUBT, (doubtful.payload["what"], doubtful.state, doubtful.trouble)
    return stage.desk.outbox.cancel(doubtful.id)


def whats(plan: Plan) -> list[str]:
    return [str(intent.payload["what"]) for intent in plan.intents]


def over(stage: Stage, done: Plan) -> None:
    """Taken back, and everybody may write again."""
    assert [(i.payload["what"], i.trouble) for i in done.intents if i.state is not IntentState.CONFIRMED] == []
    assert stage.case().state is CaseState.UNDONE
    assert stage.thread_shown_to(OUTSIDER)
    assert not stage.is_closed()
    assert stage.say("Thank you, that helps others too.")


def lock(stage: Stage, *, closed: bool = True) -> None:
    """A moderator closes the thread, or opens it; no mirror knows."""
    state = stage.community.state
    with state.lock:
        threads.set_locked(state, stage.community.uid(ADMIN), state.thread(int(stage.thread.native)), closed)


def test_a_request_that_arrives_minutes_later_shows_nothing_that_was_said_meanwhile(stage: Stage) -> None:
    assert late(stage, MOVES[stage.face]).payload["what"] == "move_back"
    assert stage.thread_shown_to(CUSTOMER), "it is read, only not written in"
    assert not stage.say(f"One thing more, {WORDS}")
    assert not stage.change(stage.posts[2], f"Call me, {WORDS}")
    assert not stage.thread_shown_to(OUTSIDER)
    stage.ground.pass_time(MINUTES + 1)
    assert stage.thread_shown_to(OUTSIDER), "the request has arrived"
    assert WORDS not in stage.seen_by(OUTSIDER)
    over(stage, back(stage))


def test_after_a_refusal_the_next_way_back_opens_the_thread_and_does_not_close_it_twice(stage: Stage) -> None:
    assert stage.say(f"Only for you, {WORDS}")
    assert refused(back(stage)) == ("move_back", "private_words_there")
    assert stage.is_closed()
    said = {remark.code for remark in stage.desk.privately.plan_back(stage.thread).remarks}
    assert "closed_meanwhile" in said
    again = back(stage)
    assert whats(again)[:3] == ["hide_words", "move_back", "unlock"]
    over(stage, again)
    assert WORDS not in stage.seen_by(OUTSIDER)


def test_going_on_in_private_opens_the_thread_and_shows_there_what_was_said(stage: Stage) -> None:
    assert stage.say(f"Only for you, {WORDS}")
    assert refused(back(stage)) == ("move_back", "private_words_there")
    stage.community.reply_as(ADMIN, int(stage.thread.native), "We are on it.")
    assert refused(again := back(stage)) == ("move_back", "private_words_there")
    assert whats(again)[0] == "hide_words"
    assert whats(stage.desk.privately.resume(stage.thread)) == ["unlock", "show"]
    stage.settle()
    assert [p.text for p in stage.community.state.tables.posts.values() if p.hidden and WORDS in p.text] == []
    assert stage.case().state is CaseState.OPEN
    assert not stage.is_closed()
    assert stage.say(f"And this, {WORDS}")
    assert not stage.thread_shown_to(OUTSIDER)
    with pytest.raises(NotAllowedError, match="case_complete"):
        stage.desk.privately.resume(stage.thread)
    assert refused(back(stage)) == ("move_back", "private_words_there")
    assert stage.is_closed(), "closed once more"


def test_what_may_still_arrive_is_not_kept_private(forum: Stage) -> None:
    late(forum, MOVES["nodebb"])
    forum.ground.pass_time(100.0)
    with pytest.raises(NotAllowedError, match="case_going_back"):
        forum.desk.privately.resume(forum.thread)
    with pytest.raises(NotAllowedError, match="case_under_way"):
        forum.desk.privately.close(forum.thread)
    assert forum.is_closed()
    forum.ground.pass_time(MINUTES)
    over(forum, back(forum))


def test_a_thread_that_a_moderator_had_closed_stays_closed(stage: Stage) -> None:
    lock(stage)
    assert back(stage).state is IntentState.CONFIRMED
    assert stage.thread_shown_to(OUTSIDER)
    assert stage.community.state.thread(int(stage.thread.native)).locked


def test_a_lock_that_was_given_up_is_found_or_made_again_and_opened(forum: Stage) -> None:
    assert late(forum, r"/lock\?").payload["what"] == "lock"
    with pytest.raises(NotAllowedError, match="case_settling"):
        forum.desk.privately.undo(forum.thread)
    forum.ground.pass_time(MINUTES)
    assert forum.is_closed(), "it has arrived"
    over(forum, back(forum))


def test_a_thread_that_somebody_opened_meanwhile_is_closed_again_first(forum: Stage) -> None:
    assert forum.say(f"Only for you, {WORDS}")
    assert refused(back(forum)) == ("move_back", "private_words_there")
    lock(forum, closed=False)
    assert forum.say(f"And another word, {WORDS}")
    assert refused(back(forum)) == ("move_back", "thread_not_closed")
    assert not forum.thread_shown_to(OUTSIDER)
    assert whats(again := back(forum))[:2] == ["lock", "move_back"]
    assert refused(again) == ("move_back", "private_words_there")
    over(forum, back(forum))
    assert WORDS not in forum.seen_by(OUTSIDER)
