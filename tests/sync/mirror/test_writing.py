"""What a server answer does to the mirror: the newest answer wins row by row, and what it does not tell stays."""

from dataclasses import replace
from typing import Any

import pytest

from moderation.changes import ChangeRecord, Table
from moderation.content import Forum, Member
from moderation.ids import Kind
from moderation.items import Change, Item, ItemState
from moderation.priority import Priority
from moderation.queries import Level, QueueQuery
from moderation.records import Batch
from sync.mirror import MirrorKnown, MirrorWriter
from tests import factory
from tests.factory import HERE, at, item, list_row, member, post, ref, thread
from tests.sync.mirror.place import Mirror


def stored(mirror: Mirror, native: str | int = 1) -> Item:
    found = mirror.reader.item(ref(Kind.FLAG, native))
    assert found is not None
    return found


def test_everything_is_read_back_as_it_was_told(mirror: Mirror) -> None:
    told = item(
        1,
        assigned_to=9,
        assignee_name="member-9",
        claimed_by=ref(Kind.MEMBER, 8),
        thread_title="請求書について",
        body="本文 🙂 & <b>typed</b>",
        body_html="<p>本文</p>",
        reports=(factory.report("スパム"), factory.report("Rude", by=8, seconds=0.5)),
        notes=(factory.note(),),
        history=(factory.entry({Change.STATE: "open", Change.ASSIGNEE: "9"}),),
        actions=("resolve", "hide"),
        extra={"type": "post"},
    )
    a_post = post(
        1, body="typed", edited_at=at(4), editor=ref(Kind.MEMBER, 2), reply_to=ref(Kind.POST, 5), position=3,
        hidden=True, votes=-2, url="https://forum.example.org/post/1",
    )  # fmt: skip
    a_thread = thread(
        1, first_post=ref(Kind.POST, 1), locked=True, pinned=True, hidden=True, complete=True, view_count=9,
        permitted=("reply",), url="https://forum.example.org/topic/1",
    )  # fmt: skip
    a_member = member(
        1, banned=True, banned_until=at(99), groups=("staff", "日本"), extra={"age": "3"}, last_seen=at(1)
    )
    mirror.tell(items=[told], posts=[a_post], threads=[a_thread], members=[a_member])
    assert stored(mirror) == told
    assert mirror.reader.post(a_post.id) == a_post
    assert mirror.reader.thread(a_thread.id) == a_thread
    assert mirror.reader.member(a_member.id) == a_member
    assert mirror.reader.forums(HERE) == [factory.forum(1), factory.forum(2, private=True)]


def test_rows_and_cursors_are_one_transaction(mirror: Mirror) -> None:
    mirror.writer.apply(factory.batch(1, {"flags": "10", "posts": "x"}, items=[item(1)]), HERE)
    assert (mirror.known.cursor("flags"), mirror.known.cursor("posts")) == ("10", "x")
    broken = replace(item(2), created_at=None)  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        mirror.writer.apply(factory.batch(2, {"flags": "20"}, items=[item(3), broken]), HERE)
    assert mirror.known.cursor("flags") == "10"
    assert mirror.reader.item(item(3).id) is None
    assert mirror.reader.count(QueueQuery()) == 1
    mirror.writer.apply(factory.batch(3, {"flags": None}, items=[item(3)]), HERE)
    assert mirror.known.cursor("flags") is None
    assert mirror.reader.count(QueueQuery()) == 2
    assert MirrorKnown(mirror.vault, "other.example.org").cursor("posts") is None


def test_cursors_can_be_forgotten_and_rows_stay(mirror: Mirror) -> None:
    mirror.writer.apply(factory.batch(1, {"flags": "10", "posts": "x"}, items=[item(1)]), HERE)
    other = "other.example.org"
    mirror.writer.apply(Batch((), {"flags": "7"}), other)
    mirror.writer.forget_cursors(HERE)
    assert (mirror.known.cursor("flags"), mirror.known.cursor("posts")) == (None, None)
    assert MirrorKnown(mirror.vault, other).cursor("flags") == "7"
    assert mirror.writer.totals(HERE)["items"] == 1


def test_the_changes_name_exactly_what_changed(mirror: Mirror) -> None:
    rows: dict[str, Any] = {
        "members": [member(1)],
        "threads": [thread(1)],
        "posts": [post(1)],
        "items": [item(1), item(2)],
    }
    assert {record.table: record.ids for record in mirror.tell(**rows)} == {
        Table.MEMBER: (f"{HERE}:member:1",),
        Table.THREAD: (f"{HERE}:thread:1",),
        Table.POST: (f"{HERE}:post:1",),
        Table.ITEM: (f"{HERE}:flag:1", f"{HERE}:flag:2"),
    }
    version = mirror.reader.version()
    assert mirror.tell(**rows) == []
    assert mirror.tell(items=[list_row(1), list_row(2)]) == []
    assert mirror.reader.version() == version
    changed = [item(1), replace(item(2), report_count=5)]
    assert mirror.tell(**rows | {"items": changed}) == [ChangeRecord(Table.ITEM, (f"{HERE}:flag:2",))]
    assert mirror.reader.version() == version + 1


def test_changes_can_be_asked_for_later(mirror: Mirror) -> None:
    version = mirror.reader.version()
    mirror.tell(items=[item(1)])
    mirror.tell(posts=[post(1)], items=[item(2)])
    assert mirror.reader.changed_since(version) == [
        ChangeRecord(Table.ITEM, (f"{HERE}:flag:1", f"{HERE}:flag:2")),
        ChangeRecord(Table.POST, (f"{HERE}:post:1",)),
    ]
    assert mirror.reader.changed_since(mirror.reader.version()) == []
    assert all(record.everything for record in mirror.reader.changed_since(version - 1000))


def test_a_list_row_changes_state_and_keeps_text(mirror: Mirror) -> None:
    told = item(1, notes=(factory.note(),), history=(factory.entry({Change.STATE: "open"}),))
    mirror.tell(items=[told])
    row = list_row(1, state=ItemState.IN_PROGRESS, assignee=ref(Kind.MEMBER, 9), report_count=4, version="row2")
    mirror.tell(items=[row])
    assert stored(mirror) == replace(
        told, state=ItemState.IN_PROGRESS, assignee=ref(Kind.MEMBER, 9), report_count=4, version="row2"
    )
    mirror.tell(items=[list_row(1, state=ItemState.OPEN, report_count=4, version="row3")])
    assert stored(mirror) == replace(told, report_count=4, version="row3")


def test_a_list_row_without_news_does_not_blur_the_version(mirror: Mirror) -> None:
    mirror.tell(items=[item(1, version="with history")])
    mirror.tell(items=[list_row(1, version="without")])
    assert stored(mirror).version == "with history"
    mirror.tell(items=[list_row(2, version="a")])
    mirror.tell(items=[list_row(2, version="b")])
    assert stored(mirror, 2).version == "b"


def test_a_name_stays_while_the_assignee_does(mirror: Mirror) -> None:
    mirror.tell(items=[item(1, assigned_to=9, assignee_name="Nine")])
    mirror.tell(items=[list_row(1, assignee=ref(Kind.MEMBER, 9), report_count=2)])
    assert stored(mirror).assignee_name == "Nine"
    mirror.tell(items=[list_row(1, assignee=ref(Kind.MEMBER, 8), report_count=2)])
    assert stored(mirror).assignee_name is None


def test_an_older_answer_never_replaces_a_newer_one(mirror: Mirror) -> None:
    new: dict[str, Any] = {
        "items": [item(1, state=ItemState.RESOLVED)],
        "posts": [post(1, body_html="<p>new</p>")],
        "threads": [thread(1, title="new")],
        "members": [member(1, name="new")],
        "forums": [factory.forum(1, name="new", position=-1)],
    }
    mirror.tell(10, **new)
    old: dict[str, Any] = {
        "items": [item(1)],
        "posts": [post(1)],
        "threads": [thread(1)],
        "members": [member(1)],
        "forums": [factory.forum(1)],
        "gone": [ref(kind, 1) for kind in ("flag", "post", "thread", "member", "forum")],
    }
    assert mirror.tell(9, **old) == []
    assert mirror.erased == []
    assert stored(mirror).state is ItemState.RESOLVED
    assert [mirror.reader.post(ref("post", 1)), mirror.reader.thread(ref("thread", 1))] == [
        *new["posts"],
        *new["threads"],
    ]
    assert [mirror.reader.member(ref("member", 1)), mirror.reader.forums(HERE)[0]] == [*new["members"], *new["forums"]]


def test_an_unchanged_newer_answer_counts_as_newer(mirror: Mirror) -> None:
    mirror.tell(5, items=[item(1)], posts=[post(1)], threads=[thread(1)], members=[member(1)])
    mirror.tell(10, items=[list_row(1)], posts=[post(1)], threads=[thread(1)], members=[member(1)])
    late = mirror.tell(
        7,
        items=[list_row(1, state=ItemState.DISMISSED)],
        posts=[post(1, body_html="late")],
        threads=[thread(1, title="late")],
        members=[member(1, name="late")],
    )
    assert late == []


def test_late_detail_fills_what_is_not_known_and_changes_nothing_else(mirror: Mirror) -> None:
    mirror.tell(10, items=[list_row(1, state=ItemState.RESOLVED, report_count=3)])
    mirror.tell(9, items=[item(1)])
    found = stored(mirror)
    assert (found.state, found.report_count, found.version) == (ItemState.RESOLVED, 3, "row")
    assert (found.detail, found.body, found.reports) == (True, item(1).body, item(1).reports)
    mirror.tell(8, items=[item(1, body="older still")])
    assert stored(mirror).body == item(1).body


def test_a_byline_does_not_unsay_a_profile(mirror: Mirror) -> None:
    full = member(1, groups=("staff",), reputation=7, banned=True, banned_until=at(9), extra={"a": "b"})
    mirror.tell(members=[full])
    mirror.tell(members=[Member(full.id, "renamed")])
    assert mirror.reader.member(full.id) == replace(full, name="renamed")
    mirror.tell(members=[replace(full, groups=(), extra={}, banned=False, banned_until=None)])
    assert mirror.reader.member(full.id) == replace(full, groups=(), extra={}, banned=False, banned_until=None)


def test_a_thread_stays_complete_while_nothing_was_added(mirror: Mirror) -> None:
    read = thread(1, complete=True, post_count=3, permitted=("reply",), first_post=ref("post", 1))
    mirror.tell(threads=[read])
    mirror.tell(threads=[thread(1, post_count=3, view_count=5)])
    assert mirror.reader.thread(read.id) == replace(read, view_count=5)
    mirror.tell(threads=[thread(1, post_count=4)])
    found = mirror.reader.thread(read.id)
    assert found is not None
    assert not found.complete
    assert found.permitted == ("reply",)


def test_typed_text_stays_while_the_rendering_is_the_same(mirror: Mirror) -> None:
    mirror.tell(posts=[post(1, body="typed")])
    mirror.tell(posts=[post(1)])
    assert mirror.reader.post(ref("post", 1)) == post(1, body="typed")
    mirror.tell(posts=[post(1, body_html="")])
    assert mirror.reader.post(ref("post", 1)) == post(1, body="typed")
    mirror.tell(posts=[post(1, body_html="<p>edited</p>")])
    assert mirror.reader.post(ref("post", 1)) == post(1, body_html="<p>edited</p>")


class Scale:
    """Weighs items by their author's reputation, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Member | None, Forum | None]] = []

    def __call__(self, what: Item, author: Member | None, forum: Forum | None) -> Priority:
        self.asked.append((what.id.native, author, forum))
        reputation = (author.reputation or 0) if author else 0
        return Priority(1000.0 + reputation + 0.0004, Level.LOW, ("reports:1", "held"), "why")


def test_priority_is_weighed_only_when_its_inputs_change(mirror: Mirror) -> None:
    mirror.writer.close()
    scale = Scale()
    mirror.writer = MirrorWriter(mirror.vault, scale)
    author = member(1, reputation=5)
    done = item(3, state=ItemState.RESOLVED)
    mirror.tell(items=[item(1), item(2, author=ref("member", 2)), done], members=[author])
    assert [native for native, _, _ in scale.asked] == ["1", "2", "3"]
    assert scale.asked[0][1:] == (author, factory.forum(1))
    assert [(row.priority, row.level, row.why, row.reason) for row in mirror.reader.find([str(item(1).id)])] == [
        (1005.0, Level.LOW, ("reports:1", "held"), "why")
    ]
    scale.asked.clear()
    mirror.tell(items=[item(1), list_row(2)], members=[replace(author, last_seen=at(5))])
    assert scale.asked == []
    changes = mirror.tell(members=[replace(author, reputation=50)])
    assert [native for native, _, _ in scale.asked] == ["1"]
    assert ChangeRecord(Table.ITEM, (f"{HERE}:flag:1",)) in changes
    assert [row.priority for row in mirror.reader.page(QueueQuery())] == [1050.0, 1000.0]
    scale.asked.clear()
    mirror.tell(forums=[factory.forum(1, thread_count=9, post_count=80)])
    assert scale.asked == []
    mirror.tell(forums=[factory.forum(1, moderators=(ref("member", 9),))])
    assert sorted(native for native, _, _ in scale.asked) == ["1", "2"]


def test_numbers_of_requests_grow_over_restarts_and_threads(mirror: Mirror) -> None:
    seen = [mirror.writer.next_seq() for _ in range(2500)]
    mirror.writer.close()
    mirror.writer = MirrorWriter(mirror.vault)
    beside = MirrorWriter(mirror.vault)
    seen += [mirror.writer.next_seq(), beside.next_seq(), mirror.writer.next_seq()]
    beside.close()
    assert len(set(seen)) == len(seen)
    assert seen[:2501] == sorted(seen[:2501])


def test_communities(mirror: Mirror) -> None:
    there = factory.community("日本.example.org".encode("idna").decode(), member_id=4, official=None, as_of=at(5))
    mirror.writer.put_community(there)
    assert mirror.reader.communities() == [factory.community(), there]
    version = mirror.reader.version()
    mirror.writer.set_standing(HERE, as_of=at(60))
    assert mirror.reader.version() == version
    mirror.writer.set_standing(HERE, trouble={"code": "unreachable", "seconds": 1.5})
    mirror.writer.set_official(HERE, there.identity)
    mirror.writer.set_identity(HERE, there.identity, None)
    mirror.writer.apply(Batch((), {}, complete_since=at(-500)), HERE)
    found = mirror.reader.communities()[0]
    assert found == replace(
        factory.community(),
        as_of=at(60),
        trouble={"code": "unreachable", "seconds": 1.5},
        official=there.identity,
        identity=there.identity,
        complete_since=at(-500),
    )
    assert mirror.reader.version() > version
    mirror.writer.set_standing(HERE, as_of=at(70))
    assert mirror.reader.communities()[0].trouble is None
    mirror.writer.apply(factory.batch(1, items=[]), "unconnected.example.org")
    assert len(mirror.reader.communities()) == 2


def test_totals_and_anchors(mirror: Mirror) -> None:
    mirror.tell(
        members=[member(1), member(2)],
        threads=[thread(1), thread(2, in_forum=2)],
        posts=[post(1), post(2), post(30, in_thread=2, in_forum=2), post(4), post(50, hidden=True)],
        items=[item(1), item(2, state=ItemState.RESOLVED), item(3)],
    )
    mirror.tell(gone=[ref("post", 4), ref("flag", 3)])
    assert mirror.writer.totals(HERE) == {"items": 2, "threads": 2, "posts": 4, "members": 2, "following": 0}
    assert mirror.writer.totals("unknown.example.org")["posts"] == 0
    assert mirror.writer.anchors(HERE, 2) == [(ref("post", 30), at(30)), (ref("post", 2), at(2))]


def test_posts_of_a_thread(mirror: Mirror) -> None:
    mirror.tell(threads=[thread(1)], posts=[post(number) for number in range(1, 21)])
    mirror.tell(gone=[ref("post", 11)])

    def natives(around: int | None, limit: int) -> list[int]:
        about = None if around is None else ref("post", around)
        return [int(each.id.native) for each in mirror.reader.posts(ref("thread", 1), around=about, limit=limit)]

    assert natives(None, 3) == [1, 2, 3]
    assert natives(10, 5) == [8, 9, 10, 12, 13]
    assert natives(1, 4) == [1, 2, 3, 4]
    assert natives(20, 4) == [17, 18, 19, 20]
    assert natives(11, 4) == [9, 10, 12, 13]
    assert natives(77, 2) == [1, 2]
    assert natives(5, 100) == [number for number in range(1, 21) if number != 11]


def test_what_a_member_wrote(mirror: Mirror) -> None:
    mirror.tell(threads=[thread(number, created_at=at(number), in_forum=1 + number % 2) for number in range(1, 9)])
    mirror.tell(items=[item(1), item(3, state=ItemState.RESOLVED), item(2), item(4, author=ref("member", 2))])
    assert [found.id.native for found in mirror.reader.threads_by_author(ref("member", 1), 3)] == ["8", "7", "6"]
    assert [row.id for row in mirror.reader.items_by_author(ref("member", 1))] == [
        f"{HERE}:flag:{number}" for number in (3, 2, 1)
    ]


def test_posts_of_the_same_moment_all_stay(mirror: Mirror) -> None:
    same = [post(number, created_at=at(0)) for number in range(300)]
    mirror.tell(posts=same)
    assert len(mirror.reader.posts(ref("thread", 1), limit=1000)) == 300


def test_times_before_computers(mirror: Mirror) -> None:
    old = post(1, created_at=at(-3e9))
    mirror.tell(posts=[old], threads=[thread(1, created_at=at(-3e9))])
    assert mirror.reader.posts(ref("thread", 1)) == [old]


def test_a_reported_member_stands_in_the_row_by_name(mirror: Mirror) -> None:
    about = {"post": None, "thread": None, "thread_title": None, "body": None, "body_html": None}
    mirror.tell(items=[item(1, author_name="corvin", **about)])
    (row,) = mirror.reader.find([f"{HERE}:flag:1"])
    assert row.excerpt == "@corvin"


@pytest.mark.parametrize("year", [1, 2999, 9999])
def test_a_thread_planned_for_a_time_that_no_row_number_can_hold_is_kept_all_the_same(
    mirror: Mirror, year: int
) -> None:
    told = thread(1, created_at=at().replace(year=year))
    mirror.tell(threads=[told], posts=[post(1, created_at=told.created_at)])
    assert mirror.reader.thread(told.id) == told
    assert [one.id for one in mirror.reader.posts(told.id)] == [ref(Kind.POST, 1)]
