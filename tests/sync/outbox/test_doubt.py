"""In doubt: never repeated blindly, settled by looking, and at worst a person is asked."""

from dataclasses import replace
from typing import Any

import pytest

from moderation.actions import Action
from moderation.desk.bench import Bench
from moderation.desk.outbox import Outbox as DeskOutbox
from moderation.intents import Intent, IntentState, Plan, Receipt
from tests.fakes import factory
from tests.fakes.desk import FakeEngine, FakeMirror
from tests.fakes.factory import COLLEAGUE, ME, flag, thread_ref
from tests.sync.outbox.conftest import World

S = IntentState
DONE = ["lost_after", "stored_400", "unfit", "bug_after"]


def person(world: World) -> DeskOutbox:
    """A person at the desk over the same journal."""
    bench = Bench(FakeMirror(), world.journal, world.team, FakeEngine(), world.clock, world.ids)
    return DeskOutbox(bench)


@pytest.mark.parametrize("kind", DONE)
@pytest.mark.parametrize("action", [Action.RESOLVE, Action.REPLY, Action.NOTE])
def test_what_happened_without_an_answer_is_found_and_not_repeated(world: World, kind: str, action: Action) -> None:
    intent = world.reply() if action is Action.REPLY else world.decide(action, payload={"text": "An answer"})
    world.fault(kind)
    world.run()
    world.settle()
    assert world.state(intent) is S.CONFIRMED
    assert len(world.server.of(intent)) == 1
    assert world.connection.sent == [intent.id]


@pytest.mark.parametrize("restarted", [False, True])
def test_what_the_server_named_is_found_though_its_text_was_changed_before_the_look(
    world: World, restarted: bool
) -> None:
    """Its answer was a yes; reading back failed, and a colleague mended a word meanwhile."""
    intent = world.reply()
    world.fault("unreachable", "look")
    world.run()
    assert world.state(intent) is S.IN_DOUBT
    (line,) = world.server.thread(thread_ref())
    line.text = "An answer, mended"
    if restarted:
        world.begin()
    world.settle()
    assert world.state(intent) is S.CONFIRMED
    assert world.connection.sent == [intent.id]


def test_a_state_change_proven_absent_is_sent_again(world: World) -> None:
    intent = world.decide()
    world.fault("lost_before")
    started = world.clock.monotonic()
    world.settle()
    assert world.state(intent) is S.CONFIRMED
    assert world.connection.sent == [intent.id] * 2
    assert world.clock.monotonic() - started >= world.timing.settle


def test_absence_counts_only_after_the_settling_time_and_two_looks(world: World) -> None:
    intent = world.decide()
    world.fault("lost_before")
    world.run()
    looks: list[float] = []
    began, real = world.clock.monotonic(), world.connection.unsure

    def unsure() -> bool:
        looks.append(world.clock.monotonic() - began)
        return real()

    world.connection.unsure = unsure  # type: ignore[method-assign]
    looked: list[list[float]] = []
    world.connection.between.append(lambda: looked.append(list(looks)))
    world.settle()
    assert world.state(intent) is S.CONFIRMED
    (before_resend,) = looked
    settled = [at for at in before_resend if at >= world.timing.settle]
    assert len(before_resend) > len(settled)
    assert len(settled) == 3
    assert settled[1] - settled[0] >= world.timing.look_every
    assert settled[2] == pytest.approx(settled[1], abs=0.1)


@pytest.mark.parametrize("seconds", [1.0, 40.0, 89.0])
@pytest.mark.parametrize("action", [Action.RESOLVE, Action.REPLY])
def test_a_late_arrival_within_the_settling_time_is_found(world: World, seconds: float, action: Action) -> None:
    intent = world.reply() if action is Action.REPLY else world.decide()
    world.fault("late", seconds=seconds)
    world.run()
    assert world.state(intent) is S.IN_DOUBT
    world.settle()
    assert world.state(intent) is S.CONFIRMED
    assert len(world.server.of(intent)) == 1
    assert world.connection.sent == [intent.id]


def test_a_state_change_that_lands_between_proof_and_resend_is_still_found(world: World) -> None:
    """The last look comes after the look before sending: what landed by then is not sent again."""
    intent = world.decide()
    world.fault("late", seconds=30 * 60.0)
    world.run()
    real = world.journal.move

    def move(intent: str, expected: IntentState, to: IntentState, **facts: Any) -> Intent | None:
        if (expected, to) == (S.IN_DOUBT, S.WAITING):
            world.server.clock.advance(30 * 60)
        return real(intent, expected, to, **facts)

    world.journal.move = move  # type: ignore[method-assign]
    world.settle()
    assert world.state(intent) is S.CONFIRMED
    assert world.connection.sent == [intent.id]
    assert len(world.server.of(intent)) == 1


@pytest.mark.parametrize("action", [Action.REPLY, Action.NOTE, Action.MESSAGE])
def test_a_visible_act_proven_absent_is_offered_not_repeated(world: World, action: Action) -> None:
    target = {Action.REPLY: thread_ref(), Action.NOTE: flag(), Action.MESSAGE: factory.CUSTOMER}[action]
    intent = world.decide(action, target, payload={"text": "An answer"})
    world.fault("lost_before")
    world.settle()
    assert (world.state(intent), world.now(intent).question) == (S.IN_DOUBT, "absent")
    world.clock.advance(3600)
    assert world.run() is None
    assert world.connection.sent == [intent.id]
    person(world).retry(intent.id)
    world.run()
    assert world.state(intent) is S.CONFIRMED
    assert len(world.server.of(intent)) == 1


def test_a_reply_that_landed_before_the_person_sent_it_again_is_not_posted_twice(world: World) -> None:
    intent = world.reply()
    world.fault("late", seconds=3600.0)
    world.until(lambda: world.now(intent).question == "absent")
    world.clock.advance(3600)
    person(world).retry(intent.id)
    world.run()
    assert world.state(intent) is S.CONFIRMED
    assert (len(world.server.of(intent)), world.connection.sent) == (1, [intent.id])


def test_where_the_platform_guards_against_repeats_it_is_sent_again_once(world: World) -> None:
    world.connection.guarded = frozenset({Action.REPLY})
    intent = world.reply()
    world.fault("lost_before")
    world.fault("lost_before")
    world.settle()
    assert (world.state(intent), world.now(intent).question) == (S.IN_DOUBT, "absent")
    assert world.connection.sent == [intent.id] * 2


def test_a_state_change_that_gets_lost_again_and_again_is_asked_about(world: World) -> None:
    intent = world.decide()
    for _ in range(world.timing.most_sends):
        world.fault("lost_before")
    world.settle()
    assert (world.state(intent), world.now(intent).question) == (S.IN_DOUBT, "absent")
    assert len(world.connection.sent) == world.timing.most_sends


@pytest.mark.parametrize("kind", ["unfit", "unclear", "bug", "refused", "unsure"])
def test_a_look_that_cannot_tell_proves_nothing(world: World, kind: str) -> None:
    intent = world.reply()
    world.fault("lost_after")
    for _ in range(9):
        world.fault(kind, "look")
    world.run()
    world.until(lambda: not world.connection.faults)
    assert world.state(intent) is S.IN_DOUBT
    world.settle()
    assert world.state(intent) is S.CONFIRMED


@pytest.mark.parametrize("kind", ["unsure", "unfit"])
def test_where_no_look_can_ever_tell_a_person_is_asked_and_believed(world: World, kind: str) -> None:
    intent = world.reply()
    world.fault("lost_before")
    for _ in range(40):
        world.fault(kind, "look")
    world.settle()
    assert (world.state(intent), world.now(intent).question) == (S.IN_DOUBT, "unclear")
    assert world.connection.sent == [intent.id]
    person(world).retry(intent.id)
    world.connection.between.append(world.connection.faults.clear)
    world.run()
    assert world.state(intent) is S.CONFIRMED
    assert len(world.server.of(intent)) == 1


def test_not_being_able_to_look_at_all_asks_nobody(world: World) -> None:
    """Offline for an hour: that is no answer."""
    intent = world.reply()
    world.fault("lost_after")
    for _ in range(60):
        world.fault("unreachable", "look")
    world.until(lambda: not world.connection.faults)
    assert (world.state(intent), world.now(intent).question) == (S.IN_DOUBT, None)
    world.settle()
    assert world.state(intent) is S.CONFIRMED


@pytest.mark.parametrize("kind", ["unclear", "unsure"])
def test_a_look_that_cannot_tell_before_a_resend_sends_nothing(world: World, kind: str) -> None:
    intent = world.reply()
    world.fault("late", seconds=3 * 3600.0)
    world.until(lambda: world.now(intent).question == "absent")
    person(world).retry(intent.id)
    for _ in range(3):
        world.fault(kind, "look")
    world.run()
    assert (world.state(intent), world.connection.sent) == (S.WAITING, [intent.id])


def test_a_crash_while_sending_is_in_doubt_after_the_restart(world: World) -> None:
    intent = world.decide()
    assert world.journal.move(intent.id, S.WAITING, S.SENDING, attempts=1, baseline={"entries": 0})
    world.begin()
    world.run()
    assert (world.state(intent), world.connection.sent) == (S.IN_DOUBT, [])
    assert (world.now(intent).trouble or {})["code"] == "crashed_while_sending"
    world.settle()
    assert world.state(intent) is S.CONFIRMED
    assert world.connection.sent == [intent.id]


def test_a_restart_begins_the_settling_time_anew(world: World) -> None:
    intent = world.decide()
    world.fault("lost_before")
    world.run()
    world.clock.advance(80)
    world.begin()
    began = world.clock.monotonic()
    world.settle()
    assert world.state(intent) is S.CONFIRMED
    assert world.clock.monotonic() - began >= world.timing.settle


def test_one_effect_is_the_receipt_of_one_intent_only(world: World) -> None:
    """Two equal replies, both answers lost: each finds a post of its own."""
    first, second = world.reply("Same words"), world.reply("Same words")
    world.fault("lost_after")
    world.fault("lost_after")
    world.settle()
    receipts = [world.now(intent).receipt for intent in (first, second)]
    assert [world.state(intent) for intent in (first, second)] == [S.CONFIRMED, S.CONFIRMED]
    assert len({receipt.server_id for receipt in receipts if receipt is not None}) == 2
    assert len(world.server.effects) == 2


def test_what_is_another_intents_receipt_proves_nothing(world: World) -> None:
    """Whatever the baseline says: a post that proves one reply never proves a second."""
    first, second = world.reply("Same words"), world.reply("Same words")
    world.connection.between.append(lambda: world.fault("lost_before"))
    world.run()
    world.journal.update(second.id, baseline={"newest": 0})
    world.settle()
    assert world.state(first) is S.CONFIRMED
    assert (world.state(second), world.now(second).question) == (S.IN_DOUBT, "absent")


def test_an_equal_reply_by_hand_is_not_taken_for_ones_own_of_before(world: World) -> None:
    """The person posted the same words in a browser before: the baseline knows that post."""
    world.server.write(thread_ref(), "Same words", by=world.connection.me)
    intent = world.reply("Same words")
    world.fault("lost_before")
    world.settle()
    assert (world.state(intent), world.now(intent).question) == (S.IN_DOUBT, "absent")


def test_trailing_space_that_the_server_trims_is_the_same_text(world: World) -> None:
    intent = world.reply("An answer\r\nwith two lines \n\n")
    world.fault("lost_after")
    world.settle()
    assert world.state(intent) is S.CONFIRMED


def test_a_colleagues_equal_reply_proves_nothing(world: World) -> None:
    intent = world.reply("Me too")
    world.connection.between.append(lambda: world.server.write(thread_ref(), "Me too", by=COLLEAGUE))
    world.fault("lost_before")
    world.settle()
    assert (world.state(intent), world.now(intent).question) == (S.IN_DOUBT, "absent")


def test_what_a_person_closes_in_doubt_is_left_alone(world: World) -> None:
    intent = world.reply()
    world.fault("lost_before")
    world.run()
    person(world).cancel(intent.id)
    world.clock.advance(3600)
    assert world.run() is None
    assert (world.state(intent), world.connection.sent) == (S.CANCELLED, [intent.id])


def test_offline_while_in_doubt_proves_nothing(world: World) -> None:
    intent = world.decide()
    world.fault("lost_before")
    world.run()
    for _ in range(30):
        world.fault("unreachable", "look")
    world.until(lambda: not world.connection.faults)
    assert world.state(intent) is S.IN_DOUBT
    assert world.connection.sent == [intent.id]


def test_what_a_backup_brought_back_is_never_sent_by_itself(world: World) -> None:
    sent = world.decide()
    world.run()
    waiting = world.reply()
    doubtful = world.journal.check_generation(7)  # type: ignore[attr-defined]
    assert [intent.id for intent in doubtful] == [waiting.id]
    world.clock.advance(3600)
    assert world.run() is None
    assert (world.state(waiting), world.now(waiting).question) == (S.IN_DOUBT, "restored")
    assert world.connection.sent == [sent.id]
    person(world).retry(waiting.id)
    world.run()
    assert world.state(waiting) is S.CONFIRMED


def test_another_community_numbers_its_posts_alike(world: World) -> None:
    """Post 1 there is not post 1 here: a receipt of one community proves nothing about the other."""
    intent = world.reply()
    world.fault("lost_after")
    world.run()
    (effect,) = world.server.of(intent)
    other = replace(factory.intent("zz", plan="zz", state=S.SENDING), community="other.example")
    world.journal.add(Plan("zz", world.clock.now(), (other,)))
    receipt = Receipt(effect.server_id, str(ME), world.clock.now())
    assert world.journal.move("zz", S.SENDING, S.CONFIRMED, receipt=receipt)
    world.settle()
    assert world.state(intent) is S.CONFIRMED
