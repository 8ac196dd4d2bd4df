"""Reading a community: what the lists do not say, and what keeps a poll small."""

import json
from dataclasses import replace
from datetime import datetime
from itertools import islice

import pytest

from moderation.errors import TryLaterError
from moderation.ids import Kind, Ref
from moderation.items import Change, ItemState
from sync.connector import ThreadFacts
from sync.nodebb.connection import NodeBB
from sync.nodebb.context import PARALLEL
from sync.nodebb.pull import everything, threads
from sync.nodebb.pull.flags import TODO, FlagNews, _moved
from sync.nodebb.pull.posts import Wanted, first_page
from sync.nodebb.pull.threads import RECENT
from sync.sandbox import Size
from tests.conformance.memory import MemoryMirror
from tests.sync.nodebb.world import (
    COLLEAGUE,
    CUSTOMER,
    FORUM_MODERATOR,
    HORIZON,
    ME,
    NEWCOMER,
    OTHER_CUSTOMER,
    World,
    ref,
    small_world,
)  # fmt: skip


def test_counts_equal_the_servers_own(world: World) -> None:
    _, mirror = world.pulled()
    truth = world.community.snapshot()
    states: dict[str, int] = {}
    for item in truth["items"]:
        states[item["state"]] = states.get(item["state"], 0) + 1
    assert mirror.state_counts() == states
    assert mirror.problems == []
    assert {post.id.native for post in mirror.posts_by_ref.values()} == {str(post["pid"]) for post in truth["posts"]}


def test_the_first_batch_is_the_queue_in_one_request(world: World) -> None:
    connection, mirror = world.connect(), MemoryMirror()
    connection.identify()
    before = connection.usage()["requests"]
    first = next(iter(connection.catch_up(mirror, HORIZON)))
    assert connection.usage()["requests"] - before == 1
    assert len(first.records[0].items) == world.raw("/api/flags?state=open&perPage=1")["count"]


def test_a_quiet_poll_asks_for_nothing_twice(world: World) -> None:
    connection, mirror = world.pulled()
    mirror.take(connection.poll(mirror))
    mirror.take(connection.poll(mirror))
    before = connection.usage()
    assert mirror.take(connection.poll(mirror)) == 0
    after = connection.usage()
    assert after["requests"] - before["requests"] <= 8
    assert after["bytes"] == before["bytes"], "everything answers 304"


def test_catching_up_with_nothing_new_asks_for_nothing_that_the_poll_asks(world: World) -> None:
    connection, mirror = world.pulled()
    mirror.take(connection.poll(mirror))
    before = connection.usage()["requests"]
    mirror.take(connection.catch_up(mirror, HORIZON))
    assert connection.usage()["requests"] == before


def test_without_cursors_what_a_restored_server_forgot_is_read_again(world: World) -> None:
    """Its lists are read whole though they were read a moment ago."""
    flag, _, _ = world.reported_post()
    connection, mirror = world.pulled()
    backup = mirror.items_by_ref[flag]
    mirror.items_by_ref[flag] = replace(backup, state=ItemState.RESOLVED, version="h9999999999999.1.9!resolved!!1!0")
    mirror.take(connection.catch_up(mirror, HORIZON))
    mirror.cursors.clear()
    mirror.take(connection.catch_up(mirror, HORIZON))
    assert mirror.items_by_ref[flag].state is backup.state


def test_a_row_under_two_states_has_its_own(world: World) -> None:
    flag, _, _ = world.reported_post()
    world.community.stray_flag(int(flag.native), "resolved")
    connection, mirror = world.pulled()
    mirror.take(connection.poll(mirror))
    assert mirror.items_by_ref[flag].state is ItemState.OPEN


def test_a_decision_taken_back_between_polls_is_seen_by_the_order(world: World) -> None:
    flag, _, _ = world.reported_post()
    connection, mirror = world.pulled()
    mirror.take(connection.poll(mirror))
    seen = mirror.items_by_ref[flag]
    for _ in range(3):
        world.reported_post()
    mirror.take(connection.poll(mirror))
    world.community.decide_as(COLLEAGUE, int(flag.native), "resolved")
    world.community.decide_as(COLLEAGUE, int(flag.native), "open")
    mirror.take(connection.poll(mirror))
    now = mirror.items_by_ref[flag]
    assert now.state is seen.state is ItemState.OPEN
    assert len(now.history) == len(seen.history) + 2


def test_a_further_report_reopens_and_keeps_its_id(world: World) -> None:
    flag, post, _ = world.reported_post()
    world.community.decide_as(COLLEAGUE, int(flag.native), "rejected")
    connection, mirror = world.pulled()
    assert mirror.items_by_ref[flag].state is ItemState.DISMISSED
    world.community.report(ME, int(post.native), "It is still here")
    mirror.take(connection.poll(mirror))
    item = mirror.items_by_ref[flag]
    assert (item.state, item.report_count, len(item.reports)) == (ItemState.OPEN, 2, 2)
    assert Change.REPORT in item.history[0].changes


def test_a_further_report_on_an_open_flag_is_hinted_at_by_a_notification(world: World) -> None:
    flag, post, _ = world.reported_post()
    for _ in range(3):
        world.reported_post()
    connection, mirror = world.pulled()
    mirror.take(connection.poll(mirror))
    world.raw("/api/v3/flags", ME, "POST", {"type": "post", "id": int(post.native), "reason": "Me too"})
    mirror.take(connection.poll(mirror))
    assert mirror.items_by_ref[flag].report_count == 2
    assert {report.text for report in mirror.items_by_ref[flag].reports} >= {"Me too"}


def test_an_assignee_is_gone_after_unassigning(world: World) -> None:
    flag, _, _ = world.reported_post()
    world.community.decide_as(COLLEAGUE, int(flag.native), "wip", COLLEAGUE)
    connection, mirror = world.pulled()
    assert mirror.items_by_ref[flag].assignee == ref(Kind.MEMBER, world.community.uid(COLLEAGUE))
    world.raw(f"/api/v3/flags/{flag.native}", COLLEAGUE, "PUT", {"assignee": "", "state": "open"})
    mirror.take(connection.poll(mirror))
    assert mirror.items_by_ref[flag].assignee is None


def test_a_flag_that_was_deleted_is_a_tombstone_after_the_listing(world: World) -> None:
    flag, _, _ = world.reported_post()
    connection, mirror = world.pulled()
    world.raw(f"/api/v3/flags/{flag.native}", COLLEAGUE, "DELETE", {})
    mirror.cursors.pop(everything.LISTED)
    mirror.take(connection.poll(mirror))
    assert flag in mirror.gone
    assert flag not in mirror.items_by_ref


def test_a_forum_moderator_keeps_a_flag_whose_thread_was_moved_away(world: World) -> None:
    moderated = {int(c) for c in world.raw("/api/flags?perPage=1", FORUM_MODERATOR)["filters"]["cid"]}
    flag, _, thread = world.reported_post()
    forum = world.raw(f"/api/v3/topics/{thread.native}")["response"]["cid"]
    assert forum in moderated
    connection, mirror = world.pulled(FORUM_MODERATOR)
    assert flag in mirror.items_by_ref
    elsewhere = next(
        c["cid"] for c in world.raw("/api/v3/categories")["response"]["categories"] if c["cid"] not in moderated
    )
    world.raw(f"/api/v3/topics/{thread.native}/move", ME, "PUT", {"cid": elsewhere})
    mirror.cursors.pop(everything.LISTED)
    mirror.take(connection.poll(mirror))
    mirror.take(connection.fetch([flag], mirror))
    assert flag not in mirror.gone
    assert flag in mirror.items_by_ref


def test_a_held_post_comes_and_goes(world: World) -> None:
    connection, mirror = world.pulled()
    held = world.community.hold_as(NEWCOMER, world.open_thread(), "A first post of mine, please")
    item = ref(Kind.HELD, held.id)
    mirror.take(connection.poll(mirror))
    assert mirror.items_by_ref[item].state is ItemState.HELD
    assert mirror.items_by_ref[item].body == "A first post of mine, please"
    world.raw(f"/api/v3/posts/queue/{held.id}", COLLEAGUE, "DELETE", {})
    mirror.take(connection.poll(mirror))
    assert mirror.items_by_ref[item].state is ItemState.RESOLVED


def test_the_last_page_of_the_queue_tells_of_any_change(world: World) -> None:
    thread = world.open_thread()
    names = [world.community.register(f"newcomer_{n}") for n in range(45)]
    assert names
    held = [world.community.hold_as(f"newcomer_{n}", thread, f"First post number {n}") for n in range(45)]
    connection, mirror = world.pulled()
    in_queue = {post["id"] for page in (1, 2, 3) for post in world.raw(f"/api/post-queue?page={page}")["posts"]}
    assert {r.native for r in mirror.pending_items() if r.kind is Kind.HELD} == in_queue
    mirror.take(connection.poll(mirror))
    first = next(one for one in held if one.id in in_queue)
    world.raw(f"/api/v3/posts/queue/{first.id}", COLLEAGUE, "POST", {})
    mirror.take(connection.poll(mirror))
    assert mirror.items_by_ref[ref(Kind.HELD, first.id)].state is ItemState.RESOLVED
    last = world.community.hold_as("newcomer_7", thread, "One more at the end of the queue")
    mirror.take(connection.poll(mirror))
    assert ref(Kind.HELD, last.id) in mirror.pending_items()


def test_a_look_at_the_queue_that_breaks_off_is_taken_up_again(world: World, expected_logs: list[str]) -> None:
    """The server says 304 to the next one: what it said before was never kept."""
    expected_logs.append("server_error|answer_broke_off")
    held = world.community.hold_as(NEWCOMER, world.open_thread(), "One more first post of mine")
    connection, mirror = world.pulled()
    mirror.take(connection.poll(mirror))
    world.raw(f"/api/v3/posts/queue/{held.id}", COLLEAGUE, "DELETE", {})
    world.fault("drop_before", f"/api/post-queue/{held.id}$")
    with pytest.raises(TryLaterError):
        mirror.take(connection.poll(mirror))
    mirror.take(connection.poll(mirror))
    assert mirror.items_by_ref[ref(Kind.HELD, held.id)].state is ItemState.RESOLVED


def test_an_empty_queue_of_a_forum_moderator_proves_nothing(world: World) -> None:
    world.community.hold_as(NEWCOMER, world.open_thread(), "Something that waits")
    _, mirror = world.pulled()
    held = [r for r in mirror.pending_items() if r.kind is Kind.HELD]
    assert held
    connection = world.connect(FORUM_MODERATOR)
    mirror.take(connection.catch_up(mirror, HORIZON))
    mirror.take(connection.poll(mirror))
    mirror.take(connection.fetch(held, mirror))
    assert {r for r in mirror.pending_items() if r.kind is Kind.HELD} == set(held)


def test_new_replies_and_threads_arrive_by_poll(world: World) -> None:
    connection, mirror = world.pulled()
    mirror.take(connection.poll(mirror))
    thread = world.open_thread()
    post = world.community.reply_as(OTHER_CUSTOMER, thread, "A new reply for the poll")
    mirror.take(connection.poll(mirror))
    assert mirror.threads_by_ref[ref(Kind.THREAD, thread)].post_count == 2
    assert "new reply" in mirror.posts_by_ref[ref(Kind.POST, post.id)].body_html


def test_replies_in_forums_that_the_account_ignores_are_found_apart(world: World) -> None:
    connection, mirror = world.pulled()
    ignored = json.loads(mirror.cursors["forums.ignored"] or "[]")
    assert ignored
    thread = world.community.open_thread_as(
        CUSTOMER, int(ignored[0]), "Not in my recent list", "Nobody tells me of this"
    ).id
    assert all(topic["tid"] != thread for topic in world.raw("/api/recent")["topics"])
    for _ in ignored:
        mirror.take(connection.poll(mirror))
    assert ref(Kind.THREAD, thread) in mirror.threads_by_ref


def test_a_look_at_an_ignored_forum_that_breaks_off_is_taken_up_again(world: World, expected_logs: list[str]) -> None:
    expected_logs.append("server_error|answer_broke_off")
    connection, mirror = world.pulled()
    ignored = json.loads(mirror.cursors["forums.ignored"] or "[]")
    thread = world.community.open_thread_as(
        CUSTOMER, int(ignored[0]), "Nobody tells me of this one", "What it says breaks off"
    ).id
    world.fault("drop_before", f"/api/topic/{thread}$")
    with pytest.raises(TryLaterError):
        _take_turns(connection, mirror, ignored)
    _take_turns(connection, mirror, ignored)
    assert mirror.threads_by_ref[ref(Kind.THREAD, thread)].complete


def _take_turns(connection: NodeBB, mirror: MemoryMirror, ignored: list[int]) -> None:
    for _ in ignored:
        mirror.take(connection.poll(mirror))


def test_background_reading_leaves_unread_what_the_person_has_not_read(world: World) -> None:
    thread = world.open_thread()
    world.pulled()
    unread = [topic["tid"] for topic in world.raw("/api/unread")["topics"]]
    assert thread in unread


def test_a_hidden_post_keeps_its_text_for_moderators(world: World) -> None:
    thread = world.open_thread()
    post = world.community.reply_as(CUSTOMER, thread, "Words that only moderators still read")
    world.raw(f"/api/v3/posts/{post.id}/state", COLLEAGUE, "DELETE", {})
    _, mirror = world.pulled()
    found = mirror.posts_by_ref[ref(Kind.POST, post.id)]
    assert found.hidden
    assert "only moderators" in (found.body or found.body_html)


def test_a_private_forum_is_read_as_oneself_and_marked_private(world: World) -> None:
    _, before = world.pulled()
    private = [forum for forum, hidden in before.forums().items() if hidden]
    assert private
    thread = world.community.open_thread_as(COLLEAGUE, int(private[0].native), "A private case", "For staff only").id
    _, mirror = world.pulled()
    found = mirror.threads_by_ref[ref(Kind.THREAD, thread)]
    assert (found.forum, found.complete) == (private[0], True)


def test_long_threads_are_read_page_by_page_and_only_the_end_again(world: World) -> None:
    thread = world.open_thread()
    for number in range(50):
        world.community.reply_as(CUSTOMER, thread, f"Reply number {number} of many")
    connection, mirror = world.pulled()
    assert len(mirror.posts_of(ref(Kind.THREAD, thread))) == 51
    mirror.take(connection.poll(mirror))
    world.community.service.requests.clear()
    world.community.reply_as(CUSTOMER, thread, "And one more")
    mirror.take(connection.poll(mirror))
    assert len(mirror.posts_of(ref(Kind.THREAD, thread))) == 52
    assert (
        world.community.service.requests["GET /api/topic/:topic_id"] <= 1
        or sum(count for path, count in world.community.service.requests.items() if "/api/topic/" in path) == 1
    )


def test_a_post_accepted_with_an_old_time_is_found(world: World) -> None:
    thread = world.open_thread()
    held = world.community.hold_as(NEWCOMER, thread, "Written long before it was accepted")
    for number in range(5):
        world.community.reply_as(CUSTOMER, thread, f"Reply {number}, which came later")
    connection, mirror = world.pulled()
    mirror.take(connection.poll(mirror))
    world.raw(f"/api/v3/posts/queue/{held.id}", COLLEAGUE, "POST", {})
    mirror.take(connection.poll(mirror))
    mirror.take(connection.poll(mirror))
    texts = [post.body_html for post in mirror.posts_of(ref(Kind.THREAD, thread))]
    assert len(texts) == 7
    assert any("long before" in text for text in texts)


def test_when_the_recent_list_is_too_short_every_forum_is_walked_again(world: World) -> None:
    with small_world(Size(threads=230, posts=260, reports=5, decided=2, held=1, members=24, days=30)) as large:
        connection, mirror = large.pulled()
        mirror.cursors[RECENT] = "1"
        walked = {name for name in mirror.cursors if name.startswith("walk.")}
        for thread in list(mirror.threads_by_ref):
            mirror.threads_by_ref[thread] = replace(mirror.threads_by_ref[thread], post_count=99)
        mirror.take(connection.poll(mirror))
        assert walked
        assert all(
            mirror.cursors[name] is None for name in walked if mirror.forums()[ref(Kind.FORUM, name[5:])] is not None
        )


def test_a_thread_that_was_purged_is_a_tombstone_when_it_is_revisited(world: World) -> None:
    thread = ref(Kind.THREAD, world.open_thread())
    connection, mirror = world.pulled()
    world.raw(f"/api/v3/topics/{thread.native}", ME, "DELETE", {})
    mirror.take(connection.fetch([thread], mirror))
    assert thread in mirror.gone


class _Readings(MemoryMirror):
    """Remembers in which order threads wait for being read again."""

    def __init__(self, waiting: list[Ref]) -> None:
        super().__init__()
        self._waiting = waiting

    def stale_threads(self, before: datetime, limit: int, since: datetime) -> list[Ref]:
        return [one for one in self._waiting if one not in self.threads_by_ref][:limit]


def test_threads_that_may_not_be_read_any_more_do_not_keep_others_from_being_revisited(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "_STALE_AT_ONCE", 1)
    closed, open_one = (ref(Kind.THREAD, world.open_thread()) for _ in range(2))
    world.fault("status", f"/api/topic/{closed.native}", status=403, times=3)
    reading, mirror = threads.Threads(world.connect()._context), _Readings([closed, open_one])
    for _ in range(2):
        mirror.take(reading.stale(mirror, HORIZON))
    assert open_one in mirror.threads_by_ref


def test_fetching_a_post_gives_typed_and_rendered_text(world: World) -> None:
    thread = world.open_thread()
    post = world.community.reply_as(CUSTOMER, thread, "Some *typed* text")
    mirror = MemoryMirror()
    mirror.take(world.connect().fetch([ref(Kind.POST, post.id)], mirror))
    found = mirror.posts_by_ref[ref(Kind.POST, post.id)]
    assert found.body == "Some *typed* text"
    assert "<em>typed</em>" in found.body_html
    assert (found.position, found.thread) == (1, ref(Kind.THREAD, thread))


def test_things_that_are_not_there_are_gone(world: World) -> None:
    mirror = MemoryMirror()
    missing = [ref(Kind.FLAG, 99999), ref(Kind.POST, 99999), ref(Kind.THREAD, 99999), ref(Kind.MEMBER, 99999)]
    mirror.take(world.connect().fetch(missing, mirror))
    assert mirror.gone == set(missing)


def test_a_poll_that_breaks_off_goes_on_where_it_was(world: World, expected_logs: list[str]) -> None:
    expected_logs.append("server_error|answer_broke_off")
    flag, _, _ = world.reported_post()
    connection, mirror = world.pulled()
    mirror.take(connection.poll(mirror))
    world.community.decide_as(COLLEAGUE, int(flag.native), "resolved")
    world.fault("drop_before", f"/api/flags/{flag.native}$")
    with pytest.raises(TryLaterError):
        mirror.take(connection.poll(mirror))
    assert mirror.items_by_ref[flag].state is ItemState.RESOLVED
    assert json.loads(mirror.cursors[TODO] or "[]") == [flag.native]
    mirror.take(connection.poll(mirror))
    assert mirror.items_by_ref[flag].history[0].changes == {Change.STATE: "resolved"}
    assert mirror.cursors[TODO] is None


@pytest.mark.parametrize("after", [0, 1, 2, 5, 9, 20, 60])
def test_catch_up_may_be_stopped_after_any_batch(world: World, after: int) -> None:
    mirror = MemoryMirror()
    for batch in islice(world.connect().catch_up(mirror, HORIZON), after):
        mirror.apply(batch)
    connection = world.connect()
    mirror.take(connection.catch_up(mirror, HORIZON))
    _, whole = world.pulled()
    assert mirror.items_by_ref == whole.items_by_ref
    assert mirror.posts_by_ref.keys() == whole.posts_by_ref.keys()
    assert all(thread.complete for thread in mirror.threads_by_ref.values())
    assert mirror.complete_since == HORIZON


def test_the_horizon_bounds_the_walk(world: World) -> None:
    from datetime import UTC, datetime, timedelta

    connection, mirror = world.connect(), MemoryMirror()
    mirror.take(connection.catch_up(mirror, datetime.now(UTC) - timedelta(days=3)))
    _, whole = world.pulled()
    assert 0 < len(mirror.posts_by_ref) < len(whole.posts_by_ref)
    assert len(mirror.pending_items()) == len(whole.pending_items()), "the queue is whole whatever the horizon"


def test_a_server_restored_from_a_backup_is_recognised(world: World) -> None:
    world.community.save_backup()
    thread = world.open_thread()
    posts = [world.community.reply_as(CUSTOMER, thread, f"Lost in the restore {n}") for n in range(3)]
    connection, mirror = world.pulled()
    anchors = [(ref(Kind.POST, p.id), mirror.posts_by_ref[ref(Kind.POST, p.id)].created_at) for p in posts]
    assert connection.same_server(anchors)
    world.community.restore_backup()
    assert not connection.same_server(anchors), "all of several vanished"
    other = world.open_thread()
    for number in range(3):
        world.community.reply_as(OTHER_CUSTOMER, other, f"Ids used again {number}")
    assert not connection.same_server(anchors), "known ids are other posts now"


def test_no_more_than_four_requests_at_once(world: World) -> None:
    assert PARALLEL == 4


def test_rows_that_moved_up_are_told_from_rows_that_only_appeared() -> None:
    def moved(before: str, now: str) -> str:
        return "".join(r.native for r in _moved(json.dumps(list(before)), [ref(Kind.FLAG, one) for one in now]))

    assert moved("abc", "abc") == ""
    assert moved("abc", "cab") == "c"
    assert moved("abc", "dabc") == "d"
    assert moved("abc", "bc") == ""
    assert moved("abc", "acx") == "", "a row that came up from the next page did not move"
    assert sorted(moved("abc", "xyz")) == ["x", "y", "z"]
    assert moved("", "ab") in {"ab", "ba"}


def test_reading_starts_where_the_known_part_ends() -> None:
    thread = ref(Kind.THREAD, 1)

    def start(known: int, stored: int, now: int, complete: bool = True) -> int:
        return first_page(Wanted(thread, None, ThreadFacts(None, known, stored, complete), now))

    assert start(41, 41, 42) == 3
    assert start(40, 40, 41) == 3
    assert start(41, 40, 42) == 1, "something is missing: all of it again"
    assert start(41, 41, 41) == 1, "no more posts, yet something changed"
    assert start(41, 41, 40) == 1
    assert start(41, 41, 42, complete=False) == 1
    assert first_page(Wanted(thread)) == 1


def test_what_is_left_to_read_is_a_cursor() -> None:
    news = FlagNews()
    assert news.cursor() == {TODO: None}
    news.add(ref(Kind.FLAG, n) for n in (3, 1, 2, 3))
    assert news.cursor() == {TODO: '["3","1","2"]'}
    assert news.cursor(2) == {TODO: '["2"]'}
    assert news.cursor(20) == {TODO: None}


def test_a_deleted_thread_keeps_its_title_for_those_who_may_see_it(world: World) -> None:
    """A visitor, as whom public forums are read, is shown a stand-in."""
    thread = world.community.open_thread_as(CUSTOMER, 2, "A title that is deleted later", "Some words of a customer")
    world.raw(f"/api/v3/topics/{thread.id}/state", COLLEAGUE, "DELETE", {})
    _, mirror = world.pulled()
    found = mirror.threads_by_ref[ref(Kind.THREAD, thread.id)]
    assert (found.title, found.hidden) == ("A title that is deleted later", True)
    assert mirror.problems == []
