"""What was done to topics comes along with their pages, at no request more."""

from msgspec import Raw
from msgspec.json import encode

from moderation.content import Deed, Mark, Post, ThreadEvent
from moderation.ids import Kind
from moderation.records import Batch
from sync.connector import Urgency
from sync.nodebb.decode_content import Decoder
from sync.nodebb.ids import Namer
from sync.nodebb.payloads import PostP
from sync.nodebb.pull.trail import trail
from sync.sandbox.state import threads
from tests.conformance.memory import MemoryMirror
from tests.sync.nodebb.world import CUSTOMER, NAME, World, ref


def events_in(batches: list[Batch]) -> list[ThreadEvent]:
    return [event for batch in batches for records in batch.records for event in records.events]


def test_locks_and_moves_are_told_with_their_times(world: World) -> None:
    community, state = world.community, world.community.state
    forums = {forum.name: forum.id for forum in state.tables.forums.values()}
    thread = community.open_thread_as(CUSTOMER, forums["Mesh"], "A thread of ours", "Words of ours")
    admin = community.uid("osric_vale")
    with state.lock:
        threads.set_locked(state, admin, thread, True)
        threads.set_pinned(state, admin, thread, True)
        threads.set_locked(state, admin, thread, False)
        threads.move(state, admin, thread, forums["Private cases"])
    asked = ref(Kind.THREAD, thread.id)
    connection = world.connect()
    before = connection.usage()["requests"]
    told = events_in(list(connection.fetch([asked], MemoryMirror(), Urgency.PERSON)))
    assert [event.kind for event in told] == [Deed.CLOSED, Deed.OPENED, Deed.MOVED]
    assert {event.thread for event in told} == {asked}
    assert told[-1].from_forum == ref(Kind.FORUM, forums["Mesh"])
    logged = [event for event in thread.events if event.kind != "pin"]
    assert [round(event.at.timestamp() * 1000) for event in told] == [event.at for event in logged]
    assert connection.usage()["requests"] - before <= 2


def of(world: World, *events: object, whole: object = None) -> tuple[ThreadEvent, ...]:
    raw = Raw(encode(whole if whole is not None else list(events)))
    connection = world.connect()
    return trail(connection._context, ref(Kind.THREAD, 1), [PostP(1, events=raw)])


def test_what_does_not_fit_is_left_out(world: World) -> None:
    fits = {"id": 1, "type": "lock", "timestamp": 1_772_366_400_000}
    assert len(of(world, fits)) == 1
    assert (
        len(of(world, {"type": "lock"}, fits, "lock", None, {**fits, "timestamp": "soon"}, {**fits, "type": "x"})) == 1
    )
    assert of(world, whole={"type": "lock"}) == of(world, whole="lock") == of(world, whole=[]) == ()


def test_posts_of_the_software_are_known_as_such() -> None:
    decoder = Decoder(Namer(NAME), "http://x")

    def marks(uid: object) -> tuple[Mark, ...]:
        post: Post = decoder.post(PostP(1, uid=uid, timestamp=1.0), forum=None, position=0)  # type: ignore[arg-type]
        return post.marks

    assert marks(-1) == (Mark.AUTOMATIC,)
    assert marks(7) == marks(0) == marks(None) == ()
