"""Coverage from a Discourse: what its pages tell for figures, and figures beside those of the server's own state."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from moderation.content import Deed, Mark
from moderation.coverage.ports import Promised
from moderation.coverage.staff import StaffDays, Term
from moderation.desk.coverage import Coverage, Seen
from moderation.ids import Kind
from sync.connector import Urgency
from sync.discourse.decode_content import Decoder
from sync.discourse.ids import Namer
from sync.discourse.payloads import PostP
from sync.sandbox.state import posts, threads
from tests.conformance.memory import MemoryMirror
from tests.console.naive_coverage import Slow
from tests.sync.discourse.face import CUSTOMER, ME, NAME, OTHER_CUSTOMER, World, ref, small_face
from tests.sync.discourse.test_with_stores import Desktop

BACK = timedelta(days=80)


@pytest.fixture
def world() -> Iterator[World]:
    with small_face() as found:
        yield found


def happen(world: World) -> dict[str, int]:
    """Threads that change figures; gives their ids."""
    community, state = world.community, world.community.state
    admin, mesh = community.uid("osric_vale"), next(f.id for f in state.tables.forums.values() if f.name == "Mesh")
    names = ("answered", "helped", "monologue", "locked", "reopened", "deleted", "solved", "hidden")
    made = {name: community.open_thread_as(CUSTOMER, mesh, f"Thread {name} of ours", "Words of ours") for name in names}
    with state.lock:
        community.reply_as(ME, made["answered"].id, "An answer of the staff")
        community.reply_as(OTHER_CUSTOMER, made["helped"].id, "An answer of a customer")
        community.reply_as(CUSTOMER, made["monologue"].id, "The asker again")
        threads.set_locked(state, admin, made["locked"], True)
        threads.set_locked(state, admin, made["reopened"], True)
        threads.set_locked(state, admin, made["reopened"], False)
        threads.hide(state, admin, made["deleted"])
        posts.hide(state, admin, community.reply_as(ME, made["hidden"].id, "An answer that is hidden"))
        solution = community.reply_as(OTHER_CUSTOMER, made["solved"].id, "The solution of a customer")
    world.raw("/solution/accept", ME, "POST", {"id": solution.id})
    return {name: thread.id for name, thread in made.items()}


def see(world: World, home: Path, staff: set[int], opened: int) -> tuple[Seen, datetime]:
    """Figures after a pull; ``opened`` is a thread that was read by itself, as one that somebody opens is."""
    desktop = Desktop(home, world.connect())
    now = datetime.now(UTC)
    try:
        desktop.pull()
        for batch in desktop.connection.fetch([ref(Kind.THREAD, opened)], desktop.known, Urgency.PERSON):
            desktop.writer.apply(batch, NAME)
        desktop.writer.set_standing(NAME, as_of=now)
        while desktop.writer.count_again(NAME):
            pass
        days = StaffDays({str(ref(Kind.MEMBER, one)): (Term(),) for one in staff}, confirmed=True)
        bench = desktop.desk().bench
        return Coverage(bench, Promised(roster=days)).see(NAME, now - BACK), now
    finally:
        desktop.close()


def test_every_number_is_that_of_the_servers_own_state(world: World, home_folder: Path) -> None:
    made = happen(world)
    until = round((datetime.now(UTC) + timedelta(seconds=5)).timestamp() * 1000)
    slow = Slow(world.community, until - round(BACK.total_seconds() * 1000), until)
    seen, now = see(world, home_folder, slow.staff, made["reopened"])
    slow.until = round(now.timestamp() * 1000)
    slow.since = round((now - BACK).timestamp() * 1000)
    expected = slow.forums()
    assert {int(forum.id.native) for forum in seen.forums} == expected.keys()
    for forum in seen.forums:
        counted = expected[int(forum.id.native)]
        counted.open = [thread for thread in counted.open if thread != made["solved"]]
        for name, number in counted.document().items():
            if name != "oldest_open_s":
                assert seen.number(name, forum.id) == pytest.approx(number, abs=0.01), (forum.name, name)
    mesh = next(forum.id for forum in seen.forums if forum.name == "Mesh")
    rows = {
        name: {int(thread.native) for thread in seen.rows(name, mesh)} for name in ("solved_by_customers", "reopened")
    }
    assert rows == {"solved_by_customers": {made["solved"]}, "reopened": {made["reopened"]}}
    assert made["deleted"] not in {int(thread.native) for thread in seen.rows("threads")}
    assert seen.confirmed


def test_small_actions_are_told_with_their_times(world: World) -> None:
    made = happen(world)
    asked = ref(Kind.THREAD, made["reopened"])
    batches = list(world.connect().fetch([asked], MemoryMirror(), Urgency.PERSON))
    told = [event for batch in batches for records in batch.records for event in records.events]
    assert [event.kind for event in told] == [Deed.CLOSED, Deed.OPENED]
    logged = world.community.state.thread(made["reopened"]).events
    assert [round(event.at.timestamp() * 1000) for event in told] == [event.at for event in logged]


def test_what_a_post_is_besides() -> None:
    decoder = Decoder(Namer(NAME), "http://x")

    def marks(**facts: object) -> tuple[Mark, ...]:
        given = {"id": 1, "created_at": datetime(2026, 3, 1, tzinfo=UTC), "user_id": 5} | facts
        return decoder.post(PostP(**given), forum=None).marks  # type: ignore[arg-type]

    assert marks() == marks(accepted_answer=False) == ()
    assert marks(post_type=2) == (Mark.NOTE,)
    assert marks(user_id=-1) == (Mark.AUTOMATIC,)
    assert marks(user_id=None) == ()
    assert marks(accepted_answer=True) == (Mark.ANSWER,)


def test_a_thread_made_private_is_told_and_an_ordinary_post_tells_nothing() -> None:
    decoder, thread = Decoder(Namer(NAME), "http://x"), ref(Kind.THREAD, 1)

    def event(**facts: object) -> Deed | None:
        given = {"id": 1, "created_at": datetime(2026, 3, 1, tzinfo=UTC), "post_type": 3} | facts
        found = decoder.event(PostP(**given), thread)  # type: ignore[arg-type]
        return found.kind if found is not None else None

    assert event(action_code="private_topic") is Deed.PRIVATE
    assert event(action_code="autoclosed.enabled") is Deed.CLOSED
    assert event(action_code="pinned.enabled") is event() is None
    assert event(action_code="closed.enabled", post_type=1) is None
