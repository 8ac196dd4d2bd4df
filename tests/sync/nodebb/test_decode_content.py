"""Recorded forums, threads, posts, members and notifications."""

from datetime import UTC
from typing import Any

import msgspec
import pytest

from moderation.errors import PayloadError
from moderation.ids import Kind, Ref
from sync.nodebb import reading
from sync.nodebb.decode import maybe_moment
from sync.nodebb.decode_content import Decoder, permitted_in_thread
from sync.nodebb.decoders import (
    CATEGORY,
    NOTIFICATION,
    NOTIFICATIONS,
    POST,
    POST_ANSWER,
    SELF,
    TOPIC,
    TOPIC_LIST,
    TOPIC_PAGE,
    USER,
)
from sync.nodebb.ids import Namer, native, safe
from sync.nodebb.payloads import UserP
from sync.nodebb.reading import set_aside
from tests.sync.nodebb.recorded import decoded, recording

DECODE = Decoder(Namer("forum.example"), "https://forum.example/help")


def ref(kind: Kind, native_id: object) -> Ref:
    return Ref("forum.example", kind, str(native_id))


def test_a_topic_page_gives_thread_posts_and_people() -> None:
    page = decoded("topic", TOPIC_PAGE)
    thread = DECODE.thread(page)
    assert thread.id == ref(Kind.THREAD, 156)
    assert thread.forum == ref(Kind.FORUM, 2)
    assert thread.post_count == 17
    assert thread.first_post == ref(Kind.POST, 709)
    assert thread.url == "https://forum.example/help/topic/156/slow-start-on-ipad-with-large-archives"
    posts, problems = set_aside(page.posts, POST, lambda one: one, "/api/topic/156")
    assert problems == []
    first = DECODE.post(posts[0], forum=thread.forum, position=0)
    assert first.thread == thread.id
    assert first.body is None
    assert first.body_html.startswith("<p")
    assert first.created_at.tzinfo is UTC
    assert DECODE.member(posts[0].user or UserP()).name


def test_the_feed_token_of_a_topic_page_is_not_kept() -> None:
    raw = recording("topic")["body"]
    raw["rssFeedUrl"] = "/topic/156.rss?uid=2&token=FEED-SECRET"
    page = TOPIC_PAGE.decode(msgspec.json.encode(raw))
    assert "FEED-SECRET" not in repr(page)
    assert "FEED-SECRET" not in repr(DECODE.thread(page))


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ({"title": "How to write &lt; and &amp;amp;"}, "How to write &lt; and &amp;amp;"),
        ({"title": "Page ?a=1&copy=2&section=3"}, "Page ?a=1&copy=2&section=3"),
        ({"title": "&lsqb;Beta&rsqb; &lt;b&gt; &amp; more", "titleRaw": "[Beta] <b> & more"}, "[Beta] <b> & more"),
        ({"title": "?a=1&amp;copy=2", "titleRaw": "?a=1&copy=2"}, "?a=1&copy=2"),
    ],
)
def test_titles_arrive_as_typed_and_from_older_versions_escaped(told: dict[str, str], title: str) -> None:
    """Since 4.14 a title is told as it is, and no raw one beside it."""
    raw = {**recording("topic")["body"], "posts": [], **told}
    assert DECODE.thread(TOPIC_PAGE.decode(msgspec.json.encode(raw))).title == title


def test_names_may_arrive_escaped() -> None:
    assert DECODE.member(UserP(uid=3, username="O&#x27;Neil 🐌")).name == "O'Neil 🐌"
    assert DECODE.member(UserP(uid=3, username="Tea&copy makers")).name == "Tea&copy makers"


def test_a_post_by_itself_has_its_text_as_typed() -> None:
    post = DECODE.post(decoded("post-get", POST_ANSWER).response, forum=None, position=4, raw=True)
    assert post.body == "Edited by a category moderator here."
    assert post.body_html == ""
    assert post.editor == ref(Kind.MEMBER, 9)
    assert post.edited_at is not None


def test_recent_topics_are_threads() -> None:
    page = decoded("recent", TOPIC_LIST)
    topics, problems = set_aside(page.topics, TOPIC, DECODE.thread, "/api/recent")
    assert problems == []
    assert topics
    assert all(thread.last_post_at and thread.author and thread.author_name for thread in topics)


def test_what_other_servers_sent_is_told_apart_from_forums() -> None:
    raw = {"cid": -1, "name": "[[category:uncategorized]]", "slug": "../world", "parentCid": 0}
    assert DECODE.forum(CATEGORY.decode(msgspec.json.encode(raw)), private=False, moderators=None).elsewhere
    assert not DECODE.forum(
        CATEGORY.decode(msgspec.json.encode(raw | {"cid": 1})), private=False, moderators=()
    ).elsewhere


def test_categories_are_forums() -> None:
    raws = recording("categories-list")["body"]["categories"]
    for raw in raws:
        forum = DECODE.forum(CATEGORY.decode(msgspec.json.encode(raw)), private=False, moderators=None)
        assert forum.id == ref(Kind.FORUM, raw["cid"])
        assert "&amp;" not in forum.name
        assert forum.parent is None


def test_notifications_tell_what_they_are_about() -> None:
    told, problems = set_aside(
        decoded("notifications", NOTIFICATIONS).notifications, NOTIFICATION, DECODE.notification, ""
    )
    assert problems == []
    about = {str(one.about.kind) for one in told if one.about}
    assert "held" in about
    flag = NOTIFICATION.decode(
        b'{"nid":"flag:post:1:2","type":"new-post-flag","path":"/flags/33","pid":1,"datetime":5}'
    )
    assert DECODE.notification(flag).about == ref(Kind.FLAG, 33)


def test_who_am_i() -> None:
    me = decoded("auth-self-user-token", SELF)
    assert me is not None
    assert (me.uid, me.username, me.isGlobalModerator, me.isAdmin) == (8, "gina_gmod", True, False)
    assert decoded("auth-master-bad-uid", SELF) is None


def test_permitted_actions_come_from_the_topics_privileges() -> None:
    page = decoded("topic", TOPIC_PAGE)
    assert "reply" in permitted_in_thread({"topics:reply": True})
    assert permitted_in_thread({"topics:reply": False, "isAdminOrMod": None, "purge": 1}) == ()
    assert set(permitted_in_thread(page.privileges)) >= {"reply"}


@pytest.mark.parametrize("uid", [0, -1, "0", "-2", None])
def test_guests_and_the_system_are_no_members(uid: Any) -> None:
    assert Namer("c").member(uid) is None


@pytest.mark.parametrize(
    "one", ["5", "reply-1795308781620", "-1", "https://social.example/@ann/notes/1", "日本", "ap.x", ""]
)
def test_federated_ids_fit_and_come_back(one: str) -> None:
    made = Namer("forum.example").ref(Kind.POST, one)
    if one:
        assert Ref.parse(str(made)) == made
    assert native(made) == one
    assert safe(5) == "5"


def test_a_brief_byline_leaves_unknown_what_it_does_not_tell() -> None:
    member = DECODE.member(USER.decode(b'{"uid":"7","username":"ann","userslug":"ann","reputation":"12","banned":0}'))
    assert (member.reputation, member.banned, member.muted, member.post_count) == (12, False, None, None)


@pytest.mark.parametrize("ms", [None, 0, -1, 1e300])
def test_no_time_is_none(ms: float | None) -> None:
    assert maybe_moment(ms) is None


@pytest.mark.parametrize("body", [b"[" * 200_000, b'{"a":' * 200_000], ids=["lists", "objects"])
def test_an_answer_nested_without_end_is_one_that_does_not_fit(body: bytes) -> None:
    with pytest.raises(PayloadError) as told:
        reading.decoded(body, SELF, "/api/self")
    assert told.value.code == "payload_unfit"


@pytest.mark.parametrize("views", ["99999999999999999999", "-99999999999999999999"])
def test_a_number_that_no_store_can_hold_sets_its_record_aside(views: str) -> None:
    """Else the transaction that is to keep it fails, and with it every poll."""
    odd = b'{"tid": 1, "timestamp": 1700000000000, "viewcount": %s}' % views.encode()
    good = b'{"tid": 2, "timestamp": 1700000000000, "viewcount": "12"}'
    kept, problems = set_aside([odd, good], TOPIC, DECODE.thread, "/api/recent")
    assert [(thread.id.native, thread.view_count) for thread in kept] == [("2", 12)]
    assert problems == ["/api/recent [0].viewcount"]
