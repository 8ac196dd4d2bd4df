"""What a connector may ask, and the window of time."""

from datetime import timedelta
from typing import Any

from moderation.ids import Kind
from moderation.items import ItemState
from moderation.queries import QueueQuery
from sync.connector import ItemFacts, Known, ThreadFacts
from sync.mirror import MirrorKnown, MirrorReader
from tests import factory
from tests.factory import HERE, at, item, list_row, post, ref, thread
from tests.sync.mirror.place import Mirror


def test_facts_of_items(mirror: Mirror) -> None:
    known: Known = mirror.known
    mirror.tell(
        items=[
            item(1, assigned_to=9, state=ItemState.IN_PROGRESS),
            list_row(2, version="v2"),
            item(3, state=ItemState.RESOLVED),
            item(1, kind=Kind.HELD, state=ItemState.HELD, version="h1"),
        ]
    )
    facts = {
        ref("flag", 1): ItemFacts(ItemState.IN_PROGRESS, f"{HERE}:member:9", 1, True, "v1"),
        ref("flag", 2): ItemFacts(ItemState.OPEN, None, 1, False, "v2"),
        ref("held", 1): ItemFacts(ItemState.HELD, None, 1, True, "h1"),
    }
    assert known.items([*facts, ref("flag", 77), ref("held", 2)]) == facts
    assert known.pending_items() == facts
    assert known.items([ref("flag", 3)])[ref("flag", 3)].state is ItemState.RESOLVED
    assert known.items([]) == {}


def test_other_communities_are_not_seen(mirror: Mirror) -> None:
    there = "other.example.org"
    mirror.writer.apply(factory.batch(1, {"c": "1"}, items=[item(1, community=there)]), there)
    assert mirror.known.pending_items() == {}
    assert mirror.known.items([ref("flag", 1)]) == {}
    other = MirrorKnown(mirror.vault, there)
    assert list(other.pending_items()) == [ref("flag", 1, there)]
    assert other.cursor("c") == "1"
    other.close()


def test_what_has_no_detail_yet_comes_by_priority(mirror: Mirror) -> None:
    rows = [list_row(number, report_count=number % 3) for number in range(1, 10)]
    mirror.tell(items=[*rows, item(50), list_row(60, state=ItemState.RESOLVED)])
    queue = [row.id for row in mirror.reader.page(QueueQuery()) if not row.detail]
    assert [str(found) for found in mirror.known.undetailed(5)] == queue[:5]
    assert len(mirror.known.undetailed(100)) == 9


def test_facts_of_threads_and_forums(mirror: Mirror) -> None:
    mirror.tell(
        threads=[
            thread(1, last_post_at=at(7), post_count=4, complete=True),
            thread(2, in_forum=2, last_post_at=None, post_count=0),
            thread(3),
        ],
        posts=[post(1), post(2), post(30, in_thread=2, in_forum=2)],
        forums=[factory.forum(5, private=None)],
    )
    mirror.tell(gone=[ref("post", 2), ref("thread", 3)])
    assert mirror.known.threads([ref("thread", number) for number in (1, 2, 3, 4)]) == {
        ref("thread", 1): ThreadFacts(at(7), 4, 1, True),
        ref("thread", 2): ThreadFacts(None, 0, 1, False),
    }
    assert mirror.known.forums() == {ref("forum", 1): False, ref("forum", 2): True, ref("forum", 5): None}


def test_threads_not_read_lately(mirror: Mirror) -> None:
    """A head from a list is not a reading; a thread with its posts is."""
    now = at(0)

    def read_at(seconds: float, number: int, forum: int = 1) -> None:
        mirror.now_ms = int((now + timedelta(seconds=seconds)).timestamp() * 1000)
        mirror.tell(
            threads=[thread(number, in_forum=forum)], posts=[post(number * 10, in_thread=number, in_forum=forum)]
        )

    read_at(30, 1)
    read_at(10, 2, forum=2)
    read_at(20, 3)
    mirror.tell(threads=[thread(4), thread(1, view_count=5)])
    stale = [int(found.native) for found in mirror.known.stale_threads(at(25), 10, at(-1e7))]
    assert stale == [4, 2, 3]
    assert [int(found.native) for found in mirror.known.stale_threads(at(25), 2, at(-1e7))] == [4, 2]


def test_what_is_about_to_be_forgotten_is_not_read_again_and_again(mirror: Mirror) -> None:
    """Else it never would be, for what was read lately stays; what somebody waits for is."""
    old, lately = at(-1e7), at(0)
    mirror.tell(threads=[thread(n, created_at=old, last_post_at=old) for n in (1, 2)], items=[item(1, thread=None)])
    mirror.tell(threads=[thread(3, created_at=old, last_post_at=lately)], items=[item(2, thread=ref("thread", 2))])
    found = mirror.known.stale_threads(at(25), 10, at(-1e6))
    assert sorted(one.native for one in found) == ["2", "3"]


def test_the_window_of_time(mirror: Mirror) -> None:
    long_ago, lately = at(-1e7), at(0)
    mirror.now_ms = int(long_ago.timestamp() * 1000)
    old: dict[str, Any] = {"created_at": long_ago, "last_post_at": long_ago}
    mirror.tell(
        threads=[thread(n, **old) for n in (1, 2, 3, 4, 5)] + [thread(6, in_forum=2, **old)],
        posts=[post(n * 10, in_thread=n, created_at=long_ago, body=f"words of thread {n}") for n in (1, 2, 3, 4, 5)],
        items=[
            item(1, thread=ref("thread", 1), created_at=long_ago),
            item(2, thread=ref("thread", 2), created_at=long_ago, state=ItemState.RESOLVED),
            item(3, thread=ref("thread", 3), created_at=long_ago, state=ItemState.DISMISSED),
            item(6, thread=ref("thread", 6), in_forum=2, created_at=long_ago, state=ItemState.RESOLVED),
        ],
    )
    mirror.index()
    mirror.now_ms = int(lately.timestamp() * 1000)
    mirror.tell(threads=[thread(4, created_at=long_ago, last_post_at=lately)])
    mirror.tell(threads=[thread(5, **old)], posts=[post(50, in_thread=5, created_at=long_ago)])
    mirror.reader.mark_seen(str(ref("flag", 3)))
    mirror.reader.close()
    mirror.reader = MirrorReader(mirror.vault)
    pruned = 0
    while count := mirror.writer.prune(HERE, at(-1000), limit=1):
        pruned += count
    assert pruned == 4
    kept = [n for n in range(1, 7) if mirror.reader.thread(ref("thread", n))]
    assert kept == [1, 3, 4, 5]
    assert [n for n in (1, 2, 3, 6) if mirror.reader.item(ref("flag", n))] == [1, 3]
    assert mirror.reader.post(ref("post", 20)) is None
    assert mirror.reader.search("thread 2", private=True) == []
    assert {hit.id for hit in mirror.reader.search("words")} == {f"{HERE}:post:{n * 10}" for n in (1, 3, 4, 5)}
    every = QueueQuery(states=tuple(ItemState))
    assert mirror.reader.count(every) == len(mirror.reader.page(every)) == 2


def test_a_row_number_is_never_given_twice(mirror: Mirror) -> None:
    mirror.tell(items=[item(1), item(2, state=ItemState.RESOLVED, created_at=at(-1e7))])
    (two,) = mirror.reader.find([str(ref("flag", 2))])
    assert mirror.writer.prune(HERE, at(1e9)) == 1
    mirror.tell(items=[item(3)])
    assert mirror.reader.find([str(ref("flag", 3))])[0].key == two.key + 1
    assert mirror.reader.rows([two.key]) == []


def test_threads_with_a_post_since_then(mirror: Mirror) -> None:
    mirror.tell(
        threads=[
            thread(1, last_post_at=at(50)),
            thread(2, last_post_at=at(10)),
            thread(3, last_post_at=None, created_at=at(30), in_forum=2, locked=True),
            thread(4, last_post_at=at(60), hidden=True),
        ]
    )
    mirror.tell(gone=[ref("thread", 1)])
    assert mirror.known.active_threads(at(30)) == [ref("thread", 3), ref("thread", 4)]
    facts = mirror.known.threads([ref("thread", 3), ref("thread", 4)])
    assert (facts[ref("thread", 3)].locked, facts[ref("thread", 3)].hidden) == (True, False)
    assert (facts[ref("thread", 4)].locked, facts[ref("thread", 4)].hidden) == (False, True)
