"""A thread that comes back is closed for replies meanwhile: what a case tells of its lock, and what is planned."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.actions import Action
from moderation.cases import STOOD, TAKES_BACK, UNSURE, Case, CaseStep, step_of
from moderation.conversion import Scene, Undo, plan_undo
from moderation.conversion.locking import Lock, lock_of, stays_private
from moderation.ids import Kind, Ref
from moderation.intents import IntentState
from tests.conversion.test_coming_back import WORDS
from tests.factory import intent
from tests.moderation.test_conversion import AT, FORUM, NAME, THREAD, post, ref, row, scene
from tests.moderation.test_conversion_discourse import case, here, step

INSIDE = ref(Kind.FORUM, 17)
LEFT = step(Action.MOVE, THREAD.id, "event:5", what="move", from_forum=str(FORUM.id), was_public=["10"])
CONVERTED = step(Action.CONVERT, THREAD.id, "thread:156@private.17", from_forum=str(FORUM.id), was_public=["10"])


def done(what: str, minute: int, receipt: str = "event:9", **facts: object) -> CaseStep:
    """A step of an earlier way back."""
    made = step(Action.LOCK, THREAD.id, receipt, what=what, back=True, **facts)
    return replace(made, intent=f"{what}{minute}", at=AT + timedelta(minutes=minute))


def given_up(what: str, minute: int) -> CaseStep:
    """One that was sent, and closed before anybody knew."""
    return replace(done(what, minute, "", **{UNSURE: True}), state=IntentState.CANCELLED)


def stood(what: str, minute: int) -> CaseStep:
    return done(what, minute, f"thread:156{STOOD}i")


def there(**facts: object) -> Scene:
    """The thread stands in the customer's forum."""
    away = replace(THREAD, forum=INSIDE)
    return scene(post(10, "A question"), **{"thread": away, **facts})  # type: ignore[arg-type]


def whats(undo: Undo) -> list[str]:
    return [one.what for one in undo.steps]


def test_the_thread_is_closed_first_and_opened_behind_the_move() -> None:
    words = post(11, WORDS)
    undo = plan_undo(case(LEFT, shape="take"), there(posts=(post(10, "A question"), words)))
    assert whats(undo)[:4] == ["lock", "hide_words", "move_back", "unlock"]
    lock, _, move, unlock = (one.wish for one in undo.steps[:4])
    assert (lock.action, lock.target, lock.payload["ensure"]) == (Action.LOCK, THREAD.id, True)
    assert (unlock.action, unlock.payload[TAKES_BACK]) == (Action.UNLOCK, "lock")
    assert move.payload["closed"] is True
    assert "closed_meanwhile" in {one.code for one in undo.remarks}


def test_on_discourse_it_is_archived_so_that_nothing_is_edited_either() -> None:
    undo = plan_undo(case(CONVERTED, shape="take"), here(post(10, "A question"), thread=replace(THREAD, forum=None)))
    assert [one.wish.action for one in undo.steps] == [Action.ARCHIVE, Action.CONVERT, Action.UNARCHIVE]


def test_a_thread_that_never_left_or_is_closed_already_is_left_alone() -> None:
    assert "lock" not in whats(plan_undo(case(step(Action.HIDE, ref(Kind.POST, 10), "post:10@hidden.1")), there()))
    closed = plan_undo(case(LEFT, shape="take"), there(thread=replace(THREAD, forum=INSIDE, locked=True)))
    assert whats(closed) == ["move_back"]
    assert "closed_meanwhile" not in {one.code for one in closed.remarks}


def test_who_may_not_close_it_is_told_which_right_is_missing() -> None:
    undo = plan_undo(case(LEFT, shape="take"), there(community=row(("member",))))
    assert {(one.right, one.step) for one in undo.missing} >= {("moderator", "lock"), ("moderator", "unlock")}
    assert not undo.possible


@pytest.mark.parametrize(
    ("steps", "lock"),
    [
        ((), Lock()),
        ((done("lock", 1),), Lock(stands=True)),
        ((stood("lock", 1),), Lock()),
        ((done("lock", 1), done("unlock", 2)), Lock()),
        ((done("unlock", 2), done("lock", 1)), Lock()),
        ((done("lock", 1), done("unlock", 2), done("lock", 3)), Lock(stands=True)),
        ((done("lock", 1), stood("lock", 2)), Lock(stands=True)),
        ((given_up("lock", 1),), Lock(unsure=True)),
        ((given_up("lock", 1), done("lock", 2)), Lock(stands=True)),
        ((given_up("lock", 1), stood("lock", 2)), Lock()),
        ((done("lock", 1), given_up("unlock", 2)), Lock(stands=True)),
    ],
)
def test_how_the_lock_stands(steps: tuple[CaseStep, ...], lock: Lock) -> None:
    assert lock_of(case(LEFT, *steps)) == lock


def test_a_lock_that_stands_is_not_made_twice_and_is_opened_whoever_made_it() -> None:
    closed = there(thread=replace(THREAD, forum=INSIDE, locked=True))
    undo = plan_undo(case(LEFT, done("lock", 1), shape="take"), closed)
    assert whats(undo) == ["move_back", "unlock"]
    assert TAKES_BACK not in undo.steps[1].wish.payload
    assert "closed_meanwhile" in {one.code for one in undo.remarks}
    opened = plan_undo(case(LEFT, done("lock", 1), shape="take"), there())
    assert whats(opened) == ["lock", "move_back", "unlock"], "somebody has opened it meanwhile"


def test_a_lock_that_was_given_up_is_looked_for() -> None:
    closed = there(thread=replace(THREAD, forum=INSIDE, locked=True))
    undo = plan_undo(case(LEFT, given_up("lock", 1), shape="take"), closed)
    assert whats(undo) == ["lock", "move_back", "unlock"]
    assert undo.steps[0].wish.payload[UNSURE] is True


def test_a_thread_that_is_back_is_not_closed_again() -> None:
    steps = (LEFT, done("lock", 1), done("move_back", 2), done("unlock", 3))
    assert "lock" not in whats(plan_undo(case(*steps, shape="take"), there(thread=THREAD)))
    assert "lock" in whats(plan_undo(case(*steps, shape="take"), there())), "it is away, whatever the steps say"


@pytest.mark.parametrize(
    ("made", "stays"),
    [
        (lambda: done("hide_words", 2), True),
        (lambda: given_up("hide_words", 2), True),
        (lambda: stood("move_back", 2), True),
        (lambda: done("move_back", 2), False),
        (lambda: given_up("move_back", 2), False),
        (lambda: done("people_out", 2), False),
    ],
)
def test_what_has_begun_to_be_public_is_not_kept_private(made: Callable[[], CaseStep], stays: bool) -> None:
    found: Case = case(LEFT, done("lock", 1), made())
    assert stays_private(found) is stays


def test_a_step_that_was_given_up_is_known_as_such() -> None:
    thread = Ref(NAME, Kind.THREAD, "156")
    sent = intent(on=thread, action=Action.LOCK, state=IntentState.CANCELLED, attempts=1)
    assert step_of(sent, "case-156", AT).facts[UNSURE] is True
    assert UNSURE not in step_of(replace(sent, attempts=0), "case-156", AT).facts
