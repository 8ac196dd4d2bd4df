"""What goes out, in which order, as whom, and what is written down before and after."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from moderation.actions import Action
from moderation.errors import StoreError
from moderation.ids import Kind, Ref
from moderation.intents import Identities, Intent, IntentState, Plan
from moderation.plans import Wish
from moderation.ports import AuditEntry, Draft
from moderation.records import Records
from sync.outbox import FlushStoppedError
from tests.fakes import factory
from tests.fakes.community import Fault
from tests.fakes.factory import COLLEAGUE, ME, OFFICIAL, flag, thread_ref
from tests.sync.outbox.conftest import World

S = IntentState


def test_a_decision_is_sent_once_and_proven(world: World) -> None:
    intent = world.decide()
    assert world.run() is None
    after = world.now(intent)
    assert after.state is S.CONFIRMED
    assert after.receipt is not None
    (effect,) = world.server.of(intent)
    assert (after.receipt.server_id, after.receipt.by, after.attempts) == (effect.server_id, str(ME), 1)
    assert world.run() is None
    assert world.connection.sent == [intent.id]


def test_sending_is_on_the_disk_before_the_first_byte(world: World) -> None:
    intent = world.decide()
    seen: list[Intent] = []
    world.connection.between.append(lambda: seen.append(world.now(intent)))
    world.run()
    assert [(i.state, i.attempts, i.baseline is not None, i.sent_at is not None) for i in seen] == [
        (S.SENDING, 1, True, True)
    ]


def test_the_mirror_has_the_read_back_before_the_receipt_is_journalled(world: World) -> None:
    intent = world.decide()
    order: list[str] = []
    real_move, real_absorb = world.journal.move, world.outbox._performer._absorb

    def absorb(records: Sequence[Records]) -> None:
        order.append("mirror")
        real_absorb(records)

    world.outbox._performer._absorb = absorb

    def move(intent: str, expected: IntentState, to: IntentState, **facts: Any) -> Intent | None:
        order.append(str(to))
        return real_move(intent, expected, to, **facts)

    world.journal.move = move  # type: ignore[method-assign]
    world.run()
    assert order == ["mirror", "sending", "mirror", "confirmed"]
    assert world.absorbed[-1].items[0].state == "resolved"
    assert world.state(intent) is S.CONFIRMED


def test_steps_wait_for_the_receipt_of_the_one_before(world: World) -> None:
    wishes = [
        Wish(Action.RESOLVE, flag(), flag(), None, "v0"),
        Wish(Action.MESSAGE, factory.CUSTOMER, flag(), None, "v0", {"text": "We hid it"}),
        Wish(Action.NOTE, flag(), flag(), None, "v0", {"text": "for us"}),
    ]
    steps = world.plan(*wishes)
    world.fault("lost_before")
    world.run()
    assert [world.state(step) for step in steps] == [S.IN_DOUBT, S.BLOCKED, S.BLOCKED]
    world.settle()
    assert [world.state(step) for step in steps] == [S.CONFIRMED] * 3
    order = [effect.intent for effect in world.server.effects]
    assert order == [step.id for step in steps]


@pytest.mark.parametrize("kind", ["refused", "conflict"])
def test_a_step_that_ends_otherwise_leaves_the_rest_blocked_until_a_person_closes_it(world: World, kind: str) -> None:
    steps = world.plan(
        Wish(Action.RESOLVE, flag(), flag(), None, "v0"), Wish(Action.NOTE, flag(), flag(), None, "v0", {"text": "n"})
    )
    world.fault(kind)
    world.run()
    assert [world.state(step) for step in steps] == [S(kind), S.BLOCKED]
    world.clock.advance(3600)
    assert world.run() is None
    assert world.state(steps[1]) is S.BLOCKED
    world.journal.close_plan(steps[0].plan)
    assert [world.state(step) for step in steps] == [S(kind), S.CANCELLED]
    assert world.journal.attention() == []


def test_one_at_a_time_for_an_item_in_the_order_of_the_decisions(world: World) -> None:
    first, second = world.decide(Action.TAKE), world.decide(Action.RESOLVE)
    elsewhere = world.decide(target=flag(2))
    world.fault("lost_before")
    world.run()
    assert [world.state(i) for i in (first, second, elsewhere)] == [S.IN_DOUBT, S.WAITING, S.CONFIRMED]
    world.settle()
    assert world.state(second) is S.CONFIRMED
    assert [effect.intent for effect in world.server.effects] == [elsewhere.id, first.id, second.id]


def test_nothing_passes_a_reply_in_doubt_in_its_thread(world: World) -> None:
    first, second, elsewhere = world.reply("Same"), world.reply("Same"), world.reply("Same", thread_ref(2))
    world.fault("lost_before")
    world.run()
    assert [world.state(i) for i in (first, second, elsewhere)] == [S.IN_DOUBT, S.WAITING, S.CONFIRMED]


def test_who_waits_behind_a_question_does_not_keep_the_outbox_awake(world: World) -> None:
    world.reply()
    behind = world.reply("Later")
    world.fault("lost_before")
    world.until(lambda: world.now(behind).state is S.WAITING and world.journal.unfinished()[0].question == "absent")
    assert world.run() is None


def test_identity_is_read_again_before_a_flush(world: World) -> None:
    world.decide()
    world.run()
    world.clock.advance(60)
    before = world.connection.identified
    world.decide(target=flag(2))
    world.run()
    assert world.connection.identified == before + 1


def test_another_identity_stops_the_flush_and_everything_keeps_waiting(world: World) -> None:
    first, second = world.decide(), world.reply()
    world.server.identity = COLLEAGUE
    for _ in range(5):
        world.run()
        world.clock.advance(60)
    assert [world.state(i) for i in (first, second)] == [S.WAITING, S.WAITING]
    assert world.connection.sent == []
    world.server.identity = ME
    world.run()
    assert [world.state(i) for i in (first, second)] == [S.CONFIRMED, S.CONFIRMED]


def test_a_revoked_key_during_a_send_stops_the_flush_and_loses_nothing(world: World) -> None:
    first, second = world.decide(), world.reply()
    world.fault("sign_in")
    world.run()
    assert [world.state(i) for i in (first, second)] == [S.WAITING, S.WAITING]
    world.clock.advance(600)
    world.run()
    assert world.connection.sent == [first.id]
    world.server.identity = ME
    world.clock.advance(600)
    world.run()
    assert [world.state(i) for i in (first, second)] == [S.CONFIRMED, S.CONFIRMED]
    assert len(world.server.effects) == 2


def test_after_a_401_or_403_identity_is_read_again_at_once(world: World) -> None:
    intent = world.decide()
    world.fault("sign_in")
    world.run()
    world.server.identity = COLLEAGUE
    world.outbox.retry_now()
    world.run()
    assert (world.state(intent), world.connection.sent) == (S.WAITING, [intent.id])
    assert world.connection.identified == 2


def test_each_intent_goes_out_under_its_own_account(world: World) -> None:
    mine = world.reply("As me")
    official = world.reply("As the company", thread_ref(2), identity=Identities.OFFICIAL)
    world.run()
    assert world.connection.sent == [mine.id]
    assert world.official.sent == [official.id]
    assert {effect.by for effect in world.server.of(official)} == {OFFICIAL}


def test_older_than_thirty_minutes_asks_and_goes_once_it_was_answered(world: World) -> None:
    world.server.identity = None
    old = world.decide()
    world.run()
    world.clock.advance(31 * 60)
    world.server.identity = ME
    world.run()
    assert (world.state(old), world.now(old).question) == (S.APPROVAL, "stale")
    assert world.connection.sent == []
    assert world.journal.move(old.id, S.APPROVAL, S.WAITING, question=None, held_at=world.clock.now())
    world.run()
    assert world.state(old) is S.CONFIRMED


@pytest.mark.parametrize("kind", ["unreachable", "later"])
def test_a_send_that_certainly_did_nothing_does_not_count_as_sent(world: World, kind: str) -> None:
    """Offline in the middle of a flush, then the lid closed for an hour: a person is asked, as for all that waited."""
    intent = world.decide()
    world.fault(kind, seconds=5)
    world.run()
    assert (world.state(intent), world.now(intent).attempts, world.now(intent).baseline) == (S.WAITING, 0, None)
    world.clock.sleep(3600)
    world.clock.advance(60)
    world.run()
    assert (world.state(intent), world.now(intent).question) == (S.APPROVAL, "stale")


def test_a_colleagues_desk_that_took_the_turn_was_first(world: World) -> None:
    mine = world.decide()
    world.team.take_turn(str(flag()), "v0", "an intent of another desk")
    world.run()
    assert world.state(mine) is S.CONFLICT
    assert world.connection.sent == []


def test_an_own_turn_that_is_over_stops_nobody(world: World) -> None:
    refused = world.decide()
    world.fault("refused")
    world.run()
    again = world.decide(seen="v0")
    world.run()
    assert (world.state(refused), world.state(again)) == (S.REFUSED, S.CONFIRMED)


def test_every_end_stands_in_the_audit_log_once(world: World) -> None:
    done = world.decide(payload={"reason": "Spam", "policy": "P1"})
    refused = world.decide(target=flag(2))
    world.connection.between.append(lambda: world.fault("refused"))
    world.run()
    log = {entry.intent: entry for entry in world.team.audit()}
    assert {ident: entry.outcome for ident, entry in log.items()} == {done.id: "confirmed", refused.id: "refused"}
    assert (log[done.id].reason, log[done.id].policy, log[done.id].actor) == ("Spam", "P1", str(ME))
    receipt = world.now(done).receipt
    assert receipt is not None
    assert log[done.id].facts == {"receipt": receipt.server_id}


@pytest.mark.parametrize("restarted", [True, False])
def test_a_full_disk_at_the_audit_log_keeps_no_end_out_of_it_for_good(world: World, restarted: bool) -> None:
    intent, real = world.decide(), world.team.log

    def full(entry: AuditEntry) -> None:
        raise StoreError("disk_full", file="team")

    world.team.log = full  # type: ignore[method-assign]
    with pytest.raises(StoreError):
        world.outbox.run()
    assert world.state(intent) is S.CONFIRMED
    second = world.decide(target=flag(2))
    with pytest.raises(StoreError):
        world.outbox.run()
    world.team.log = real  # type: ignore[method-assign]
    if restarted:
        world.begin()
    world.decide(target=flag(3))
    world.run()
    assert {entry.intent for entry in world.team.audit()} >= {intent.id, second.id}


def test_the_draft_of_a_posted_reply_is_gone_unless_the_person_typed_on(world: World) -> None:
    place, other = f"reply:{thread_ref()}", f"reply:{thread_ref(2)}"
    world.journal.save_draft(Draft(place, "An answer  \r\n", world.clock.now()))
    world.journal.save_draft(Draft(other, "An answer, and more", world.clock.now()))
    world.reply("An answer")
    world.reply("An answer", thread_ref(2))
    world.run()
    assert world.journal.draft(place) is None
    assert world.journal.draft(other) is not None


def test_single_decisions_go_before_bulk(world: World) -> None:
    bulk = [world.decide(target=flag(n), payload={"bulk": "b"}) for n in range(1, 60)]
    single = world.reply()
    order: list[str] = []
    real = world.journal.move

    def move(intent: str, expected: IntentState, to: IntentState, **facts: Any) -> Intent | None:
        if to is S.SENDING:
            order.append(intent)
        return real(intent, expected, to, **facts)

    world.journal.move = move  # type: ignore[method-assign]
    world.run()
    assert order == [single.id, *(intent.id for intent in bulk)]


def test_without_the_company_key_ones_own_decisions_go_out(world: World) -> None:
    """The company's reply is the older one, and it stands first in every flush."""
    reply = world.reply("As the company", thread_ref(2), identity=Identities.OFFICIAL)
    behind = world.reply("As the company again", thread_ref(3), identity=Identities.OFFICIAL)
    world.official.faults += [Fault("sign_in", "identify")] * 3
    mine = world.decide()
    with pytest.raises(FlushStoppedError, match="signed_out"):
        world.outbox.run()
    assert (world.state(mine), world.state(reply), world.official.identified) == (S.CONFIRMED, S.WAITING, 1)
    wait = world.outbox.run()
    assert wait is not None
    assert wait > 0
    world.settle()
    assert world.state(reply) is S.CONFIRMED
    assert world.official.sent == [reply.id, behind.id]


def test_what_a_person_wants_to_see_interrupts_a_long_flush(world: World) -> None:
    intents = [world.decide(target=flag(n)) for n in range(1, 9)]
    world.outbox.run(lambda: len(world.connection.sent) < 3)
    assert world.connection.sent == [intent.id for intent in intents[:3]]
    world.run()
    assert len(world.connection.sent) == 8


def test_cancelled_between_look_and_send_is_not_sent(world: World) -> None:
    intent = world.decide()
    real = world.connection.push

    def push(action: Action) -> object:
        world.journal.move(intent.id, S.WAITING, S.CANCELLED)
        return real(action)

    world.connection.push = push  # type: ignore[method-assign, assignment]
    world.run()
    assert (world.state(intent), world.connection.sent) == (S.CANCELLED, [])


def test_a_held_member_of_a_community_that_is_gone_waits(world: World) -> None:
    """Intents of another community are not this outbox's business."""
    other = replace(
        factory.intent("zz", plan="zz"), community="other.example", target=Ref("other.example", Kind.FLAG, "1")
    )
    world.journal.add(Plan("zz", world.clock.now(), (other,)))
    assert world.run() is None
    assert world.connection.sent == []
