"""A thread that was taken private comes back: the server is asked first what stands there that nobody outside has read,
whatever the mirror knows.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from moderation.cases import CaseState
from moderation.conversion import Shape
from moderation.intents import Intent, IntentState, Plan
from moderation.records import Records
from sync.nodebb.push.returning import Returning
from sync.sandbox.state import posts
from tests.conversion.on_discourse import DiscourseStage
from tests.conversion.stage import ADMIN, CUSTOMER, OUTSIDER, PHONE, SECRET, WORDING, Stage

WORDS = "and between us: my daughter lives at 12 Larch Lane"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path / "home")
    yield made
    made.close()


def taken(stage: Stage) -> None:
    """The thread leaves as it is: nothing in it is hidden before."""
    wanted = stage.wanted(shape=Shape.TAKE, hide=False)
    plan, found = stage.desk.privately.convert(stage.thread, wanted, WORDING, stage.around)
    assert plan is not None, found.blocked
    stage.settle()
    stage.ground.pass_time(60.0)
    assert stage.plan(plan).state is IntentState.CONFIRMED


def edit(stage: Stage, number: int, text: str, by: str, title: str | None = None) -> None:
    state = stage.community.state
    stage.ground.pass_time(5.0)
    with state.lock:
        posts.edit(state, stage.community.uid(by), state.post(int(stage.posts[number].native)), text, title)


def back(stage: Stage) -> Plan:
    plan, undo = stage.desk.privately.undo(stage.thread)
    assert plan is not None, undo.missing
    stage.settle()
    return stage.plan(plan)


def refused(plan: Plan) -> tuple[str, str]:
    """Which step was refused, and why."""
    step = next(intent for intent in plan.intents if intent.state is not IntentState.CONFIRMED)
    assert step.state is IntentState.REFUSED, (step.payload["what"], step.state, step.trouble)
    return str(step.payload["what"]), str((step.trouble or {}).get("code"))


def seen(stage: Stage) -> str:
    return stage.seen_by(OUTSIDER, over_http=stage.face == "nodebb")


def ends_without(stage: Stage, words: str) -> None:
    """Taken back once more it comes to its end, and nobody outside reads the words."""
    assert words not in seen(stage)
    done = back(stage)
    assert [(i.payload["what"], i.trouble) for i in done.intents if i.state is not IntentState.CONFIRMED] == []
    assert stage.case().state is CaseState.UNDONE
    assert words not in seen(stage)
    assert stage.thread_shown_to(OUTSIDER)
    assert not stage.is_closed()


@pytest.mark.parametrize("kind", [Stage, DiscourseStage])
def test_a_reply_that_the_mirror_has_not_read_keeps_the_thread_private(kind: type[Stage], tmp_path: Path) -> None:
    stage = kind(tmp_path / "home")
    taken(stage)
    stage.community.reply_as(CUSTOMER, int(stage.thread.native), f"Only for you, {WORDS}.")
    assert refused(back(stage)) == ("move_back", "private_words_there")
    assert not stage.thread_shown_to(OUTSIDER)
    ends_without(stage, WORDS)
    assert stage.secrets_of(OUTSIDER) == {SECRET, PHONE}, "what was public before"
    stage.close()


def test_what_was_edited_in_private_stays_out_of_sight_with_its_revisions(stage: Stage) -> None:
    taken(stage)
    edit(stage, 0, f"My order {SECRET} {WORDS}", ADMIN)
    edit(stage, 0, f"My order {SECRET} went to the wrong place.", ADMIN)
    assert refused(back(stage)) == ("move_back", "private_words_there")
    ends_without(stage, WORDS)
    assert stage.secrets_of(OUTSIDER) == {SECRET, PHONE}, "the number stands in a bystander's quote too"


def test_a_post_that_was_hidden_before_and_shown_in_private_is_not_made_public(stage: Stage) -> None:
    state, gone = stage.community.state, int(stage.posts[1].native)
    with state.lock:
        posts.hide(state, stage.community.uid(ADMIN), state.post(gone))
    stage.pull(int(stage.thread.native), [gone])
    taken(stage)
    with state.lock:
        posts.restore(state, stage.community.uid(ADMIN), state.post(gone))
    assert refused(back(stage)) == ("move_back", "private_words_there")
    ends_without(stage, "Same here, but not with that number.")


def test_another_title_is_given_back_first(stage: Stage) -> None:
    taken(stage)
    title = stage.community.state.thread(int(stage.thread.native)).title
    edit(stage, 0, f"My order {SECRET} went to the wrong place.", ADMIN, f"Invoice, {WORDS}")
    assert refused(back(stage)) == ("move_back", "private_words_there"), "the opening post, with which it was changed"
    assert refused(back(stage)) == ("move_back", "private_title_there")
    assert WORDS not in seen(stage)
    edit(stage, 0, f"My order {SECRET} went to the wrong place.", ADMIN, title)
    ends_without(stage, WORDS)


def test_a_post_that_waits_for_approval_would_be_posted_in_public(stage: Stage) -> None:
    taken(stage)
    state = stage.community.state
    with state.lock:
        state.member(stage.community.uid(CUSTOMER)).reputation = -1
    held = stage.community.hold_as(CUSTOMER, int(stage.thread.native), f"I wait, {WORDS}")
    assert refused(back(stage)) == ("move_back", "private_words_wait")
    with stage.community.state.lock:
        stage.community.state.tables.held.pop(str(held.id))
    ends_without(stage, WORDS)


def test_what_comes_between_look_and_move_is_hidden_at_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    taken(stage)
    look = Returning.refusal

    def looked(self: Returning, intent: Intent) -> tuple[Exception | None, Records | None]:
        found = look(self, intent)
        if intent.payload.get("back"):
            stage.community.reply_as(CUSTOMER, int(stage.thread.native), f"In the last moment, {WORDS}")
        return found

    monkeypatch.setattr(Returning, "refusal", looked)
    assert back(stage).state is IntentState.CONFIRMED
    assert stage.thread_shown_to(OUTSIDER)
    assert WORDS not in seen(stage)


def test_on_discourse_too_what_was_edited_in_private_stays_there(tmp_path: Path) -> None:
    stage = DiscourseStage(tmp_path / "home")
    taken(stage)
    edit(stage, 2, f"Call me at {PHONE}, {WORDS}", ADMIN)
    assert refused(back(stage)) == ("move_back", "private_words_there")
    ends_without(stage, WORDS)
    stage.close()


def test_a_hidden_post_that_was_changed_does_not_show_again(stage: Stage) -> None:
    stage.convert()
    stage.settle()
    edit(stage, 2, f"Call me, {WORDS}", ADMIN)
    assert refused(back(stage)) == ("show", "changed_while_hidden")
    undo = stage.desk.privately.plan_back(stage.thread)
    assert {remark.code: remark.count for remark in undo.remarks}["changed_stays_hidden"] == 1
    ends_without(stage, WORDS)
    assert stage.secrets_of(OUTSIDER) == {SECRET}
