"""Plans: a decision as a chain of steps."""

from datetime import timedelta

import pytest

from moderation.actions import Action
from moderation.ids import Kind
from moderation.intents import Identities, IntentState, Plan
from moderation.items import Item
from moderation.plans import STALE_AFTER, Sender, Wish, again, is_stale, make_plan, wishes_for
from tests.fakes import factory
from tests.fakes.clock import START, FakeClock, FakeIds
from tests.fakes.factory import ME, NAME

S = IntentState


def plan_of(*wishes: Wish, hold: float = 5.0, clock: FakeClock | None = None) -> Plan:
    clock = clock or FakeClock()
    return make_plan(
        wishes, Sender(NAME, ME), now=clock.now(), new_id=FakeIds(clock).new, hold_seconds=hold, title="resolve"
    )


def steps(item: Item, action: Action, **facts: str) -> list[tuple[Action, Kind]]:
    return [(w.action, w.target.kind) for w in wishes_for(item, action, seen_version="v0", **facts)]  # type: ignore[arg-type]


def test_the_act_comes_first_then_the_author_is_told_then_the_note() -> None:
    assert steps(factory.item(), Action.HIDE, message="Why", note="For us") == [
        (Action.HIDE, Kind.POST),
        (Action.MESSAGE, Kind.MEMBER),
        (Action.NOTE, Kind.FLAG),
    ]


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        (Action.RESOLVE, Kind.FLAG),
        (Action.HIDE, Kind.POST),
        (Action.LOCK, Kind.THREAD),
        (Action.BAN, Kind.MEMBER),
        (Action.TAKE, Kind.FLAG),
    ],
)
def test_each_action_acts_on_its_thing(action: Action, kind: Kind) -> None:
    assert steps(factory.item(), action) == [(action, kind)]


def test_what_the_server_did_not_tell_falls_back_to_the_item() -> None:
    assert steps(factory.item(post=None), Action.HIDE) == [(Action.HIDE, Kind.FLAG)]


def test_the_author_of_a_held_post_is_told_before_it_is_approved() -> None:
    item = factory.held_item()
    assert steps(item, Action.APPROVE, message="Welcome") == [(Action.NOTIFY, Kind.HELD), (Action.APPROVE, Kind.HELD)]


def test_the_author_of_a_held_post_is_told_within_a_rejection() -> None:
    (wish,) = wishes_for(factory.held_item(), Action.REJECT, seen_version="v0", message="No adverts")
    assert wish.payload["message"] == "No adverts"


def test_only_the_first_step_is_held_and_the_others_wait_for_its_receipt() -> None:
    wishes = wishes_for(factory.item(), Action.HIDE, seen_version="v3", note="n", message="m")
    plan = plan_of(*wishes)
    assert [i.state for i in plan.intents] == [S.HELD, S.BLOCKED, S.BLOCKED]
    assert [i.step for i in plan.intents] == [0, 1, 2]
    assert [i.hold_seconds for i in plan.intents] == [5.0, 0.0, 0.0]
    assert {i.seen_version for i in plan.intents} == {"v3"}
    assert {i.account for i in plan.intents} == {str(ME)}
    assert len({i.id for i in plan.intents} | {plan.id}) == 4
    assert [i.id for i in plan.intents] == sorted(i.id for i in plan.intents)


def test_without_an_undo_window_the_first_step_waits_at_once() -> None:
    plan = plan_of(Wish(Action.RESOLVE, factory.flag()), hold=0.0)
    assert plan.intents[0].state is S.WAITING
    assert plan.intents[0].held_at is None


def test_the_same_plan_anew_has_ids_and_a_window_of_its_own() -> None:
    clock = FakeClock()
    first = plan_of(*wishes_for(factory.item(), Action.HIDE, seen_version="v0", note="n"), clock=clock)
    clock.advance(60)
    ids = FakeIds(clock)
    second = again(first, now=clock.now(), new_id=ids.new)
    assert not {i.id for i in first.intents} & {i.id for i in second.intents}
    assert second.intents[0].held_at == clock.now()
    assert [(i.action, i.target, i.payload, i.seen_version) for i in first.intents] == [
        (i.action, i.target, i.payload, i.seen_version) for i in second.intents
    ]


def test_a_compensation_stays_one_when_it_is_taken_back_and_redone() -> None:
    plan = plan_of(Wish(Action.REOPEN, factory.flag(), undo_of="i0"))
    assert again(plan, now=START, new_id=FakeIds(FakeClock()).new).intents[0].undo_of == "i0"


def test_the_official_account_stays_the_sender() -> None:
    plan = make_plan(
        [Wish(Action.REPLY, factory.thread_ref())],
        Sender(NAME, factory.OFFICIAL, Identities.OFFICIAL),
        now=START,
        new_id=FakeIds(FakeClock()).new,
        hold_seconds=5,
    )
    redone = again(plan, now=START, new_id=FakeIds(FakeClock()).new)
    assert (redone.intents[0].account, redone.intents[0].identity) == (str(factory.OFFICIAL), Identities.OFFICIAL)


def test_thirty_minutes_make_stale_what_was_never_sent() -> None:
    intent = factory.intent()
    assert not is_stale(intent, START + STALE_AFTER)
    assert is_stale(intent, START + STALE_AFTER + timedelta(seconds=1))
    assert not is_stale(factory.intent(attempts=1), START + timedelta(days=2))


def test_who_was_asked_is_not_asked_again_for_thirty_minutes() -> None:
    asked = factory.intent(held_at=START + timedelta(hours=3))
    assert not is_stale(asked, START + timedelta(hours=3, minutes=29))
    assert is_stale(asked, START + timedelta(hours=3, minutes=31))


def test_a_clock_set_back_makes_nothing_stale() -> None:
    assert not is_stale(factory.intent(), START - timedelta(days=1))
