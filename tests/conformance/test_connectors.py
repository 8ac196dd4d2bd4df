"""What every connector promises, checked on each that is installed (entry point group ``marquee.connectors``): on its
sample server, and as far as reading goes on a real one (``tests/conformance/real.py``).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import entry_points
from inspect import getmembers, isfunction
from itertools import islice
from typing import Any

import pytest

from moderation.actions import SPECS, Action
from moderation.capabilities import Capability
from moderation.content import Identity
from moderation.errors import ConflictError, NotAllowedError, RefusedError, SignInError, TryLaterError, UnclearError
from moderation.ids import Ref
from moderation.intents import Identities
from moderation.items import ItemState
from moderation.records import Batch, Records
from sync.connector import Account, Answer, Connection, ConnectorSpec, Push, Standing, Urgency
from tests.conformance import adapters
from tests.conformance.acting import Actor
from tests.conformance.adapters import COMMUNITY, Adapter, Ground
from tests.conformance.memory import MemoryMirror
from tests.conformance.real import RealGround, real_ground

HORIZON = datetime.now(UTC) - timedelta(days=3650)
SPECS_FOUND = {point.name: point.load() for point in entry_points(group="marquee.connectors")}
on_a_sample = pytest.mark.parametrize("ground", ["sample"], indirect=True)
"""For what has to be set up behind the connector's back, or acts."""
UNSEEN = {Action.NOTIFY}
"""Acts of which nobody but their addressee can see whether they happened."""


@pytest.fixture(params=sorted(SPECS_FOUND))
def spec(request: pytest.FixtureRequest) -> ConnectorSpec:
    """A connector's door."""
    found: ConnectorSpec = SPECS_FOUND[request.param]
    return found


@pytest.fixture
def adapter(spec: ConnectorSpec) -> Adapter:
    """Its platform's adapter; a connector without one fails."""
    found = adapters.adapter(spec.platform)
    assert found is not None, f"{spec.platform} has no adapter, see tests/conformance/adapters.py"
    return found


@pytest.fixture(params=["sample", pytest.param("real", marks=pytest.mark.live)])
def ground(
    request: pytest.FixtureRequest, spec: ConnectorSpec, adapter: Adapter, expected_logs: list[str]
) -> Iterator[Ground]:
    """A fresh sample server of that platform, and the real one that the environment names."""
    expected_logs.append(r"^sync\.http\.pacing: ")
    with adapter.start() if request.param == "sample" else real_ground(spec) as found:
        yield found


@pytest.fixture
def connection(ground: Ground, spec: ConnectorSpec) -> Connection:
    """A moderator's connection."""
    return ground.open(spec)


def horizon_of(ground: Ground) -> datetime:
    """How far back to read."""
    return ground.horizon if isinstance(ground, RealGround) else HORIZON


def pulled(ground: Ground, connection: Connection) -> MemoryMirror:
    """A mirror with everything; of a real server the same for all tests."""
    if isinstance(ground, RealGround) and ground.reading is not None:
        return ground.reading
    mirror = MemoryMirror()
    mirror.take(connection.catch_up(mirror, horizon_of(ground)))
    if isinstance(ground, RealGround):
        ground.reading = mirror
    return mirror


def counts(mirror: MemoryMirror, ground: Ground) -> tuple[int | None, int | None]:
    """Items that wait and posts; of a real server ``None``, where nobody counts them."""
    pending = None if ground.pending() is None else len(mirror.pending_items())
    posts = sum(not post.staff_only for post in mirror.posts_by_ref.values())
    return pending, None if ground.posts() is None else posts


def methods_of(protocol: Any) -> set[str]:
    """What a protocol demands."""
    found = {name for name, _ in getmembers(protocol, isfunction) if not name.startswith("_")}
    return found | {name for name in ("capabilities",) if isinstance(vars(protocol).get(name), property)}


def test_a_connector_is_found_by_its_platforms_name() -> None:
    assert SPECS_FOUND, "no connector is installed"
    assert all(isinstance(spec, ConnectorSpec) and spec.platform == name for name, spec in SPECS_FOUND.items())


def test_opening_asks_for_nothing_and_shows_no_key(ground: Ground, spec: ConnectorSpec) -> None:
    connection = ground.open(spec)
    assert connection.usage()["requests"] == 0
    shown = f"{connection!r} {Account(Identities.ME, ground.key('moderator'))!r}"
    assert ground.key("moderator") not in shown


def test_it_has_every_method_of_a_connection(connection: Connection) -> None:
    assert not {name for name in methods_of(Connection) if not hasattr(connection, name)}


def test_it_recognises_its_platform_and_nothing_else(ground: Ground, spec: ConnectorSpec) -> None:
    assert spec.recognise(ground.url)
    assert not spec.recognise(f"{ground.url}/not/the/front/page")


def test_declared_capabilities_and_pushes_agree(connection: Connection, spec: ConnectorSpec) -> None:
    assert connection.capabilities == spec.capabilities
    for action, action_spec in SPECS.items():
        if action_spec.capability in spec.capabilities:
            push = connection.push(action)
            assert not {name for name in methods_of(Push) if not hasattr(push, name)}, action
        else:
            with pytest.raises(NotAllowedError, match="action_unknown"):
                connection.push(action)


def test_what_nobody_needs_is_not_declared(spec: ConnectorSpec) -> None:
    needed = {action.capability for action in SPECS.values()}
    assert spec.capabilities <= needed | {
        Capability.IDENTIFY,
        Capability.PULL,
        Capability.EDIT_HELD,
        Capability.COMPANY_VOICE,
    }


def test_it_says_who_is_signed_in(connection: Connection) -> None:
    me = connection.identify()
    assert isinstance(me, Identity)
    assert me.member.community == COMMUNITY
    assert me.roles <= {"administrator", "moderator", "forum_moderator", "member"}
    assert set(me.may or ()) <= {action.value for action in Action}


def test_a_key_that_is_none_is_told(ground: Ground, spec: ConnectorSpec) -> None:
    with pytest.raises(SignInError) as caught:
        ground.open(spec, "nobody").identify()
    assert ground.key("nobody") not in f"{caught.value} {caught.value.facts}"


def test_a_member_may_not_read_the_queue(ground: Ground, spec: ConnectorSpec) -> None:
    with pytest.raises(NotAllowedError, match="may_not_moderate"):
        list(ground.open(spec, "member").catch_up(MemoryMirror(), HORIZON))


def test_everything_is_read(ground: Ground, connection: Connection) -> None:
    mirror = pulled(ground, connection)
    assert counts(mirror, ground) == (ground.pending(), ground.posts())
    assert all(facts.detail for facts in mirror.pending_items().values())
    assert all(thread.complete for thread in mirror.threads_by_ref.values())
    assert mirror.problems == []
    assert mirror.complete_since == horizon_of(ground)


def test_all_times_are_aware_and_all_ids_are_of_the_community(ground: Ground, connection: Connection) -> None:
    mirror = pulled(ground, connection)
    for item in mirror.items_by_ref.values():
        assert item.created_at.utcoffset() == timedelta(0)
        assert Ref.parse(str(item.id)) == item.id
    for post in mirror.posts_by_ref.values():
        assert post.created_at.utcoffset() == timedelta(0)
        assert post.thread is None or post.thread.community == COMMUNITY


def test_the_queue_comes_first(ground: Ground, connection: Connection) -> None:
    mirror = MemoryMirror()
    kinds: list[str] = []
    for batch in connection.catch_up(mirror, horizon_of(ground)):
        mirror.apply(batch)
        kinds += ["items" for records in batch.records if records.items]
        kinds += ["posts" for records in batch.records if records.posts]
    assert kinds[0] == "items"
    assert "posts" in kinds


def test_a_poll_without_news_is_small_and_silent(ground: Ground, connection: Connection, adapter: Adapter) -> None:
    mirror = pulled(ground, connection)
    mirror.take(connection.poll(mirror))
    mirror.take(connection.poll(mirror))
    before = connection.usage()["requests"]
    assert mirror.take(connection.poll(mirror)) == 0
    assert 0 < connection.usage()["requests"] - before <= adapter.quiet_requests


@on_a_sample
def test_news_arrive_by_poll(ground: Ground, connection: Connection) -> None:
    mirror = pulled(ground, connection)
    mirror.take(connection.poll(mirror))
    item, _, thread = ground.reported()
    ground.reply(thread)
    mirror.take(connection.poll(mirror))
    assert mirror.items_by_ref[item].state is ItemState.OPEN
    assert mirror.items_by_ref[item].detail
    assert len(mirror.posts_of(thread)) == mirror.threads_by_ref[thread].post_count


@pytest.mark.parametrize("after", [1, 3, 8, 25])
def test_reading_may_stop_after_any_batch(ground: Ground, spec: ConnectorSpec, after: int) -> None:
    mirror = MemoryMirror()
    for batch in islice(ground.open(spec).catch_up(mirror, horizon_of(ground)), after):
        mirror.apply(batch)
    connection = ground.open(spec)
    mirror.take(connection.catch_up(mirror, horizon_of(ground)))
    assert counts(mirror, ground) == (ground.pending(), ground.posts())
    assert all(thread.complete for thread in mirror.threads_by_ref.values())


def test_reading_again_reads_next_to_nothing(ground: Ground, connection: Connection) -> None:
    mirror = MemoryMirror()
    mirror.take(connection.catch_up(mirror, horizon_of(ground)))
    first = connection.usage()["requests"]
    mirror.take(connection.catch_up(mirror, horizon_of(ground)))
    assert connection.usage()["requests"] - first < first / 10


def unnumbered(batches: list[Batch]) -> list[Any]:
    """Batches without the numbers of their requests, and without views, which reading itself may count."""

    def plain(records: Records) -> Records:
        return replace(records, seq=0, threads=tuple(replace(thread, view_count=0) for thread in records.threads))

    return [replace(b, records=tuple(plain(r) for r in b.records)) for b in batches]


def test_fetching_twice_says_the_same(ground: Ground, connection: Connection) -> None:
    item, post, thread = ground.reported()
    mirror = pulled(ground, connection)
    member = mirror.posts_by_ref[post].author
    assert member is not None
    wanted = [item, post, thread]
    list(connection.fetch(wanted, mirror, Urgency.BACKGROUND))  # what is told once only
    first = unnumbered(list(connection.fetch(wanted, mirror, Urgency.BACKGROUND)))
    again = unnumbered(list(connection.fetch(wanted, mirror, Urgency.BACKGROUND)))
    assert first == again
    assert list(connection.fetch([member], mirror))


def test_later_readings_have_greater_numbers(ground: Ground, connection: Connection) -> None:
    item, _, _ = ground.reported()
    mirror = MemoryMirror()
    seqs = [r.seq for _ in range(3) for b in connection.fetch([item], mirror) for r in b.records if r.items]
    assert seqs == sorted(set(seqs))


@on_a_sample
def test_what_is_erased_comes_back_as_gone(ground: Ground, connection: Connection) -> None:
    item, _, _ = ground.reported()
    mirror = pulled(ground, connection)
    ground.erase(item)
    mirror.take(connection.fetch([item], mirror))
    assert item in mirror.gone
    assert item not in mirror.items_by_ref


@on_a_sample
def test_a_version_changes_with_what_happens_and_not_by_itself(ground: Ground, connection: Connection) -> None:
    item, _, _ = ground.reported()
    actor = Actor(connection)
    seen = actor.item(item, MemoryMirror())
    assert actor.item(item, MemoryMirror()).version == seen.version
    ground.colleague_decides(item)
    assert actor.item(item, MemoryMirror()).version != seen.version
    _, before = actor.before(actor.intent(Action.DISMISS, item, seen))
    assert before.state is ItemState.RESOLVED
    assert [entry.by for entry in before.entries]
    assert all(entry.by != actor.me.member for entry in before.entries)
    assert before.records is not None


ACTIONS = [pytest.param(action, id=action.value) for action in SPECS]


@on_a_sample
@pytest.mark.parametrize("action", ACTIONS)
def test_an_act_happens_once_and_leaves_a_receipt(
    ground: Ground, connection: Connection, spec: ConnectorSpec, action: Action
) -> None:
    if SPECS[action].capability not in spec.capabilities:
        pytest.skip(f"{spec.platform} does not have it")
    deed = ground.deed(action, connection)
    assert deed is not None
    target, item, payload = deed
    done = Actor(connection).act(action, target, item, **payload)
    assert done.evidence.answer is Answer.HAPPENED
    assert done.evidence.receipt is not None
    assert done.evidence.receipt.at.utcoffset() == timedelta(0)
    assert done.evidence.where


@on_a_sample
@pytest.mark.parametrize("action", ACTIONS)
def test_the_same_act_again_is_needless_refused_or_one_of_its_own(
    ground: Ground, connection: Connection, spec: ConnectorSpec, action: Action
) -> None:
    if SPECS[action].capability not in spec.capabilities:
        pytest.skip(f"{spec.platform} does not have it")
    deed = ground.deed(action, connection)
    assert deed is not None
    target, item, payload = deed
    actor = Actor(connection)
    first = actor.act(action, target, item, **payload).evidence.receipt
    again = actor.intent(action, target, item, **payload)
    try:
        again, before = actor.before(again)
        if before.standing is not Standing.CLEAR:
            return
        hints = connection.push(action).send(again, before)
    except (RefusedError, ConflictError):
        return
    second = actor.look(again, hints).receipt
    assert first is not None
    assert second is None or second.server_id != first.server_id


@on_a_sample
@pytest.mark.parametrize("action", ACTIONS)
def test_a_lost_answer_is_unclear_and_found_by_a_look_however_late(
    ground: Ground, connection: Connection, spec: ConnectorSpec, action: Action
) -> None:
    if SPECS[action].capability not in spec.capabilities or action in UNSEEN:
        pytest.skip(f"{spec.platform} does not have it, or nobody can see it")
    deed = ground.deed(action, connection)
    assert deed is not None
    target, item, payload = deed
    actor = Actor(connection)
    intent, before = actor.before(actor.intent(action, target, item, **payload))
    assert before.standing is Standing.CLEAR
    assert actor.look(intent).answer is not Answer.HAPPENED  # as long as it is on its way
    ground.lose_answers(action, target)
    with pytest.raises(UnclearError):
        connection.push(action).send(intent, before)
    assert actor.look(intent).answer is Answer.HAPPENED


def test_what_is_asked_of_a_closed_connection_is_for_later(ground: Ground, connection: Connection) -> None:
    item, _, _ = ground.reported()
    mirror = MemoryMirror()
    started = connection.catch_up(mirror, horizon_of(ground))
    mirror.apply(next(started))
    connection.close()
    for batches in (started, connection.fetch([item], mirror)):
        with pytest.raises(TryLaterError, match="connection_closed"):
            mirror.take(batches)
