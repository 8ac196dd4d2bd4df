"""Pulling within the limits: what costs how many requests, and what is read in which order."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from moderation.ids import Kind, Ref
from moderation.items import ItemState
from sync.http import Plan, PlannedBudget
from tests.conformance.memory import MemoryMirror
from tests.sync.discourse import made
from tests.sync.discourse.scripted import NAME, Said, Script

HORIZON = datetime(2020, 1, 1, tzinfo=UTC)
SITE = {
    "categories": [
        {"id": 5, "name": "Kettles", "slug": "kettles", "read_restricted": False, "position": 1},
        {"id": 6, "name": "Lids", "slug": "lids", "parent_category_id": 5, "read_restricted": True},
    ],
    "groups": [],
}


def ref(kind: Kind, native: object) -> Ref:
    return Ref(NAME, kind, str(native))


def topics(*rows: dict[str, Any], more: bool = False) -> dict[str, Any]:
    users = [{"id": made.AUTHOR, "username": "piet.oak"}]
    listed: dict[str, Any] = {"topics": list(rows)}
    return {"users": users, "topic_list": listed | ({"more_topics_url": "/latest?page=1"} if more else {})}


@pytest.fixture
def community(script: Script) -> Script:
    """A small one: two items, one thread of two posts, one message."""
    script.on(r"/review/count", {"count": 2})
    script.on(r"/review\.json", made.review(made.flagged(), made.queued()))
    script.on(r"/review\.json\?status=reviewed", {"reviewables": [], "meta": {}})
    script.on(r"/site\.json", SITE)
    script.on(r"/posts\.json(\?before=\d+)?$", {"latest_posts": []})
    script.on(r"/posts\.json$", {"latest_posts": [made.post(), made.post(9901, post_number=1)]})
    script.on(r"/latest\.json", topics(made.topic()))
    script.on(r"/topics/private-messages", topics())
    message = made.topic(340, archetype="private_message", category_id=None, posts_count=1)
    script.on(r"/topics/private-messages/", topics(message))
    page = made.topic_page([made.post(9940, topic_id=340, post_number=1)], **{**message, "id": 340})
    script.on(r"/t/340\.json", page)
    script.on(r"/t/301\.json", made.topic_page([made.post(9901, post_number=1), made.post()]))
    return script


def pulled(script: Script) -> tuple[Any, MemoryMirror]:
    connection, mirror = script.connect(), MemoryMirror()
    mirror.take(connection.catch_up(mirror, HORIZON))
    return connection, mirror


def test_everything_in_few_requests(community: Script) -> None:
    _, mirror = pulled(community)
    assert {str(item.id): item.state for item in mirror.items_by_ref.values()} == {
        "sample:review:812": ItemState.OPEN, "sample:review:820": ItemState.HELD,
    }  # fmt: skip
    thread = mirror.threads_by_ref[ref(Kind.THREAD, 301)]
    assert (thread.complete, thread.author_name, len(mirror.posts_of(thread.id))) == (True, "piet.oak", 2)
    assert mirror.complete_since == HORIZON
    assert mirror.problems == []
    assert not any(path.startswith("GET /t/301") for path in community.paths)
    assert len(community.paths) == 14, "one of them for the groups, of which the roster is proposed"


def test_the_first_page_is_a_screen_to_work_with(community: Script) -> None:
    connection, mirror = community.connect(), MemoryMirror()
    mirror.take(islice(connection.catch_up(mirror, HORIZON), 1))
    assert community.paths[-1].startswith("GET /review.json")
    assert len(community.paths) == 2
    item = mirror.items_by_ref[ref(Kind.REVIEW, 812)]
    assert (item.detail, item.body, len(item.offers or ())) == (True, "Buy my beans", 8)


def long_queue(script: Script, pages: int) -> Script:
    """A queue of that many pages."""
    more = {"load_more_reviewables": "/review?offset=10"}
    for page in range(pages):
        offset = f"&offset={page * 10}" if page else ""
        answer = made.review(made.flagged(700 + page))
        answer["meta"] |= more if page < pages - 1 else {}
        script.on(rf"/review\.json\?status=pending&priority=low&sort_order=score{offset}$", answer)
    script.on(r"/review/count", {"count": pages})
    return script


def test_forums_are_read_before_the_rest_of_a_long_queue(community: Script) -> None:
    connection, mirror = long_queue(community, 4).connect(), MemoryMirror()
    walk = connection.catch_up(mirror, HORIZON)
    mirror.apply(next(walk))
    assert list(mirror.items_by_ref) == [ref(Kind.REVIEW, 700)]
    while len(mirror.items_by_ref) < 2:
        mirror.apply(next(walk))
    item = mirror.items_by_ref[ref(Kind.REVIEW, 700)]
    assert item.forum is not None
    forum = mirror.forums_by_ref[item.forum]
    assert (forum.name, forum.private) == ("Kettles", False)
    mirror.take(walk)
    assert len(mirror.pending_items()) == 4
    assert sum("/site.json" in path for path in community.paths) == 1


def test_subforums_and_private_places(community: Script) -> None:
    _, mirror = pulled(community)
    forums = {forum.id.native: (forum.parent, forum.private) for forum in mirror.forums_by_ref.values()}
    assert forums == {"5": (None, False), "6": (ref(Kind.FORUM, 5), True), "messages": (None, True)}
    message = mirror.threads_by_ref[ref(Kind.THREAD, 340)]
    (post,) = mirror.posts_of(message.id)
    assert message.forum == post.forum == ref(Kind.FORUM, "messages")


def test_a_feed_that_gives_its_last_post_again_comes_to_an_end(community: Script) -> None:
    """Some releases count the named post in."""
    community.on(r"/posts\.json\?before=\d+$", {"latest_posts": [made.post(9901, post_number=1)]})
    _, mirror = pulled(community)
    assert sum(path.startswith("GET /posts.json?before=") for path in community.paths) == 1
    assert mirror.complete_since == HORIZON


def test_muted_categories_are_read_too(community: Script) -> None:
    """The list of latest topics leaves out what the account has muted."""
    community.on(r"/u/mara_vell\.json", {"user": {"id": made.ME, "username": "mara_vell", "muted_category_ids": [6]}})
    posts = [made.post(9955, topic_id=305, category_id=6, post_number=1), made.post(), made.post(9901, post_number=1)]
    community.on(r"/posts\.json$", {"latest_posts": posts})
    community.on(r"^/c/lids/6/l/latest\.json", topics(made.topic(305, category_id=6, posts_count=1)))
    connection, mirror = pulled(community)
    thread = mirror.threads_by_ref[ref(Kind.THREAD, 305)]
    assert (thread.complete, thread.forum) == (True, ref(Kind.FORUM, 6))
    mirror.take(connection.poll(mirror))
    community.on(r"/review/count", {"count": 3})
    community.on(r"/posts\.json$", {"latest_posts": [made.post(9956, topic_id=305, post_number=2), *posts]})
    page = made.topic_page([posts[0], made.post(9956, topic_id=305, post_number=2)])
    community.on(r"/t/305\.json", {**page, "id": 305, "category_id": 6})
    mirror.take(connection.poll(mirror))
    assert len(mirror.posts_of(thread.id)) == mirror.threads_by_ref[thread.id].post_count == 2


def test_a_quiet_poll_is_one_request(community: Script) -> None:
    connection, mirror = pulled(community)
    mirror.take(connection.poll(mirror))
    before = len(community.paths)
    assert mirror.take(connection.poll(mirror)) == 0
    assert community.paths[before:] == ["GET /review/count.json"]


def test_a_new_item_and_a_reply_come_with_the_next_poll(community: Script) -> None:
    connection, mirror = pulled(community)
    mirror.take(connection.poll(mirror))
    community.on(r"/review/count", {"count": 3})
    community.on(r"/review\.json", made.review(made.flagged(830), made.flagged(), made.queued()))
    community.on(r"/posts\.json$", {"latest_posts": [made.post(9950, post_number=3), made.post()]})
    later = "2026-03-02T10:00:00.000Z"
    community.on(r"/latest\.json", topics(made.topic(posts_count=3, last_posted_at=later, bumped_at=later)))
    before = len(community.paths)
    mirror.take(connection.poll(mirror))
    assert ref(Kind.REVIEW, 830) in mirror.items_by_ref
    thread = mirror.threads_by_ref[ref(Kind.THREAD, 301)]
    assert (thread.complete, thread.post_count, len(mirror.posts_of(thread.id))) == (True, 3, 3)
    assert len(community.paths) - before <= 4


def test_what_a_colleague_decided_is_found_as_absent(community: Script) -> None:
    connection, mirror = pulled(community)
    community.on(r"/review/count", {"count": 1})
    community.on(r"/review\.json", made.review(made.queued()))
    community.on(r"/review/812\.json", made.shown(made.flagged(status=2, version=4)))
    mirror.take(connection.poll(mirror))
    assert mirror.items_by_ref[ref(Kind.REVIEW, 812)].state is ItemState.DISMISSED


def test_what_is_not_there_any_more_becomes_a_tombstone(community: Script) -> None:
    connection, mirror = pulled(community)
    community.on(r"/review/count", {"count": 1})
    community.on(r"/review\.json", made.review(made.queued()))
    community.on(r"/review/812\.json", Said(404, made.error("not_found")))
    mirror.take(connection.poll(mirror))
    assert ref(Kind.REVIEW, 812) in mirror.gone
    community.on(r"/t/301\.json", Said(410, made.error("not_found")))
    community.on(r"/posts/9902\.json", Said(404, made.error("not_found")))
    mirror.take(connection.fetch([ref(Kind.THREAD, 301), ref(Kind.POST, 9902)], mirror))
    assert {ref(Kind.THREAD, 301), ref(Kind.POST, 9902)} <= mirror.gone


def test_a_count_that_leaves_something_out_does_not_read_the_list_again_and_again(community: Script) -> None:
    """The count has the site's floor, the list has none: one more is listed than counted."""
    community.on(r"/review/count", {"count": 1})
    connection, mirror = pulled(community)
    for _ in range(3):
        mirror.take(connection.poll(mirror))
    before = len(community.paths)
    mirror.take(connection.poll(mirror))
    assert community.paths[before:] == ["GET /review/count.json"]


def test_ten_items_a_request_when_asked_by_id(community: Script) -> None:
    parts = [made.flagged(number) for number in range(100, 123)]
    for start in (0, 10, 20):
        page = parts[start : start + 10]
        community.on(rf"ids\[\]={page[0]['reviewable']['id']}&", made.review(*page))
    connection, mirror = community.connect(), MemoryMirror()
    connection.identify()
    mirror.take(connection.fetch([ref(Kind.REVIEW, number) for number in range(100, 123)], mirror))
    assert len(mirror.items_by_ref) == 23
    assert len(community.paths) == 4


def test_a_thread_of_ten_thousand_posts_is_read_a_bit_at_a_time(script: Script) -> None:
    stream = list(range(20_001, 30_001))
    first = [made.post(one, post_number=number) for number, one in enumerate(stream[:20], 1)]
    script.on(r"/t/301\.json", made.topic_page(first, stream))

    def chunk(heard: Any, sock: Any) -> None:
        path = heard.line.split(" ")[1]
        if not path.startswith("/t/301/posts.json"):
            return plain(heard, sock)
        ids = [int(one) for one in parse_qs(urlsplit(path).query)["post_ids[]"]]
        assert len(ids) <= 20
        posts = [made.post(one, post_number=one - 20_000) for one in ids]
        return Said(document={"post_stream": {"posts": posts}, "id": 301}).send(sock, {})

    plain, script.server.handle = script.handle, chunk
    connection, mirror, thread = script.connect(), MemoryMirror(), ref(Kind.THREAD, 301)
    mirror.take(islice(connection.fetch([thread], mirror), 2))
    numbers = [post.position for post in mirror.posts_of(thread)]
    assert (numbers[:20], numbers[-20:]) == (list(range(1, 21)), list(range(9981, 10001)))
    mirror.take(connection.fetch([thread], mirror))
    assert len(script.paths) < 40
    assert not mirror.threads_by_ref[thread].complete
    for _ in range(30):
        mirror.take(connection.fetch([thread], mirror))
    assert len(mirror.posts_of(thread)) == 10_000
    assert mirror.threads_by_ref[thread].complete
    before = len(script.paths)
    mirror.take(connection.fetch([thread], mirror))
    assert len(script.paths) - before <= 5
    assert mirror.threads_by_ref[thread].complete


def test_whispers_are_for_the_staff_and_small_actions_left_out(script: Script) -> None:
    posts = [made.post(9901, post_number=1), made.post(9902, post_type=4), made.post(9903, post_type=3)]
    posts.append(made.post(9904, post_type=2, post_number=4, deleted_at=made.LATER))
    script.on(r"/t/301\.json", made.topic_page(posts))
    script.on(r"/posts/9902\.json", posts[1])
    mirror, thread = MemoryMirror(), ref(Kind.THREAD, 301)
    for wanted in (thread, ref(Kind.POST, 9902)):
        mirror.take(script.connect().fetch([wanted], mirror))
        assert [(post.id.native, post.hidden, post.staff_only) for post in mirror.posts_of(thread)] == [
            ("9901", False, False), ("9902", False, True), ("9904", True, False),
        ]  # fmt: skip
    assert mirror.threads([thread])[thread].stored_posts == 2


def test_a_poll_leaves_the_plan_of_the_day_alone(community: Script) -> None:
    clock = [1000.0]
    budget = PlannedBudget(Plan(20, 100), monotonic=lambda: clock[0], wall=lambda: clock[0])
    connection, mirror = community.connect(budget=budget), MemoryMirror()
    mirror.take(islice(connection.catch_up(mirror, HORIZON), 1))
    pauses = [connection.poll_pause()]
    for _ in range(40):
        clock[0] += 61
        mirror.take(connection.poll(mirror))
        pauses.append(connection.poll_pause())
    assert 20 < len(community.paths) < 35
    assert connection.budget_left() >= 65
    assert pauses[-1] > pauses[1] >= 60


def test_the_day_is_kept_and_recalled(community: Script) -> None:
    connection, mirror = community.connect(budget=PlannedBudget(Plan(1000, 2880))), MemoryMirror()
    mirror.take(connection.catch_up(mirror, HORIZON))
    spent = 2880 - connection.budget_left()
    assert 5 < spent < 30
    after = community.connect(budget=PlannedBudget(Plan(1000, 2880)))
    mirror.take(after.poll(mirror))
    assert after.budget_left() <= 2880 - spent


def test_members_as_staff_see_them(script: Script) -> None:
    user = {
        "id": 58, "username": "piet.oak", "name": "Piet", "suspended_at": made.AT, "suspended_till": made.LATER,
        "trust_level": 2, "post_count": 7, "groups": [{"id": 1, "name": "fans"}],
    }  # fmt: skip
    script.on(r"/admin/users/58\.json", user)
    mirror = MemoryMirror()
    mirror.take(script.connect().fetch([ref(Kind.MEMBER, 58), ref(Kind.MEMBER, 59)], mirror))
    member = mirror.members_by_ref[ref(Kind.MEMBER, 58)]
    assert (member.name, member.banned, member.muted, member.groups) == ("piet.oak", True, None, ("fans",))
    assert member.banned_until == datetime(2026, 3, 1, 11, tzinfo=UTC)
    assert ref(Kind.MEMBER, 59) in mirror.gone


def test_a_server_restored_from_a_backup(script: Script) -> None:
    at = datetime(2026, 3, 1, 10, 20, 30, 400_000, tzinfo=UTC)
    for native in (1, 2, 3):
        script.on(rf"/posts/{native}\.json", made.post(native))
    connection = script.connect()
    anchors = [(ref(Kind.POST, native), at) for native in (1, 2, 3)]
    assert connection.same_server(anchors)
    assert len(script.paths) == 2
    assert not connection.same_server([(anchors[0][0], at - timedelta(seconds=2)), *anchors[1:]])
    gone = [(ref(Kind.POST, native), at) for native in (7, 8)]
    assert not connection.same_server(gone)
    assert connection.same_server(gone[:1])


def test_a_clock_of_this_machine_that_is_wrong_changes_nothing(community: Script) -> None:
    connection = community.connect(now=lambda: datetime.now(UTC) - timedelta(days=3))
    mirror = MemoryMirror()
    mirror.take(connection.catch_up(mirror, HORIZON))
    mirror.take(community.connect(now=lambda: datetime.now(UTC) + timedelta(days=3)).poll(mirror))
    assert len(mirror.items_by_ref) == 2
