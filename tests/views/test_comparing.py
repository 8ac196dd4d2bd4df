"""The whole order against the list: what is in view stays as it is, all else becomes what was read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.queries import PageKey
from tests.views.test_models import row, watched
from views.queue.feed import QueueFeed, compared
from views.queue.order import QueueOrder

pytestmark = pytest.mark.usefixtures("qapp")
PRIORITIES = st.sampled_from([1000.0, 2000.0, 3000.0])
WORLD = st.dictionaries(st.integers(0, 30), PRIORITIES, max_size=25)


class NoTasks:
    """Reads nothing; remembers what was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def read(self, name, *args, **facts) -> None:
        self.asked.append(name)

    def running(self, name) -> bool:
        return False

    def cancel(self, name) -> None:
        pass


def order_of(world: dict[int, float]) -> QueueOrder:
    """The order of these rows."""
    return QueueOrder.of_rows(sorted((row(key, p) for key, p in world.items()), key=lambda r: rank(r.page_key)))


def rank(key: PageKey) -> tuple[float, int, int]:
    """The order of the queue, written down once more."""
    return (-key.priority, -key.created_ms, -key.key)


def listed(feed: QueueFeed) -> list[int]:
    """Keys from top to bottom."""
    return feed.model.order.keys(0, feed.model.rowCount())


@given(WORLD, WORLD, st.integers(0, 25), st.integers(0, 25), st.sets(st.integers(0, 30), max_size=4))
def test_the_list_becomes_what_was_read(before, after, edge: int, later: int, swept: set[int]) -> None:
    feed = QueueFeed(NoTasks())
    shown = [row(order.key, before[order.key]) for order in map(order_of(before).sort_key, range(len(before)))]
    feed.model.start(QueueOrder.of_rows(shown), shown)
    feed._complete = True
    feed.bottom = lambda: edge
    tester = watched(feed.model)
    seen = feed._seen_now()
    assert (seen is None) is (not before)
    whole = compared(order_of(after), None, seen)

    feed.model.remove(swept - set(after))
    feed.bottom = lambda: later
    head = listed(feed)[: later + 1]
    now = feed._seen_now()
    feed._ordered(whole)
    if now is None or seen is None:
        assert feed._tasks.asked == (["queue"] if after else [])
        return
    if feed._order_soon.isActive():
        assert listed(feed)[: later + 1] == head
        feed._order_soon.stop()
        feed._ordered(compared(order_of(after), None, now))
    assert not feed._order_soon.isActive()
    wanted = [order_of(after).sort_key(at) for at in range(len(after))]
    below = [key.key for key in wanted if rank(key) > rank(now.edge) and key.key not in head]
    above = {key.key for key in wanted if rank(key) <= rank(now.edge) and key.key not in head}
    assert listed(feed) == [*head, *below]
    assert set(feed.waiting) == above
    assert feed.model.left & set(head) == {key for key in head if key not in after}
    assert [key for key in range(31) if key in feed.model.order] == sorted({*head, *below})
    del tester


def test_the_person_may_be_far_on_before_the_order_comes() -> None:
    before = dict.fromkeys(range(12_000), 1000.0)
    feed = QueueFeed(NoTasks())
    feed.model.start(order_of(before), [])
    feed._complete = True
    feed.bottom = lambda: 10
    seen = feed._seen_now()
    whole = compared(order_of(before), None, seen)
    feed.bottom = lambda: 11_000
    feed._ordered(whole)
    assert feed._order_soon.isActive()
