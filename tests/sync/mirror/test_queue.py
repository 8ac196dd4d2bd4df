"""Queue pages, counts and the whole order agree with each other, and with a model, whatever is pending."""

import random
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderation.errors import StoreError
from moderation.ids import Kind
from moderation.intents import IntentState
from moderation.items import PENDING_STATES, Item, ItemState
from moderation.ports import PUT_OFF, Pending
from moderation.ports import Mirror as MirrorPort
from moderation.priority import prioritise
from moderation.queries import PageKey, QueueIndex, QueueQuery, QueueRow
from sync.mirror import MirrorReader
from sync.mirror.reading import queue
from tests import factory
from tests.factory import HERE, item, pending, ref
from tests.sync.mirror.place import Mirror, a_mirror

THERE = "other.example.org"
ALL = tuple(ItemState)
S = IntentState
LATER = QueueQuery(states=(ItemState.LATER,))


def ids(rows: list[QueueRow]) -> list[str]:
    return [row.id for row in rows]


def all_pages(reader: MirrorReader, query: QueueQuery, limit: int) -> list[QueueRow]:
    rows: list[QueueRow] = []
    after: PageKey | None = None
    while True:
        page = reader.page(query, after=after, limit=limit)
        rows += page
        if len(page) < limit:
            return rows
        after = page[-1].page_key


@dataclass
class Model:
    """The queue as plain lists."""

    items: dict[str, Item] = field(default_factory=dict)
    effective: dict[str, str] = field(default_factory=dict)

    def expected(self, query: QueueQuery) -> set[str]:
        return {name for name, each in self.items.items() if self.contains(query, name, each)}

    def contains(self, query: QueueQuery, name: str, each: Item) -> bool:
        hay = f"{each.body or ''} {each.author_name or ''}".casefold()
        return (
            self.effective.get(name, each.state) in query.states
            and (not query.communities or each.id.community in query.communities)
            and (not query.forums or str(each.forum) in query.forums)
            and (not query.kinds or each.kind in query.kinds)
            and (not query.assignees or str(each.assignee) in query.assignees)
            and all(word in hay for word in query.text.casefold().split())
        )


WORDS = ("spam", "router", "ルーター", "請求書", "Invoice", "a")
an_item = st.builds(
    lambda native, held, community, forum, state, assignee, count, seconds, words: item(
        native,
        kind=Kind.HELD if held else Kind.FLAG,
        community=community,
        in_forum=forum,
        state=state,
        assigned_to=assignee,
        report_count=count,
        created_at=factory.at(seconds),
        body=" ".join(words),
    ),
    native=st.integers(1, 12),
    held=st.booleans(),
    community=st.sampled_from([HERE, THERE]),
    forum=st.sampled_from([1, 2, None]),
    state=st.sampled_from(ALL),
    assignee=st.sampled_from([None, 8, 9]),
    count=st.integers(0, 4),
    seconds=st.integers(0, 3),
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
)
a_query = st.builds(
    QueueQuery,
    states=st.one_of(st.just(PENDING_STATES), st.lists(st.sampled_from(ALL), unique=True, min_size=1).map(tuple)),
    communities=st.sampled_from([(), (), (HERE,), (THERE, HERE), ("unknown.example.org",)]),
    forums=st.sampled_from([(), (), (f"{HERE}:forum:1",), (f"{HERE}:forum:2", f"{THERE}:forum:1")]),
    kinds=st.sampled_from([(), (), (Kind.HELD,), (Kind.FLAG, Kind.REVIEW)]),
    assignees=st.sampled_from([(), (), (f"{HERE}:member:9",), (f"{HERE}:member:8", f"{THERE}:member:9")]),
    text=st.sampled_from(["", "", "", "router", "ROUT", "ルータ", "請", "a", "spam invoice", "member-1", "  "]),
)
an_overlay = st.lists(
    st.tuples(st.integers(0, 50), st.sampled_from(["resolved", "dismissed", "in_progress", "open"])), max_size=8
)


def check(mirror: Mirror, model: Model, query: QueueQuery, limit: int) -> None:
    rows = all_pages(mirror.reader, query, limit)
    assert set(ids(rows)) == model.expected(query)
    assert len(ids(rows)) == len(set(ids(rows)))
    order = [(row.priority, row.created_ms, row.key) for row in rows]
    assert order == sorted(order, reverse=True)
    assert mirror.reader.count(query) == len(rows)
    assert all(row.state in query.states for row in rows)
    index = mirror.reader.index(query)
    assert list(zip(index.priorities, index.created_ms, index.keys, strict=True)) == order
    every = [row.key for row in mirror.reader.find(list(model.items))]
    assert mirror.reader.matching(query, every) == {row.key for row in rows}


def check_counts(mirror: Mirror, model: Model, communities: tuple[str, ...]) -> None:
    counts = mirror.reader.counts(QueueQuery(communities=communities))

    def count(**more: Any) -> int:
        return len(model.expected(QueueQuery(**{"communities": communities} | more)))

    assert counts.open == count()
    assert counts.held == count(states=(ItemState.HELD,))
    assert counts.mine == count(assignees=(f"{HERE}:member:9",))
    assert counts.by_community == {
        name: n for name in (HERE, THERE) if (n := len(model.expected(QueueQuery(communities=(name,)))))
    }
    names = {str(each.forum) for each in model.items.values() if each.forum is not None}
    assert counts.by_forum == {name: n for name in names if (n := count(forums=(name,)))}


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    batches=st.lists(st.lists(an_item, max_size=10), min_size=1, max_size=4),
    overlay=an_overlay,
    queries=st.lists(a_query, min_size=1, max_size=4),
    limit=st.integers(1, 7),
    feed=st.booleans(),
    few=st.sampled_from([0, 12]),
)
def test_numbers_equal_rows(batches, overlay, queries, limit, feed, few) -> None:  # type: ignore[no-untyped-def]
    with a_mirror() as mirror, pytest.MonkeyPatch.context() as patch:
        patch.setattr(queue, "_FEW_BUCKETS", few)
        patch.setattr(queue, "CHUNK_ROWS", 3)
        model = Model()
        for seq, items in enumerate(batches, 100):
            for each in items:
                mirror.writer.apply(factory.batch(seq, items=[each]), each.id.community)
                known = model.items.get(str(each.id), each)
                model.items[str(each.id)] = replace(each, forum=each.forum or known.forum)
        if feed:
            mirror.index()
        names = sorted(model.items)
        for place, state in overlay:
            if names:
                model.effective[names[place % len(names)]] = state
        mirror.reader.lay_over(
            pending(model.items[name].id, number, effective=state)
            for number, (name, state) in enumerate(model.effective.items())
        )
        for query in queries:
            check(mirror, model, query, limit)
            check_counts(mirror, model, query.communities)


def test_it_is_the_port(mirror: Mirror) -> None:
    port: MirrorPort = mirror.reader
    assert port.page(QueueQuery()) == []
    assert port.index(QueueQuery()) == QueueIndex()
    assert port.count(QueueQuery(text="x")) == 0


def test_a_row_says_all_that_a_line_shows(mirror: Mirror) -> None:
    told = item(
        1,
        state=ItemState.IN_PROGRESS,
        assigned_to=9,
        claimed_by=ref("member", 8),
        body="**Bold**  words\nof `mine`",
        report_count=3,
    )
    weighed = prioritise(told, factory.member(1), factory.forum(1))
    mirror.tell(
        items=[told], members=[factory.member(8, name="eight"), factory.member(9, name="nine"), factory.member(1)]
    )
    (row,) = mirror.reader.page(QueueQuery())
    assert row == QueueRow(
        key=row.key,
        id=str(told.id),
        state=ItemState.IN_PROGRESS,
        priority=weighed.score,
        level=weighed.level,
        why=weighed.why,
        created_ms=row.created_ms,
        report_count=3,
        excerpt="Bold words of mine",
        reason="Spam",
        author_name="member-1",
        forum_name="Forum 1",
        forum=f"{HERE}:forum:1",
        thread=f"{HERE}:thread:1",
        post=f"{HERE}:post:1",
        author=f"{HERE}:member:1",
        assignee=f"{HERE}:member:9",
        assignee_name="nine",
        claimed_by=f"{HERE}:member:8",
        claimed_name="eight",
        version="v1",
        detail=True,
        seen=False,
    )
    assert mirror.reader.rows([99, row.key, 98]) == [row]
    assert mirror.reader.find(["nonsense", f"{HERE}:flag:2", str(told.id), f"{THERE}:flag:1"]) == [row]


def test_a_pending_decision_takes_the_row_out_at_once(mirror: Mirror) -> None:
    mirror.tell(items=[item(1), item(2)])
    mirror.reader.lay_over([pending(item(1), 7)])
    assert ids(mirror.reader.page(QueueQuery())) == [f"{HERE}:flag:2"]
    (row,) = mirror.reader.page(QueueQuery(states=(ItemState.RESOLVED,)))
    assert (row.state, row.pending, row.pending_action) == (ItemState.RESOLVED, "waiting", "resolve")
    assert row.pending_intent == factory.new_id(7)
    mirror.tell(items=[item(1, state=ItemState.RESOLVED)])
    assert mirror.reader.count(QueueQuery()) == 1
    mirror.reader.lay_over([])
    assert mirror.reader.count(QueueQuery()) == 1
    assert mirror.reader.rows([row.key])[0].pending is None


@pytest.mark.parametrize("state", [S.IN_DOUBT, S.CONFLICT, S.REFUSED])
def test_what_is_not_on_its_way_only_marks_the_row(mirror: Mirror, state: IntentState) -> None:
    mirror.tell(items=[item(1)])
    mirror.reader.lay_over([pending(item(1), state=state)])
    (row,) = mirror.reader.page(QueueQuery())
    assert (row.state, row.pending) == (ItemState.OPEN, state.value)


def laid(mirror: Mirror, *overlays: Pending) -> tuple[str, str | None]:
    mirror.tell(items=[item(1)])
    mirror.reader.lay_over(overlays)
    (row,) = mirror.reader.find([f"{HERE}:flag:1"])
    return row.state, row.pending


def test_several_intents_on_one_item(mirror: Mirror) -> None:
    one = item(1)
    take = pending(one, 1, effective="in_progress", action="take")
    resolve, note = pending(one, 2), pending(one, 3, effective=None, action="x:note")
    assert laid(mirror, note, resolve, take) == ("resolved", "waiting")
    refused = pending(one, 1, state=S.REFUSED, action="hide")
    blocked = pending(one, 2, state=S.BLOCKED)
    assert laid(mirror, refused, blocked) == ("open", "refused")
    again = pending(one, 5, state=S.HELD, effective="dismissed")
    assert laid(mirror, refused, blocked, again) == ("dismissed", "refused")
    assert laid(mirror, pending(one, 1, state=S.IN_DOUBT), pending(one, 2, state=S.CONFLICT)) == ("open", "conflict")


def test_what_is_put_off_leaves_its_list_and_every_number_with_it(mirror: Mirror) -> None:
    put_off = Pending("2026-11-28T12:00:00+00:00", f"{HERE}:flag:1", PUT_OFF, S.WAITING, ItemState.LATER.value)
    mirror.tell(items=[item(1), item(2)])
    mirror.reader.lay_over([put_off])
    assert ids(mirror.reader.page(QueueQuery())) == [f"{HERE}:flag:2"]
    assert mirror.reader.counts(QueueQuery()).open == mirror.reader.count(QueueQuery()) == 1
    (row,) = mirror.reader.page(LATER)
    assert (row.id, row.state, row.pending_intent) == (f"{HERE}:flag:1", ItemState.LATER, put_off.intent)
    assert (mirror.reader.count(LATER), len(mirror.reader.index(LATER))) == (1, 1)
    mirror.reader.lay_over([put_off, pending(item(1), 7)])
    assert (mirror.reader.count(LATER), mirror.reader.count(QueueQuery())) == (0, 1)
    mirror.reader.lay_over([put_off, pending(item(1), 7, state=S.CONFLICT)])
    assert mirror.reader.count(QueueQuery()) == 2


def test_a_decision_on_an_item_that_comes_later(mirror: Mirror) -> None:
    mirror.reader.lay_over([pending(item(1))])
    assert mirror.reader.count(QueueQuery()) == 0
    mirror.tell(items=[item(1), item(2)])
    assert mirror.reader.count(QueueQuery()) == 1
    assert ids(mirror.reader.page(QueueQuery())) == [f"{HERE}:flag:2"]


def test_the_overlay_follows_every_change(mirror: Mirror) -> None:
    """Sets that share items, change their states, and name items that come later or never."""
    chance = random.Random(3)
    mirror.tell(items=[item(number) for number in range(20)])
    for round_ in range(30):
        chosen = {
            number: chance.choice(["resolved", "dismissed", "open", None]) for number in chance.sample(range(30), 12)
        }
        overlays = [pending(item(number), number, effective=state) for number, state in chosen.items()]
        mirror.reader.lay_over(overlays)
        if round_ == 20:
            mirror.tell(items=[item(number) for number in range(20, 25)])
        here = range(25 if round_ >= 20 else 20)
        for state in ("open", "resolved", "dismissed"):
            query = QueueQuery(states=(ItemState(state),))
            expected = {f"{HERE}:flag:{number}" for number in here if (chosen.get(number) or "open") == state}
            assert set(ids(mirror.reader.page(query))) == expected
            assert mirror.reader.count(query) == len(expected)


def test_pages_stay_in_place_while_others_write(mirror: Mirror) -> None:
    mirror.tell(items=[item(number) for number in range(1, 21)])
    first = mirror.reader.page(QueueQuery(), limit=10)
    mirror.tell(items=[item(number) for number in range(21, 31)])
    second = mirror.reader.page(QueueQuery(), after=first[-1].page_key, limit=10)
    assert ids(first + second) == [f"{HERE}:flag:{number}" for number in range(20, 0, -1)]


def test_the_whole_order_can_be_given_up(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "CHUNK_ROWS", 4)
    mirror.tell(items=[item(number) for number in range(20)])
    answers = iter([False, False, True])
    assert len(mirror.reader.index(QueueQuery(), lambda: next(answers))) == 0
    assert len(mirror.reader.index(QueueQuery())) == 20


def test_a_call_can_be_interrupted(mirror: Mirror) -> None:
    mirror.tell(items=[item(number) for number in range(50)])
    mirror.reader._db.set_progress_handler(mirror.reader.interrupt, 50)
    with pytest.raises(StoreError) as caught:
        mirror.reader.index(QueueQuery())
    assert caught.value.code == "read_cancelled"
    mirror.reader._db.set_progress_handler(None, 0)
    assert mirror.reader.count(QueueQuery()) == 50


def test_seen_is_remembered_here(mirror: Mirror) -> None:
    mirror.tell(items=[item(1), item(2)])
    one, two = f"{HERE}:flag:1", f"{HERE}:flag:2"
    mirror.reader.mark_seen(one)
    mirror.reader.mark_seen(one)
    assert [row.seen for row in mirror.reader.find([one, two])] == [True, False]
    mirror.reader.close()
    mirror.reader = MirrorReader(mirror.vault)
    assert [row.seen for row in mirror.reader.find([one, two])] == [True, False]


def test_priorities_survive_the_whole_order_exactly(mirror: Mirror) -> None:
    mirror.tell(items=[item(number, report_count=number % 7) for number in range(40)])
    with mirror.writer._transaction(HERE) as work:
        work.main.execute("UPDATE items SET priority = round(priority + key / 7.0, 3)")
    index = mirror.reader.index(QueueQuery())
    rows = {row.key: row.priority for row in mirror.reader.page(QueueQuery())}
    assert [rows[key] for key in index.keys] == list(index.priorities)
