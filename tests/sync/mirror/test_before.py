"""What was public before a thread began: older, unchanged, elsewhere, and still to be seen by everybody."""

from datetime import datetime, timedelta

import pytest

from moderation.proof import SaidBefore, Witnesses
from tests import factory
from tests.factory import NOON, post, ref, thread
from tests.sync.mirror.place import Mirror

HERE = ref("thread", 1)
THERE = "other.example.org"
HOUR = 60.0


def ago(minutes: float) -> datetime:
    return NOON - timedelta(minutes=minutes)


@pytest.fixture
def told(mirror: Mirror) -> Mirror:
    """Thread 1 with posts of members 1 and 2, threads 2 and 3 with what was said elsewhere, thread 4 hidden."""
    mirror.tell(
        forums=[factory.forum(3, private=None)],
        threads=[
            thread(1, created_at=NOON),
            thread(2, created_at=ago(900)),
            thread(3, created_at=ago(900), in_forum=2),
            thread(4, created_at=ago(900), hidden=True),
            thread(5, created_at=ago(900), in_forum=3),
        ],
        posts=[
            post(1, created_at=NOON),
            post(2, author=ref("member", 2), created_at=NOON),
            post(20, in_thread=2, created_at=ago(300)),
            post(21, in_thread=2, created_at=ago(200)),
            post(22, in_thread=2, created_at=ago(30)),
            post(23, in_thread=2, created_at=ago(200), edited_at=NOON),
            post(24, in_thread=2, created_at=ago(250), edited_at=ago(240)),
            post(25, in_thread=2, created_at=ago(200), hidden=True),
            post(26, in_thread=2, created_at=ago(200), staff_only=True),
            post(27, in_thread=2, created_at=ago(200)),
            post(28, in_thread=2, created_at=NOON + timedelta(minutes=1)),
            post(30, in_thread=3, in_forum=2, created_at=ago(200)),
            post(40, in_thread=4, created_at=ago(200)),
            post(50, in_thread=5, in_forum=3, created_at=ago(200)),
        ],
    )
    mirror.tell(gone=[ref("post", 27)])
    other = {"community": THERE}
    rows = factory.batch(
        1,
        None,
        forums=[factory.forum(1, **other)],
        threads=[thread(2, **other, created_at=ago(900))],
        posts=[post(20, in_thread=2, **other, created_at=ago(300))],
    )
    mirror.writer.apply(rows, THERE)
    return mirror


def natives(said: SaidBefore | None) -> list[str]:
    assert said is not None
    return [one.id.native for one in said.posts]


def test_only_what_was_public_an_hour_before_and_was_not_changed_since(told: Mirror) -> None:
    witness: Witnesses = told.known
    said = witness.said_before(HERE, [ref("post", 1)], 50)
    assert natives(said) == ["21", "24", "20"]
    assert said is not None
    assert said.authors == {ref("member", 1), ref("member", 2)}
    assert natives(witness.said_before(HERE, [], 2)) == ["21", "24"]


def test_the_oldest_of_what_is_looked_for_counts_wherever_it_is_now(told: Mirror) -> None:
    assert natives(told.known.said_before(HERE, [ref("post", 24)], 50)) == []
    told.tell(posts=[post(3, created_at=ago(190), author=ref("member", 3))])
    said = told.known.said_before(HERE, [], 50)
    assert natives(said) == ["20"]
    assert said is not None
    assert ref("member", 3) in said.authors


def test_of_what_the_mirror_does_not_know_nothing_is_said(told: Mirror) -> None:
    assert told.known.said_before(HERE, [ref("post", 1), ref("post", 77)], 50) is None
    assert told.known.said_before(ref("thread", 77), [], 50) is None
    assert told.known.said_before(ref("thread", 77), [ref("post", 20)], 50) is None


def test_a_thread_that_has_left_the_public_is_still_known(told: Mirror) -> None:
    told.tell(threads=[thread(1, in_forum=2, created_at=NOON)], posts=[post(1, in_forum=2, created_at=NOON)])
    assert natives(told.known.said_before(HERE, [ref("post", 1), ref("post", 2)], 50)) == ["21", "24", "20"]
    told.tell(gone=[ref("post", 1)])
    assert natives(told.known.said_before(HERE, [ref("post", 1)], 50)) == ["21", "24", "20"]
