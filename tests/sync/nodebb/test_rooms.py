"""Chat rooms that somebody names are read as threads of their lines."""

from moderation.content import Post, Thread
from moderation.ids import Kind, Ref
from sync.connector import Urgency
from sync.nodebb.connection import NodeBB
from tests.conformance.memory import MemoryMirror
from tests.sync.nodebb.world import ADMIN, COLLEAGUE, CUSTOMER, HORIZON, ME, NAME, OTHER_CUSTOMER, World


def room(world: World, *lines: tuple[str, str], owner: str = ME) -> Ref:
    """A room of mine with the customer, and what was said in it: who, what."""
    uids = [world.community.uid(CUSTOMER), world.community.uid(COLLEAGUE)]
    made = world.raw("/api/v3/chats", owner, "POST", {"uids": uids, "roomName": "case-7 Benno"})["response"]["roomId"]
    for who, text in lines:
        world.raw(f"/api/v3/chats/{made}", who, "POST", {"message": text})
    return Ref(NAME, Kind.THREAD, f"chat-{made}")


def read(connection: NodeBB, mirror: MemoryMirror, *refs: Ref) -> None:
    mirror.take(connection.fetch(refs, mirror, Urgency.PERSON))


def test_its_lines_are_posts_in_order_and_it_stands_in_a_place_for_messages(world: World) -> None:
    ref = room(world, (ME, "The order is **on its way**."), (CUSTOMER, "Thank you."))
    connection, mirror = world.connect(), MemoryMirror()
    read(connection, mirror, ref)
    thread: Thread = mirror.threads_by_ref[ref]
    posts: list[Post] = sorted(mirror.posts_by_ref.values(), key=lambda post: post.position)
    assert (thread.title, thread.post_count, thread.complete) == ("case-7 Benno", 2, True)
    assert thread.last_post_at == posts[-1].created_at
    assert [post.author_name for post in posts] == ["Ines Lanternby", "Benno Crabtree"]
    assert "<strong>on its way</strong>" in posts[0].body_html
    assert {post.thread for post in posts} == {ref}
    forum = next(one for one in mirror.forums_by_ref.values() if one.id == thread.forum)
    assert forum.messages
    assert forum.private


def test_what_the_server_says_of_comings_and_goings_is_no_line(world: World) -> None:
    ref = room(world, (ME, "Hello Benno."))
    world.raw(f"/api/v3/chats/{ref.native.removeprefix('chat-')}", ME, "PUT", {"name": "case-7 Benno again"})
    connection, mirror = world.connect(), MemoryMirror()
    read(connection, mirror, ref)
    assert [post.body_html.strip() for post in mirror.posts_by_ref.values()] == ['<p dir="auto">Hello Benno.</p>']
    assert mirror.threads_by_ref[ref].title == "case-7 Benno again"


def test_more_lines_than_a_page_are_all_read(world: World) -> None:
    ref = room(world, *((ME if number % 2 else CUSTOMER, f"Line {number:03}") for number in range(60)))
    connection, mirror = world.connect(), MemoryMirror()
    read(connection, mirror, ref)
    lines = sorted(mirror.posts_by_ref.values(), key=lambda post: post.position)
    assert [line.body_html.strip()[-12:-4] for line in lines] == [f"Line {number:03}" for number in range(60)]


def test_a_room_of_others_is_not_read_and_is_not_gone(world: World) -> None:
    ref = room(world, (ADMIN, "Between others."), owner=ADMIN)
    connection, mirror = world.connect(OTHER_CUSTOMER), MemoryMirror()
    read(connection, mirror, ref)
    assert not mirror.threads_by_ref
    assert not mirror.gone


def test_its_lines_say_nothing_of_a_restored_server(world: World) -> None:
    ref = room(world, (ME, "One."), (ME, "Two."))
    connection, mirror = world.pulled()
    read(connection, mirror, ref)
    anchors = [(post.id, post.created_at) for post in mirror.posts_by_ref.values() if post.thread == ref]
    assert len(anchors) == 2
    assert connection.same_server(anchors)


def test_its_place_is_listed_by_no_server_and_stays(world: World) -> None:
    ref = room(world, (ME, "One."))
    connection, mirror = world.pulled()
    read(connection, mirror, ref)
    place = mirror.threads_by_ref[ref].forum
    assert place is not None
    read(connection, mirror, place)
    mirror.take(connection.catch_up(mirror, HORIZON))
    assert place not in mirror.gone
    assert place in mirror.forums_by_ref


def test_a_line_is_read_with_its_room(world: World) -> None:
    ref = room(world, (ME, "One."))
    connection, mirror = world.connect(), MemoryMirror()
    read(connection, mirror, ref)
    line = next(iter(mirror.posts_by_ref))
    world.raw(f"/api/v3/chats/{ref.native.removeprefix('chat-')}", CUSTOMER, "POST", {"message": "Two."})
    read(connection, mirror, line)
    assert len(mirror.posts_by_ref) == 2


def test_a_room_without_a_time_is_set_aside_and_the_next_one_read(world: World) -> None:
    old, new = room(world, (ME, "From before rooms had a time.")), room(world, (ME, "Hello."))
    world.community.state.tables.rooms[int(old.native.removeprefix("chat-"))].at = 0
    connection, mirror = world.connect(), MemoryMirror()
    read(connection, mirror, old, new)
    assert set(mirror.threads_by_ref) == {new}
    assert mirror.problems == [f"/api/v3/chats/{old.native.removeprefix('chat-')} $.timestamp"]
