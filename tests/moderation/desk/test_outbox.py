"""The outbox as people see it, and their answers to it."""

import pytest

from moderation.actions import Action
from moderation.errors import NotAllowedError, UnknownIdError
from moderation.intents import Intent, IntentState, Plan, Receipt
from moderation.plans import Sender, Wish, make_plan
from tests.fakes.factory import ME, NAME, flag
from tests.moderation.desk.conftest import Room

S = IntentState
WAYS: dict[IntentState, tuple[IntentState, ...]] = {
    S.HELD: (),
    S.APPROVAL: (S.APPROVAL,),
    S.WAITING: (S.WAITING,),
    S.SENDING: (S.WAITING, S.SENDING),
    S.IN_DOUBT: (S.WAITING, S.SENDING, S.IN_DOUBT),
    S.CONFIRMED: (S.WAITING, S.SENDING, S.CONFIRMED),
    S.REFUSED: (S.WAITING, S.SENDING, S.REFUSED),
    S.CONFLICT: (S.WAITING, S.CONFLICT),
    S.CANCELLED: (S.CANCELLED,),
}


def brought(room: Room, state: IntentState, question: str | None = None, note: str | None = None) -> Plan:
    """A decision on item 1, brought into a state as engine and person would."""
    plan = room.desk.triage.decide(flag(), "resolve", note=note)
    ident, now = plan.intents[0].id, S.HELD
    for to in WAYS[state]:
        facts = {"receipt": Receipt("r1", str(ME), room.clock.now())} if to is S.CONFIRMED else {}
        assert room.journal.move(ident, now, to, **facts)
        now = to
    if question:
        room.journal.update(ident, question=question)
    return plan


def first(room: Room, plan: Plan) -> Intent:
    found = room.journal.plan(plan.id)
    assert found is not None
    return found.intents[0]


@pytest.mark.parametrize(
    ("state", "question", "code"),
    [
        (S.HELD, None, "not_retryable"),
        (S.IN_DOUBT, None, "still_looking"),
        (S.REFUSED, None, "not_retryable"),
        (S.CONFLICT, None, "not_retryable"),
        (S.CANCELLED, None, "not_retryable"),
    ],
)
def test_what_cannot_be_retried_says_so_and_stays(
    room: Room, state: IntentState, question: str | None, code: str
) -> None:
    plan = brought(room, state, question)
    with pytest.raises(NotAllowedError) as refused:
        room.desk.outbox.retry(plan.intents[0].id)
    assert refused.value.code == code
    assert first(room, plan).state is state


@pytest.mark.parametrize("state", [S.SENDING, S.CONFIRMED])
def test_what_left_by_itself_meanwhile_is_no_mistake_and_not_sent_again(room: Room, state: IntentState) -> None:
    plan = brought(room, state, None)
    assert room.desk.outbox.retry(plan.intents[0].id).state is state
    assert first(room, plan).state is state


@pytest.mark.parametrize(
    ("state", "question"),
    [
        (S.IN_DOUBT, "absent"),
        (S.IN_DOUBT, "restored"),
        (S.IN_DOUBT, "server_restored"),
        (S.IN_DOUBT, "unclear"),
        (S.APPROVAL, "stale"),
        (S.WAITING, None),
    ],
)
def test_a_person_sends_what_waits_for_a_person(room: Room, state: IntentState, question: str | None) -> None:
    plan = brought(room, state, question)
    room.clock.advance(3 * 3600)
    intent = room.desk.outbox.retry(plan.intents[0].id)
    assert (intent.state, intent.question) == (S.WAITING, None)
    assert "outbox" in room.engine.woken


@pytest.mark.parametrize("state", [S.HELD, S.APPROVAL, S.WAITING, S.IN_DOUBT])
def test_cancel_ends_the_plan_with_the_steps_behind(room: Room, state: IntentState) -> None:
    plan = brought(room, state, note="behind it")
    room.desk.outbox.cancel(plan.intents[0].id)
    found = room.journal.plan(plan.id)
    assert found is not None
    assert {i.state for i in found.intents} == {S.CANCELLED}
    assert room.desk.outbox.intents() == []


@pytest.mark.parametrize("state", [S.SENDING, S.CONFIRMED])
def test_what_left_or_happened_is_not_cancelled(room: Room, state: IntentState) -> None:
    plan = brought(room, state)
    with pytest.raises(NotAllowedError) as refused:
        room.desk.outbox.cancel(plan.intents[0].id)
    assert refused.value.code == "not_cancellable"
    assert first(room, plan).state is state


@pytest.mark.parametrize("state", [S.REFUSED, S.CONFLICT])
def test_what_ended_otherwise_stays_in_sight_until_a_person_closes_it(room: Room, state: IntentState) -> None:
    plan = brought(room, state, note="behind it")
    assert plan.intents[0].id in [intent.id for intent in room.desk.outbox.intents()]
    room.desk.outbox.cancel(plan.intents[0].id)
    assert first(room, plan).state is state
    assert room.desk.outbox.intents() == []
    found = room.journal.plan(plan.id)
    assert found is not None
    assert found.intents[1].state is S.CANCELLED


def test_cancel_races_with_the_engine_and_never_half_wins(room: Room) -> None:
    """The engine took it between reading and cancelling: the person is told, and it goes on."""
    plan = brought(room, S.WAITING)
    real = room.journal.intent
    calls = 0

    def late(intent: str) -> Intent | None:
        nonlocal calls
        calls += 1
        found = real(intent)
        if calls == 1:
            room.journal.move(plan.intents[0].id, S.WAITING, S.SENDING)
        return found

    room.journal.intent = late  # type: ignore[method-assign]
    with pytest.raises(NotAllowedError):
        room.desk.outbox.cancel(plan.intents[0].id)
    assert first(room, plan).state is S.SENDING


def test_the_groups_of_the_screen(room: Room) -> None:
    doubt = brought(room, S.IN_DOUBT)
    room.desk.triage.decide(flag(2), "resolve", note="n")
    groups = room.desk.outbox.groups()
    assert [entry.intent.plan for entry in groups.needs_person] == [doubt.id]
    assert sorted((entry.step, entry.steps) for entry in groups.on_the_way) == [(1, 2), (2, 2)]
    assert groups.done == ()
    room.desk.triage.undo()
    assert {entry.intent.state for entry in room.desk.outbox.groups().done} == {S.CANCELLED}


def test_a_held_intent_counts_down_from_when_it_was_first_seen(room: Room) -> None:
    plan = brought(room, S.HELD)
    ((intent, deadline),) = room.desk.outbox.held()
    assert intent.id == plan.intents[0].id
    room.clock.advance(2)
    ((_, again),) = room.desk.outbox.held()
    assert again == deadline
    assert again - room.clock.monotonic() == pytest.approx(3)


def test_an_unknown_intent_is_refused(room: Room) -> None:
    for verb in (room.desk.outbox.retry, room.desk.outbox.cancel):
        with pytest.raises(UnknownIdError):
            verb("no such intent")


def test_a_plan_has_all_its_steps_however_many_decisions_came_after_it(room: Room) -> None:
    plan = brought(room, S.CONFLICT, note="And a note")
    clock, ids = room.clock, room.desk.bench.ids
    later = [
        make_plan([Wish(Action.RESOLVE, flag(2))], Sender(NAME, ME), now=clock.now(), new_id=ids.new, hold_seconds=0)
        for _ in range(201)
    ]
    room.journal.add(*later)
    entry = next(one for one in room.desk.outbox.groups().needs_person if one.intent.plan == plan.id)
    assert (entry.step, entry.steps) == (1, 2)
