"""Somebody else was first: nothing is overwritten unseen, and both sides are kept."""

import pytest

from moderation.actions import Action
from moderation.conflict import Judgement
from moderation.ids import Kind, Ref
from moderation.intents import Intent, IntentState
from moderation.items import Change, HistoryEntry, ItemState
from sync.connector import Before, Standing
from sync.outbox.verdicts import verdict_on
from tests.fakes import factory
from tests.fakes.clock import START
from tests.fakes.factory import COLLEAGUE, CUSTOMER, ME, flag
from tests.sync.outbox.conftest import World

S = IntentState
DISMISSED = {Change.STATE: "dismissed"}
RESOLVED = {Change.STATE: "resolved"}


def ended(world: World, intent: Intent) -> tuple[IntentState, str]:
    now = world.now(intent)
    return now.state, str((now.trouble or {}).get("code"))


def test_a_colleague_before_the_look_stops_it(world: World) -> None:
    intent = world.decide()
    world.server.decide(flag(), DISMISSED)
    world.run()
    assert ended(world, intent) == (S.CONFLICT, Judgement.CONFLICT)
    trouble = world.now(intent).trouble or {}
    assert (trouble["by"], trouble["their_state"], trouble["version"]) == (str(COLLEAGUE), "dismissed", "v1")
    assert world.connection.sent == []
    assert world.server.item(flag()).state is ItemState.DISMISSED


def test_the_same_state_by_a_colleague_is_a_conflict_that_says_same(world: World) -> None:
    intent = world.decide()
    world.server.decide(flag(), RESOLVED)
    world.run()
    assert ended(world, intent) == (S.CONFLICT, Judgement.SAME)


@pytest.mark.parametrize(
    ("action", "standing", "said"),
    [
        (Action.HIDE, Standing.CLEAR, Judgement.CONFLICT),
        (Action.HIDE, Standing.ALREADY, Judgement.SAME),
        (Action.PURGE, Standing.CLEAR, Judgement.CONFLICT),
        (Action.RESOLVE, Standing.ALREADY, Judgement.SAME),
    ],
)
def test_a_report_that_a_colleague_closed_does_not_mean_that_its_post_is_away(
    action: Action, standing: Standing, said: Judgement
) -> None:
    """Who wanted to hide it must not read that a colleague did the same while all can see it."""
    target = flag() if action is Action.RESOLVE else factory.post().id
    theirs = HistoryEntry("h1", START, COLLEAGUE, "colleague", RESOLVED)
    before = Before(standing, {}, entries=(theirs,), state=ItemState.RESOLVED)
    intent = factory.intent(action=action, target=target)
    assert verdict_on(intent, before.entries, before).judgement is said


def test_a_held_post_that_a_colleague_let_in_was_not_turned_away() -> None:
    review = Ref(flag().community, Kind.REVIEW, "812")
    theirs = HistoryEntry("h1", START, COLLEAGUE, "colleague", RESOLVED)
    before = Before(Standing.ALREADY, {}, entries=(theirs,), state=ItemState.RESOLVED)
    intent = factory.intent(action=Action.REJECT, target=review, item=review)
    assert verdict_on(intent, before.entries, before).judgement is Judgement.CONFLICT


def test_a_further_report_asks_to_look_again(world: World) -> None:
    intent = world.decide()
    world.server.report(flag(), CUSTOMER)
    world.run()
    assert ended(world, intent) == (S.CONFLICT, Judgement.LOOK_AGAIN)
    assert world.connection.sent == []


def test_what_the_person_saw_is_no_conflict(world: World) -> None:
    world.server.decide(flag(), DISMISSED)
    world.server.report(flag())
    intent = world.decide()
    world.run()
    assert world.state(intent) is S.CONFIRMED


def test_ones_own_entries_only_advance_the_version(world: World) -> None:
    first, second = world.decide(Action.TAKE, seen="v0"), world.decide(Action.RESOLVE, seen="v0")
    world.run()
    assert [world.state(i) for i in (first, second)] == [S.CONFIRMED, S.CONFIRMED]


def test_a_colleague_beneath_ones_own_newer_entry_is_seen(world: World) -> None:
    intent = world.decide(seen="v0")
    world.server.decide(flag(), {Change.ASSIGNEE: str(COLLEAGUE)})
    world.server.decide(flag(), {Change.STATE: "in_progress"}, by=ME)
    world.run()
    assert ended(world, intent) == (S.CONFLICT, Judgement.CONFLICT)


def test_a_colleague_between_look_and_write_is_shown_as_overwritten(world: World) -> None:
    intent = world.decide()
    world.connection.between.append(lambda: world.server.decide(flag(), DISMISSED))
    world.run()
    assert ended(world, intent) == (S.CONFLICT, Judgement.CONFLICT)
    now = world.now(intent)
    assert (now.trouble or {})["overwrote"] is True
    assert now.receipt is not None
    assert now.receipt.server_id == world.server.of(intent)[0].server_id
    assert intent.id in [one.id for one in world.journal.attention()]


def test_a_colleague_who_made_the_same_state_in_that_moment_is_a_conflict_too(world: World) -> None:
    intent = world.decide()
    world.connection.between.append(lambda: world.server.decide(flag(), RESOLVED))
    world.run()
    assert ended(world, intent) == (S.CONFLICT, Judgement.SAME)
    assert world.server.of(intent) == []


@pytest.mark.parametrize("kind", ["lost_after", "stored_400"])
def test_a_colleague_after_ones_own_write_is_another_story(world: World, kind: str) -> None:
    """The answer was lost, a colleague decided anew, then the look found both: one's own was not an overwrite."""
    intent = world.decide()
    world.fault(kind)
    world.fault("unclear", "look")
    world.run()
    world.server.decide(flag(), {Change.STATE: "open"})
    world.settle()
    assert ended(world, intent) == (S.CONFIRMED, "None")


def test_a_late_arrival_over_a_colleagues_decision_is_shown(world: World) -> None:
    intent = world.decide()
    world.fault("late", seconds=40)
    world.run()
    world.server.decide(flag(), DISMISSED)
    world.settle()
    now = world.now(intent)
    assert (now.state, (now.trouble or {})["overwrote"]) == (S.CONFLICT, True)
    assert now.receipt is not None


def test_proven_absent_and_decided_by_a_colleague_meanwhile_is_not_sent_again(world: World) -> None:
    intent = world.decide()
    world.fault("lost_before")
    world.run()
    world.server.decide(flag(), DISMISSED)
    world.settle()
    assert ended(world, intent) == (S.CONFLICT, Judgement.CONFLICT)
    assert world.connection.sent == [intent.id]


def test_gone_is_a_conflict(world: World) -> None:
    intent = world.decide()
    world.server.item(flag()).state = ItemState.GONE
    world.run()
    assert ended(world, intent) == (S.CONFLICT, Judgement.GONE)


def test_a_yes_that_did_nothing_is_refused_in_words(world: World) -> None:
    intent = world.decide()
    world.fault("ignored")
    world.run()
    assert ended(world, intent) == (S.REFUSED, "silently_ignored")


def test_the_platforms_own_conflict_is_one(world: World) -> None:
    intent = world.decide()
    world.fault("conflict")
    world.run()
    assert ended(world, intent) == (S.CONFLICT, "version_differs")


def test_notes_and_replies_do_not_care_who_decided(world: World) -> None:
    note = world.decide(Action.NOTE, payload={"text": "hm"}, seen="v0")
    world.server.decide(flag(), DISMISSED)
    world.run()
    assert world.state(note) is S.CONFIRMED


def test_an_assignment_to_oneself_over_a_colleagues_is_a_conflict(world: World) -> None:
    intent = world.decide(Action.ASSIGN, payload={"member": str(ME)})
    world.server.decide(flag(), {Change.ASSIGNEE: str(COLLEAGUE)})
    world.run()
    assert ended(world, intent) == (S.CONFLICT, Judgement.CONFLICT)
