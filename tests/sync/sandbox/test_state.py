"""The state by itself: ordered ids, the clock, slugs."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.sandbox import SampleCommunity, Size
from sync.sandbox.state import items
from sync.sandbox.state.clock import Clock
from sync.sandbox.state.ordered import OrderedIds
from sync.sandbox.state.refusal import Reason, Refused
from sync.sandbox.state.store import slug_of

PAIRS = st.lists(st.tuples(st.integers(0, 2**40), st.integers(1, 2**23 - 1)), max_size=40)


@given(PAIRS, PAIRS)
def test_ordered_ids_are_a_sorted_set(added: list[tuple[int, int]], removed: list[tuple[int, int]]) -> None:
    kept = OrderedIds(set(added[:10]))
    for at, ident in added:
        kept.add(at, ident)
    for at, ident in removed + added[::3]:
        kept.discard(at, ident)
    wanted = sorted(set(added) - set(removed) - set(added[::3]))
    assert list(kept.oldest_first()) == [ident for _, ident in wanted]
    assert kept.newest() == [ident for _, ident in reversed(wanted)]
    assert len(kept) == len(wanted)


@given(PAIRS, st.integers(0, 50), st.integers(0, 50), st.integers(0, 2**40))
def test_pages_of_ordered_ids(pairs: list[tuple[int, int]], start: int, count: int, since: int) -> None:
    kept = OrderedIds(set(pairs))
    newest = kept.newest()
    assert kept.newest(start, count) == newest[start : start + count]
    later = [ident for at, ident in sorted(set(pairs), reverse=True) if at >= since]
    assert kept.newest_since(since) == later
    assert kept.newest_since(since, start, count) == later[start : start + count]


def test_the_clock_stands_runs_and_never_ticks_twice() -> None:
    clock = Clock(1_000_000, running=False)
    assert (clock.now(), clock.tick(), clock.tick()) == (1_000_000, 1_000_000, 1_000_001)
    clock.advance(2.5)
    assert clock.now() == 1_002_500
    clock.run()
    assert clock.now() >= 1_002_500
    clock.stop()
    assert clock.now() == clock.now()


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Ines_Lanternby", "ines_lanternby"),
        ("🐌 slowline", "slowline"),
        ("北条つばさ", "北条つばさ"),
        ("a / b? c", "a-b-c"),
    ],
)
def test_slugs(text: str, slug: str) -> None:
    assert slug_of(text) == slug


def test_missing_records_are_refused_by_kind() -> None:
    state = SampleCommunity.seeded(1, Size.small()).state
    for look_up, reason in (
        (state.member, Reason.NO_MEMBER),
        (state.forum, Reason.NO_FORUM),
        (state.thread, Reason.NO_THREAD),
        (state.post, Reason.NO_POST),
        (state.item, Reason.NO_ITEM),
    ):
        with pytest.raises(Refused) as refused:
            look_up(99_999_999)
        assert refused.value.reason is reason


def test_many_threads_may_change_it() -> None:
    community = SampleCommunity.seeded(1, Size.small())
    thread = community.open_thread_as("maren_oakhollow", 2, "Busy", "A busy thread")

    def write(user: str) -> None:
        for n in range(25):
            community.reply_as(user, thread.id, f"Reply {n} of {user}")

    users = ("tobias_fennimore", "hollis_vane", "rolf_quarrier", "petra_wick")
    writers = [threading.Thread(target=write, args=(user,)) for user in users]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(community.state.thread(thread.id).posts) == 101
    assert len({effect["n"] for effect in community.effects()}) == 101


def test_an_item_belongs_to_one_state_list() -> None:
    community = SampleCommunity.seeded(1, Size.small())
    state, by = community.state, community.uid("ines_lanternby")
    item = next(iter(state.tables.items.values()))
    for name in ("in_progress", "dismissed", "open", "resolved"):
        items.change(state, by, item, name, None)
        listed = [s for s, ids in state.tables.items_by_state.items() if item.id in ids.newest()]
        assert listed == [name]
