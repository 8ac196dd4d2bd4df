"""Connecting to a community and reading it, compared with the server's own answers."""

from collections.abc import Callable

import pytest

from moderation.errors import NotAllowedError, SignInError, UnreachableError
from moderation.ids import Kind
from moderation.intents import Identities
from sync.connector import Account
from sync.nodebb import open_connection, recognise
from sync.nodebb.connection import NodeBB
from tests.conformance.memory import MemoryMirror
from tests.live.conftest import COMMUNITY, HORIZON
from tests.live.place import Place

Connect = Callable[..., NodeBB]
Need = Callable[..., None]
STATES = {"open": "open", "wip": "in_progress", "resolved": "resolved", "rejected": "dismissed"}


def test_it_is_recognised_and_says_what_it_is(place: Place, connect: Connect) -> None:
    assert recognise(place.url)
    info = connect().info()
    assert info.platform == "nodebb"
    assert info.max_post_length > info.min_post_length
    assert info.version.startswith("4.") or place.raw().status("/nodeinfo/2.0") == 404


def test_another_path_is_not_a_community(place: Place) -> None:
    assert not recognise(f"{place.url}/nothing/here")


def test_a_closed_port_is_unreachable(expected_logs: list[str]) -> None:
    expected_logs.append("connection_refused")
    with pytest.raises(UnreachableError, match="connection_refused"):
        recognise("http://127.0.0.1:9")


def test_the_token_speaks_for_the_moderator(place: Place, connect: Connect) -> None:
    me = connect().identify()
    assert me.name == place.user
    assert me.roles & {"administrator", "moderator", "forum_moderator"}
    assert {"resolve", "dismiss", "take", "hide"} <= set(me.may or ())


def test_a_wrong_token_is_nobody(place: Place) -> None:
    connection = open_connection(place.url, COMMUNITY, Account(Identities.ME, "00000000-0000-4000-8000-000000000000"))
    with pytest.raises(SignInError, match="token_not_accepted") as caught:
        connection.identify()
    assert "00000000" not in str(caught.value)
    connection.close()


def test_a_users_token_cannot_speak_for_another(connect: Connect) -> None:
    with pytest.raises(SignInError, match="not_a_master_token"):
        connect(acts_as="1000000007").identify()


def test_a_master_token_needs_a_member(connect: Connect, need: Need) -> None:
    need("MASTER")
    with pytest.raises(SignInError, match="master_token_needs_member"):
        connect("MASTER").identify()
    with pytest.raises(SignInError, match="member_unknown"):
        connect("MASTER", acts_as="99999999").identify()


def test_an_ordinary_member_is_told_so(connect: Connect, need: Need) -> None:
    need("CUSTOMER")
    with pytest.raises(NotAllowedError, match="may_not_moderate"):
        list(connect("CUSTOMER").catch_up(MemoryMirror(), HORIZON))


def test_nothing_had_to_be_set_aside(pulled: tuple[NodeBB, MemoryMirror]) -> None:
    assert pulled[1].problems == []


def test_flags_of_every_state_are_as_many_as_the_server_counts(
    place: Place, pulled: tuple[NodeBB, MemoryMirror]
) -> None:
    connection, mirror = pulled
    mirror.take(connection.poll(mirror))
    counts = mirror.state_counts()
    for native, state in STATES.items():
        assert counts.get(state, 0) == place.raw().flag_total(native), state


def test_pending_flags_have_text_reasons_and_forum(pulled: tuple[NodeBB, MemoryMirror]) -> None:
    _, mirror = pulled
    for ref, facts in mirror.pending_items().items():
        item = mirror.items_by_ref[ref]
        assert facts.detail
        assert item.actions
        if ref.kind is Kind.FLAG:
            assert item.reports
            assert item.history
        if ref.kind is Kind.FLAG and item.extra.get("target") == "there":
            assert item.body_html
            assert item.forum is not None
            assert item.thread_title


def test_held_posts_are_those_of_the_queue(place: Place, pulled: tuple[NodeBB, MemoryMirror]) -> None:
    connection, mirror = pulled
    if not connection.identify().roles & {"administrator", "moderator"}:
        pytest.skip("a forum moderator does not see the queue")
    held = {ref.native for ref in mirror.pending_items() if ref.kind is Kind.HELD}
    assert held == {post["id"] for post in place.raw().held()}


def test_threads_and_posts_are_those_of_the_forums(place: Place, pulled: tuple[NodeBB, MemoryMirror]) -> None:
    _, mirror = pulled
    raw = place.raw()
    expected = {
        str(t["tid"]): t["postcount"] for f in mirror.forums() if f.native != "-1" for t in raw.thread_pages(f.native)
    }
    mirrored = {ref.native: thread for ref, thread in mirror.threads_by_ref.items()}
    assert set(expected) <= set(mirrored)
    for tid, count in expected.items():
        thread = mirrored[tid]
        assert thread.complete, tid
        assert thread.post_count == count == len(mirror.posts_of(thread.id)), tid


def test_private_forums_are_those_that_visitors_do_not_see(place: Place, pulled: tuple[NodeBB, MemoryMirror]) -> None:
    from tests.live.place import Raw

    visible = {str(c["cid"]) for c in Raw(place.url, None).get("/api/v3/categories")["response"]["categories"]}
    for ref, private in pulled[1].forums().items():
        assert private is (ref.native not in visible)


def test_a_quiet_poll_costs_at_most_eight_requests(pulled: tuple[NodeBB, MemoryMirror]) -> None:
    connection, mirror = pulled
    mirror.take(connection.poll(mirror))
    for _ in range(2):
        before = connection.usage()["requests"]
        mirror.take(connection.poll(mirror))
    assert connection.usage()["requests"] - before <= 8


def test_a_second_catch_up_reads_next_to_nothing(pulled: tuple[NodeBB, MemoryMirror]) -> None:
    connection, mirror = pulled
    before = connection.usage()["requests"]
    mirror.take(connection.catch_up(mirror, HORIZON))
    assert connection.usage()["requests"] - before <= 5


def test_known_posts_tell_that_it_is_the_same_server(pulled: tuple[NodeBB, MemoryMirror]) -> None:
    connection, mirror = pulled
    newest = sorted(mirror.posts_by_ref.values(), key=lambda post: post.created_at)[-5:]
    anchors = [(post.id, post.created_at) for post in newest]
    assert connection.same_server(anchors)
    wrong = [(post.id, HORIZON) for post in newest]
    assert not connection.same_server(wrong)


def test_a_forum_moderator_sees_the_own_forums(connect: Connect, need: Need) -> None:
    need("CMOD")
    connection, mirror = connect("CMOD"), MemoryMirror()
    me = connection.identify()
    assert "forum_moderator" in me.roles
    assert me.forums
    mirror.take(connection.catch_up(mirror, HORIZON))
    assert mirror.problems == []
    assert not [ref for ref in mirror.gone if ref.kind is Kind.FLAG]


def test_the_company_account_speaks_by_its_own_key(place: Place, connect: Connect, need: Need) -> None:
    need("COMPANY")
    official = connect("COMPANY", identity=Identities.OFFICIAL).identify()
    assert official.name == place.company
