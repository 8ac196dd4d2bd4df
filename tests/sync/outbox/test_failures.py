"""What goes wrong on the way: it waits alone, or everything waits; nothing spins, nothing is lost."""

import logging

import pytest

from moderation.actions import Action
from moderation.errors import StoreError
from moderation.intents import Identities, IntentState
from moderation.plans import Sender, Wish, make_plan
from moderation.records import Records
from sync.outbox import FlushStoppedError
from sync.outbox.audit import AuditTrail
from tests.fakes.desk import FakeTeam
from tests.fakes.factory import ME, NAME, flag, thread_ref
from tests.sync.outbox.conftest import World

S = IntentState


def test_a_429_pauses_the_community_as_long_as_the_server_says(world: World) -> None:
    first, second = world.decide(), world.reply()
    world.fault("later", seconds=120)
    with pytest.raises(FlushStoppedError) as stopped:
        world.outbox.run()
    assert stopped.value.error.code == "too_many_requests"
    world.clock.advance(60)
    assert world.outbox.run() == pytest.approx(60)
    assert world.connection.sent == [first.id]
    world.clock.advance(61)
    world.run()
    assert [world.state(i) for i in (first, second)] == [S.CONFIRMED, S.CONFIRMED]


def test_without_a_time_the_pause_doubles_and_is_forgotten_by_a_success(world: World) -> None:
    world.decide()
    pauses: list[float] = []
    for _ in range(9):
        world.fault("unreachable", "before")
        world.run()
        pauses.append(world.outbox.run() or 0.0)
        world.clock.advance(pauses[-1])
    assert pauses == [pytest.approx(min(2.0**n, 60.0)) for n in range(9)]
    world.run()
    world.decide(target=flag(2))
    world.fault("unreachable", "before")
    world.clock.advance(3)
    world.run()
    assert world.outbox.run() == pytest.approx(1.0)


def test_a_person_need_not_wait_out_a_pause(world: World) -> None:
    intent = world.decide()
    world.fault("later", seconds=600)
    world.run()
    world.outbox.retry_now()
    world.run()
    assert world.state(intent) is S.CONFIRMED


def test_undo_windows_go_on_while_the_community_is_paused(world: World) -> None:
    world.decide()
    world.fault("later", seconds=600)
    world.run()
    held = world.reply(hold=5.0)
    assert world.outbox.run() == pytest.approx(5.0)
    world.clock.advance(5.1)
    world.outbox.run()
    assert world.state(held) is S.WAITING


@pytest.mark.parametrize("kind", ["unfit", "unclear", "bug"])
def test_one_that_cannot_be_read_waits_alone_longer_and_longer(
    world: World, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    broken = world.decide()
    for _ in range(4):
        world.fault(kind, "before")
    waits: list[float] = []
    while world.state(broken) is S.WAITING:
        wait = world.outbox.run()
        if wait is None:
            break
        waits.append(wait)
        world.clock.advance(wait)
    assert [round(wait) for wait in waits] == [1, 2, 4, 8]
    assert world.state(broken) is S.CONFIRMED
    assert [record.levelno for record in caplog.records] == ([logging.ERROR] * 4 if kind == "bug" else [])


def test_the_others_go_on_meanwhile(world: World) -> None:
    broken, fine = world.decide(), world.reply()
    world.fault("unfit", "before")
    world.run()
    assert [world.state(i) for i in (broken, fine)] == [S.WAITING, S.CONFIRMED]


def test_a_post_delay_concerns_one_intent_alone(world: World) -> None:
    delayed, fine = world.reply(), world.decide()
    world.fault("later_alone", seconds=120)
    assert world.run() == pytest.approx(120, abs=0.1)
    assert [world.state(i) for i in (delayed, fine)] == [S.WAITING, S.CONFIRMED]
    world.clock.advance(121)
    world.run()
    assert world.state(delayed) is S.CONFIRMED


def test_a_delay_of_a_day_does_not_spin(world: World) -> None:
    delayed = world.reply()
    world.fault("later_alone", seconds=86400)
    wait = world.run()
    assert wait is not None
    assert 60 <= wait <= 3600.1
    assert world.connection.sent == [delayed.id]


def test_a_clock_set_back_does_not_let_it_wait_for_ever(world: World) -> None:
    delayed = world.reply()
    world.fault("later_alone", seconds=120)
    world.run()
    world.clock.set_back(86400)
    world.run()
    assert world.state(delayed) is S.CONFIRMED


@pytest.mark.parametrize("kind", ["unreachable", "later", "sign_in", "unfit", "unclear", "refused"])
def test_no_answer_to_who_am_i_sends_nothing(world: World, kind: str) -> None:
    intent = world.decide()
    world.fault(kind, "identify")
    with pytest.raises(FlushStoppedError):
        world.outbox.run()
    assert (world.state(intent), world.connection.sent) == (S.WAITING, [])


def test_refused_before_sending_is_refused(world: World) -> None:
    intent = world.reply(target=thread_ref(3))
    world.fault("refused", "before")
    world.run()
    assert (world.state(intent), world.connection.sent) == (S.REFUSED, [])


def test_a_mirror_that_cannot_be_written_keeps_the_receipt_back(world: World) -> None:
    """A read-back enters the mirror first; until it can, the intent is in doubt and is not sent again."""
    intent = world.decide()
    absorbed, full = world.outbox._performer._absorb, [False]

    def absorb(records: list[Records]) -> None:
        if full[0]:
            raise StoreError("disk_full", file="mirror")
        absorbed(records)

    world.outbox._performer._absorb = absorb  # type: ignore[assignment]
    world.connection.between.append(lambda: full.__setitem__(0, True))
    with pytest.raises(StoreError):
        world.outbox.run()
    assert world.state(intent) is S.SENDING
    with pytest.raises(StoreError):
        world.outbox.run()
    assert world.state(intent) is S.IN_DOUBT
    full[0] = False
    world.settle()
    assert world.state(intent) is S.CONFIRMED
    assert (len(world.server.of(intent)), world.connection.sent) == (1, [intent.id])


def test_a_journal_that_cannot_be_written_before_the_send_sends_nothing(world: World) -> None:
    intent, real = world.decide(), world.journal.move

    def move(ident: str, expected: IntentState, to: IntentState, **facts: object) -> object:
        if to is S.SENDING:
            raise StoreError("disk_full", file="journal")
        return real(ident, expected, to, **facts)

    world.journal.move = move  # type: ignore[method-assign, assignment]
    with pytest.raises(StoreError):
        world.outbox.run()
    assert (world.state(intent), world.connection.sent) == (S.WAITING, [])
    world.journal.move = real  # type: ignore[method-assign]
    world.run()
    assert world.state(intent) is S.CONFIRMED


def test_a_community_away_for_days_does_not_break_the_counting(world: World) -> None:
    world.decide()
    for _ in range(1100):
        world.fault("unreachable", "before")
        with pytest.raises(FlushStoppedError):
            world.outbox.run()
        world.outbox.retry_now()
    assert world.outbox.run() is None


def test_what_a_crash_kept_out_of_the_log_is_logged_however_far_the_clock_went(world: World) -> None:
    intent = world.decide()
    world.run()
    assert world.state(intent) is S.CONFIRMED
    world.clock.advance(5 * 86400)
    empty = FakeTeam()
    AuditTrail(world.journal, empty, world.clock).recover(intent.community)
    assert [(entry.intent, entry.outcome) for entry in empty.audit()] == [(intent.id, "confirmed")]


def test_a_crash_early_in_a_long_bulk_keeps_nothing_out_of_the_log(world: World) -> None:
    """What ended then is older than hundreds of plans that wait behind it."""
    first = world.decide()
    world.run()
    sender = Sender(NAME, ME, Identities.ME)
    wishes = (Wish(Action.RESOLVE, flag(number), flag(number), None, "") for number in range(2, 602))
    now, ids = world.clock.now(), world.ids.new
    world.journal.add(*(make_plan([wish], sender, now=now, new_id=ids, hold_seconds=5.0) for wish in wishes))
    empty = FakeTeam()
    AuditTrail(world.journal, empty, world.clock).recover(first.community)
    assert [(entry.intent, entry.outcome) for entry in empty.audit()] == [(first.id, "confirmed")]
