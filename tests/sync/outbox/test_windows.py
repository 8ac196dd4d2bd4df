"""Undo windows: five seconds on the monotonic clock, fresh after a restart, a sleep or a clock that was set."""

import pytest

from moderation.intents import IntentState
from tests.fakes.crashing import Crash, CrashingJournal
from tests.fakes.factory import flag
from tests.sync.outbox.conftest import World

S = IntentState


def test_nothing_leaves_within_its_window(world: World) -> None:
    held = world.decide(hold=5.0)
    assert world.run() == pytest.approx(5.0)
    world.clock.advance(4.9)
    assert world.run() == pytest.approx(0.1)
    assert (world.state(held), world.connection.sent) == (S.HELD, [])
    world.clock.advance(0.1)
    world.run()
    assert world.state(held) is S.CONFIRMED


def test_time_that_passed_before_the_outbox_looked_counts(world: World) -> None:
    world.run()
    world.decide(hold=5.0)
    world.clock.advance(3)
    assert world.run() == pytest.approx(2.0)


def test_a_restart_gives_a_fresh_window(world: World) -> None:
    held = world.decide(hold=5.0)
    world.run()
    world.clock.advance(4)
    world.begin()
    assert world.run() == pytest.approx(5.0)
    world.clock.advance(4)
    world.run()
    assert world.state(held) is S.HELD
    world.clock.advance(1.1)
    world.run()
    assert world.state(held) is S.CONFIRMED


def test_a_machine_that_started_anew_counts_from_its_own_zero(world: World) -> None:
    held = world.decide(hold=5.0)
    world.run()
    world.clock.after_restart(60)
    world.begin()
    assert world.run() == pytest.approx(5.0)
    world.clock.advance(5.1)
    world.run()
    assert world.state(held) is S.CONFIRMED


@pytest.mark.parametrize("jump", [-86400.0, -60.0, 60.0, 1200.0])
def test_a_sleep_or_a_clock_that_was_set_gives_a_fresh_window(world: World, jump: float) -> None:
    held = world.decide(hold=5.0)
    world.run()
    world.clock.advance(4)
    world.clock.sleep(jump)
    assert world.run() == pytest.approx(5.0)
    assert world.state(held) is S.HELD
    world.clock.advance(5.1)
    world.run()
    assert world.state(held) is S.CONFIRMED


def test_after_a_day_asleep_the_window_is_fresh_and_then_a_person_is_asked(world: World) -> None:
    held = world.decide(hold=5.0)
    waiting = world.reply()
    world.run()
    world.clock.sleep(86400)
    held_by_the_lid = world.decide(hold=5.0, target=world.now(waiting).target)
    world.run()
    assert world.state(held) is S.HELD
    world.clock.advance(5.1)
    world.run()
    assert (world.state(held), world.now(held).question) == (S.APPROVAL, "stale")
    assert world.state(held_by_the_lid) is S.CONFIRMED


def test_several_windows_end_in_their_order(world: World) -> None:
    first = world.decide(hold=5.0)
    world.run()
    world.clock.advance(2)
    second = world.reply(hold=5.0)
    assert world.run() == pytest.approx(3.0)
    world.clock.advance(3)
    world.run()
    assert (world.state(first), world.state(second)) == (S.CONFIRMED, S.HELD)


def test_a_later_decision_without_a_window_does_not_overtake_one_that_is_held(world: World) -> None:
    """Both are about one item: in the other order the older wish would win over the newer one."""
    held = world.decide(hold=5.0)
    now = world.decide(world.now(held).action.__class__("dismiss"))
    world.run()
    assert (world.state(held), world.state(now)) == (S.HELD, S.WAITING)
    world.clock.advance(5.1)
    world.run()
    assert [world.state(held), world.state(now)] == [S.CONFIRMED, S.CONFIRMED]
    assert world.server.item(held.target).state == "dismissed"


def test_cancelled_in_its_window_is_never_sent(world: World) -> None:
    held = world.decide(hold=5.0)
    world.run()
    assert world.journal.move(held.id, S.HELD, S.CANCELLED)
    world.clock.advance(60)
    assert world.run() is None
    assert world.connection.sent == []


@pytest.mark.parametrize("after", [False, True])
def test_the_windows_of_a_bulk_end_in_one_write(world: World, after: bool) -> None:
    """A write to the disk for each would keep single decisions and what people open waiting behind thousands."""
    held = [world.decide(hold=5.0, target=flag(number)) for number in range(1, 9)]
    journal = CrashingJournal(world.journal)
    world.begin(journal)  # type: ignore[arg-type]
    world.run()
    world.clock.advance(5.1)
    journal.arm(1, after=after)
    with pytest.raises(Crash):
        world.outbox.run()
    assert {world.state(one) for one in held} == {S.WAITING if after else S.HELD}
    world.run()
    assert {world.state(one) for one in held} == {S.CONFIRMED}
