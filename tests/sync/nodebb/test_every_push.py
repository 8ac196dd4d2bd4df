"""What holds for every write: it happens once, a lost answer is unclear, and a look finds out."""

import pytest

from moderation.actions import Action
from moderation.errors import MarqueeError, TryLaterError, UnclearError, UnreachableError
from sync.connector import Answer, Standing
from tests.conformance.acting import Actor
from tests.sync.nodebb.deeds import DEEDS, Deed, Make
from tests.sync.nodebb.world import ADMIN, World

ALL = [pytest.param(make, id=name) for name, make in DEEDS.items()]
SEEN = [pytest.param(make, id=name) for name, make in DEEDS.items() if name != "notify"]


@pytest.fixture
def actor(world: World, expected_logs: list[str]) -> Actor:
    """Somebody with every right (an administrator may mute)."""
    expected_logs.append(r"^sync\.http\.pacing: ")
    return world.actor(ADMIN)


def lose(world: World, actor: Actor, deed: Deed, kind: str) -> tuple[MarqueeError, Answer, Actor]:
    """Send with a fault on the way; gives the error, what a look finds without hints, and who looked."""
    intent, before = actor.before(actor.intent(deed.action, deed.target, deed.item, **deed.payload))
    assert before.standing is Standing.CLEAR
    world.fault(kind, deed.path, deed.method)
    with pytest.raises(MarqueeError) as caught:
        actor.connection.push(deed.action).send(intent, before)
    evidence = actor.look(intent)
    if evidence.receipt is not None:
        assert evidence.receipt.by == str(actor.me.member)
        assert actor.look(intent).receipt is not None, "a look changes nothing"
    return caught.value, evidence.answer, actor


@pytest.mark.parametrize("make", ALL)
def test_it_happens_and_has_a_receipt(world: World, actor: Actor, make: Make) -> None:
    deed = make(world, actor)
    done = actor.act(deed.action, deed.target, deed.item, **deed.payload)
    assert done.evidence.answer is Answer.HAPPENED
    assert done.evidence.receipt is not None
    assert done.evidence.receipt.by == str(actor.me.member)


@pytest.mark.parametrize("kind", ["drop_after", "proxy_504", "garbage"])
@pytest.mark.parametrize("make", SEEN)
def test_a_lost_answer_is_unclear_and_the_look_finds_it(world: World, actor: Actor, make: Make, kind: str) -> None:
    error, answer, _ = lose(world, actor, make(world, actor), kind)
    assert isinstance(error, UnclearError)
    assert answer is Answer.HAPPENED


@pytest.mark.parametrize("make", SEEN)
def test_a_lost_request_is_unclear_and_the_look_finds_nothing(world: World, actor: Actor, make: Make) -> None:
    error, answer, _ = lose(world, actor, make(world, actor), "drop_before")
    assert isinstance(error, UnclearError)
    assert not isinstance(error, UnreachableError)
    assert answer is Answer.ABSENT


@pytest.mark.parametrize("make", ALL)
def test_429_means_that_nothing_happened(world: World, actor: Actor, make: Make) -> None:
    deed = make(world, actor)
    intent, before = actor.before(actor.intent(deed.action, deed.target, deed.item, **deed.payload))
    effects = len(world.community.effects())
    world.fault("too_many", deed.path, deed.method)
    with pytest.raises(TryLaterError, match="too_many_requests"):
        actor.connection.push(deed.action).send(intent, before)
    if deed.action is not Action.MESSAGE:  # the room that it made is no effect that anybody sees
        assert len(world.community.effects()) == effects


def test_a_lost_notice_stays_unclear(world: World, actor: Actor) -> None:
    error, answer, _ = lose(world, actor, DEEDS["notify"](world, actor), "drop_after")
    assert isinstance(error, UnclearError)
    assert answer is Answer.UNCLEAR


def test_a_400_that_stored_the_reply_is_unclear_and_found(world: World, actor: Actor) -> None:
    error, answer, _ = lose(world, actor, DEEDS["reply"](world, actor), "stored_400")
    assert isinstance(error, UnclearError)
    assert error.code == "answer_unknown"
    assert answer is Answer.HAPPENED
    assert len([e for e in world.effects("reply") if e["by"] == int(actor.me.member.native)]) == 1


NOBODYS = {"restore", "purge", "approve", "reject", "edit held", "notify", "tag"}
NOBODYS |= {"place", "open", "admit", "expel", "admit to room", "expel from room", "say"}
"""Of these NodeBB does not tell whose deed it was, or it does not matter: they bring about how something stands. In the
room of the last, nobody else writes."""
THEIRS = [pytest.param(make, id=name) for name, make in DEEDS.items() if name not in NOBODYS]


@pytest.mark.parametrize("make", THEIRS)
def test_what_a_colleague_did_meanwhile_is_not_taken_for_ones_own(world: World, make: Make) -> None:
    """The same deed, between the look before and a look after a send that never arrived."""
    colleague = world.actor(ADMIN)
    own = world.actor()
    deed = make(world, colleague)
    intent, before = own.before(own.intent(deed.action, deed.target, deed.item, **deed.payload))
    assert before.standing is Standing.CLEAR
    colleague.act(deed.action, deed.target, deed.item, **deed.payload)
    found = own.look(intent)
    assert (found.answer, found.receipt) == (Answer.ABSENT, None)
