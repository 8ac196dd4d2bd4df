"""Which reading of a list of threads stands, and who follows a thread."""

from datetime import UTC, datetime, timedelta

import pytest

from moderation.following.threads import FollowedThreads, followers, replaces
from moderation.ids import Kind
from tests.factory import ref

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
ONE, TWO, THREE = (ref(Kind.THREAD, number) for number in (1, 2, 3))
AMY, BO, CAS = (ref(Kind.MEMBER, number) for number in (7, 8, 9))


def told(hours: float, why: str = "") -> FollowedThreads:
    return FollowedThreads(AMY, NOW + timedelta(hours=hours), () if why else (ONE,), why=why)


@pytest.mark.parametrize(
    ("new", "known", "stands"),
    [
        (told(1), told(0), True),
        (told(0), told(1), False),
        (told(0, "right_missing"), None, True),
        (told(1, "right_missing"), told(0), False),
        (told(48, "right_missing"), told(0), True),
        (told(1), told(0, "right_missing"), True),
        (told(1, "not_there"), told(0, "right_missing"), True),
    ],
)
def test_what_one_reader_may_not_read_says_nothing_of_what_another_read(
    new: FollowedThreads, known: FollowedThreads | None, stands: bool
) -> None:
    assert replaces(new, known) is stands


def test_by_thread_who_follows_it_most_first() -> None:
    lists = {BO: (THREE, ONE), AMY: (TWO, THREE), CAS: ()}
    assert list(followers(lists).items()) == [(THREE, (BO, AMY)), (ONE, (BO,)), (TWO, (AMY,))]
