"""The sample's team answers in its hours, which gives figures of coverage that are worth looking at."""

from datetime import datetime

import pytest

from sync.sandbox import SampleCommunity, Size
from sync.sandbox.content.office import ZONE, awake, in_hours
from sync.sandbox.state.records import STAFF


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)


@pytest.mark.parametrize(
    ("asked", "opens"),
    [
        ("2026-11-25T09:30", "2026-11-25T09:30"),
        ("2026-11-25T06:10", "2026-11-25T08:00"),
        ("2026-11-25T18:00", "2026-11-26T08:00"),
        ("2026-11-27T17:59", "2026-11-27T17:59"),
        ("2026-11-27T19:00", "2026-11-30T08:00"),
        ("2026-11-28T10:00", "2026-11-30T08:00"),
    ],
)
def test_the_next_instant_of_the_office(asked: str, opens: str) -> None:
    assert in_hours(ms(asked)) == ms(opens)


def test_nobody_asks_in_the_future() -> None:
    now = ms("2026-11-25T06:00")
    assert awake(ms("2026-11-25T05:59"), now) <= now
    assert awake(ms("2026-11-25T11:00"), ms("2026-11-25T12:00")) == ms("2026-11-25T11:00")


def test_most_threads_of_the_demo_are_answered_by_the_team_and_most_of_these_in_hours() -> None:
    start = datetime(2026, 11, 22, 11, 40, tzinfo=ZONE)
    tables = SampleCommunity.seeded(7, Size.demo(), start).state.tables
    team = set(tables.groups[STAFF].members)
    asked = [thread for thread in tables.threads.values() if thread.author not in team]
    firsts = []
    for thread in asked:
        later = [tables.posts[post] for post in thread.posts[1:] if tables.posts[post].author != thread.author]
        if later and later[0].author in team:
            firsts.append(later[0].at)
    assert 0.5 < len(firsts) / len(asked) < 0.85
    local = [datetime.fromtimestamp(at / 1000, ZONE) for at in firsts]
    assert sum(at.weekday() < 5 and 8 <= at.hour < 21 for at in local) / len(local) > 0.75
    assert max(post.at for post in tables.posts.values()) < start.timestamp() * 1000
