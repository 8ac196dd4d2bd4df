"""Bulk: each item an intent of its own, reported one by one."""

import pytest

from moderation.desk.bulk import estimate_seconds
from moderation.errors import NotAllowedError
from moderation.intents import IntentState, Plan
from tests.fakes import factory
from tests.fakes.factory import flag
from tests.moderation.desk.conftest import Room

S = IntentState


def test_what_refuses_is_listed_and_the_others_go_on(room: Room) -> None:
    wanted = [(flag(), "v0"), (flag(404), "v0"), (factory.held_item().id, "v0"), (flag(2), "v7")]
    report = room.desk.bulk.decide(wanted, "resolve", reason="Spam")
    assert [plan.intents[0].seen_version for plan in report.plans] == ["v0", "v7"]
    assert [code for _, code in report.refused] == ["item_unknown", "action_not_for_kind"]
    assert room.desk.bulk.report(report.bulk).states == {S.HELD: 2}


def test_a_wrong_action_is_an_error_in_words(room: Room) -> None:
    with pytest.raises(NotAllowedError) as refused:
        room.desk.bulk.decide([(flag(), "v0")], "nonsense")
    assert refused.value.code == "action_unknown"
    assert room.journal.unfinished() == []


def test_pause_resume_and_cancel(room: Room) -> None:
    report = room.desk.bulk.decide([(flag(), "v0"), (flag(2), "v0")], "resolve")
    single = room.desk.triage.decide(factory.held_item().id, "approve")
    version = room.journal.version()
    assert room.desk.bulk.pause(report.bulk) == 2
    assert room.journal.version() == version + 1  # one write, however many they are
    assert room.desk.bulk.report(report.bulk).states == {S.APPROVAL: 2}
    room.clock.advance(3600)
    assert room.desk.bulk.resume(report.bulk) == 2
    assert room.desk.bulk.report(report.bulk).states == {S.WAITING: 2}
    room.journal.move(report.plans[0].intents[0].id, S.WAITING, S.SENDING)
    assert room.desk.bulk.cancel(report.bulk) == 1
    assert room.desk.bulk.report(report.bulk).states == {S.SENDING: 1, S.CANCELLED: 1}
    found = room.journal.plan(single.id)
    assert found is not None
    assert found.state is S.HELD


@pytest.mark.parametrize(("items", "budget"), [(2000, None), (2000, 20.0), (0, 20.0)])
def test_the_estimate_grows_with_items_and_shrinks_with_budget(items: int, budget: float | None) -> None:
    estimate = estimate_seconds(items, budget)
    assert estimate >= 0
    assert estimate <= estimate_seconds(items + 1, budget)
    assert estimate <= estimate_seconds(items, 5.0)


def test_resuming_lets_go_only_what_was_paused(room: Room) -> None:
    """What asks for another reason goes on asking."""
    report = room.desk.bulk.decide([(flag(), "v0"), (flag(2), "v0")], "resolve")
    stale, _ = (plan.intents[0].id for plan in report.plans)
    room.journal.move(stale, S.HELD, S.APPROVAL, question="stale")
    assert room.desk.bulk.pause(report.bulk) == 1
    assert room.desk.bulk.resume(report.bulk) == 1
    assert room.desk.bulk.report(report.bulk).states == {S.APPROVAL: 1, S.WAITING: 1}


def test_cancelling_takes_the_steps_behind_along_except_behind_what_is_on_its_way(room: Room) -> None:
    """Some of a server's own decisions have two steps: what is left to the client, and the decision."""
    for number in (1, 2):
        facts = {"plan": f"p{number}", "payload": {"bulk": "b"}}
        first = factory.intent(f"i{number}", state=S.WAITING, **facts)
        second = factory.intent(f"j{number}", step=1, state=S.BLOCKED, **facts)
        room.journal.add(Plan(f"p{number}", room.clock.now(), (first, second)))
    room.journal.move("i1", S.WAITING, S.SENDING)
    assert room.desk.bulk.cancel("b") == 1
    assert {i.id: i.state for plan in room.desk.bulk.report("b").plans for i in plan.intents} == {
        "i1": S.SENDING,
        "j1": S.BLOCKED,
        "i2": S.CANCELLED,
        "j2": S.CANCELLED,
    }
