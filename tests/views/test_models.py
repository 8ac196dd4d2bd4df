"""Item models keep Qt's promises, and announce exact ranges."""

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtTest import QAbstractItemModelTester

from moderation.items import ItemState
from moderation.queries import Level, PageKey, QueueIndex, QueueRow
from views.outbox.model import OutboxModel
from views.queue.model import QueueModel
from views.queue.order import Members, QueueOrder
from views.sidebar.model import Entry, SidebarModel


def row(key: int, priority: float = 2000.0, created_ms: int | None = None, **fields: object) -> QueueRow:
    """A row with these sort keys."""
    made = QueueRow(
        key=key, id=f"a:flag:{key}", state=ItemState.OPEN, priority=priority, level=Level.NORMAL, why=(),
        created_ms=key * 1000 if created_ms is None else created_ms, report_count=1, excerpt=f"row {key}",
        reason="Spam", author_name="A", forum_name="F", forum=None, thread=None, post=None, author=None,
        assignee=None, assignee_name=None, claimed_by=None, claimed_name=None, version="1", detail=True, seen=False,
    )  # fmt: skip
    return replace(made, **fields)


def rows(*keys: int) -> list[QueueRow]:
    """Rows in order: the newest first."""
    return [row(key) for key in sorted(keys, reverse=True)]


def started(*keys: int) -> QueueModel:
    """A model with these rows."""
    model = QueueModel()
    listed = rows(*keys)
    model.start(QueueOrder.of_rows(listed), listed)
    return model


def keys_of(model: QueueModel) -> list[int]:
    """Keys from top to bottom."""
    return model.order.keys(0, model.rowCount())


def watched(model):
    """Qt's own tester; it raises on a broken promise."""
    return QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_queue_model_keeps_qts_promises() -> None:
    model = started(1, 2, 3, 5, 8)
    tester = watched(model)
    model.insert([row(4), row(9), row(0)])
    assert keys_of(model) == [9, 8, 5, 4, 3, 2, 1, 0]
    model.remove([8, 5, 0])
    assert keys_of(model) == [9, 4, 3, 2, 1]
    model.put([row(4, excerpt="other")])
    model.start(QueueOrder(), [])
    assert model.rowCount() == 0
    del tester


def test_removal_is_announced_in_exact_runs(qtbot) -> None:
    model = started(*range(10))
    said: list[tuple[int, int]] = []
    model.rowsRemoved.connect(lambda parent, first, last: said.append((first, last)))
    model.remove([9, 8, 5, 2, 1])
    assert said == [(7, 8), (4, 4), (0, 1)]


def test_changes_are_announced_in_exact_runs(qtbot) -> None:
    model = started(*range(10))
    said: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: said.append((first.row(), last.row())))
    model.put([row(9, excerpt="other"), row(8, excerpt="other"), row(3, excerpt="other")])
    assert said == [(0, 1), (6, 6)]
    model.put([row(9, excerpt="other"), row(8, excerpt="other")])
    assert said == [(0, 1), (6, 6)]


def test_a_row_never_moves_when_its_priority_changes() -> None:
    model = started(1, 2, 3)
    model.put([row(1, priority=4000.0)])
    assert keys_of(model) == [3, 2, 1]
    assert model.position(1) == 2


def test_the_rest_of_the_order_is_appended(qtbot) -> None:
    model = started(8, 9)
    tester = watched(model)
    whole = QueueOrder.of_rows(rows(*range(10)))
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.rowsInserted):
        model.append(whole)
    assert keys_of(model) == list(range(9, -1, -1))
    assert 3 in model.order
    assert model.ask(0, 5) == [7, 6, 5]
    del tester


@given(st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60)), st.integers(0, 60))
def test_what_is_below_becomes_what_was_read(here: set[int], there: set[int], edge: int) -> None:
    model = started(*here)
    tester = watched(model)
    model.put(rows(*here))
    begin = min(edge, len(here))
    head = keys_of(model)[:begin]
    tail = [key for key in sorted(there, reverse=True) if not head or key < head[-1]]
    above = [key for key in there if head and key > head[-1]]
    other = QueueOrder.of_rows(rows(*tail, *above))
    other.members = Members([*head, *tail])
    model.replace_below(begin, other, len(above))
    assert keys_of(model) == [*head, *tail]
    assert all(key in model.order for key in keys_of(model))
    assert all(model.position(key) == at for at, key in enumerate(keys_of(model)) if model.known(key))
    assert all(model.known(key) is not None for key in head)
    del tester


@given(st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60)))
def test_many_rows_come_in_at_once_each_at_its_place(here: set[int], more: set[int]) -> None:
    model = started(*here)
    tester = watched(model)
    model.merge(rows(*more))
    assert keys_of(model) == sorted(here | more, reverse=True)
    assert all(model.position(key) == at for at, key in enumerate(keys_of(model)))
    del tester


def test_rows_out_of_view_are_forgotten_but_not_what_is_on_its_way() -> None:
    model = started(*range(10))
    model.put([row(3, pending="held", pending_action="resolve")])
    model.left.add(5)
    model.forget_but([9, 8])
    assert {key for key in range(10) if model.known(key)} == {9, 8, 5, 3}
    assert model.ask(0, 4) == [7, 6]


def test_data_reads_nothing_and_asks_for_what_is_missing(qtbot) -> None:
    model = started(8, 9)
    model.append(QueueOrder.of_rows(rows(*range(10))))
    with qtbot.waitSignal(model.wanted) as asked:
        assert model.data(model.index(5, 0), 256) is None
    assert asked.args == [5]


def test_many_rows_stay_cheap_to_find() -> None:
    index = QueueIndex()
    for n in range(200_000):
        index.keys.append(n + 1)
        index.priorities.append(4000.0 - n // 50_000 * 1000)
        index.created_ms.append(10**12 - n)
    order = QueueOrder(index)
    for position in random.Random(1).sample(range(200_000), 200):
        assert order.find(order.sort_key(position)) == position


@given(st.lists(st.tuples(st.sampled_from([1000.0, 2000.0]), st.integers(0, 5), st.integers(0, 40)), max_size=40))
def test_order_is_the_sorted_list(entries) -> None:
    order, seen = QueueOrder(), {}
    for priority, created, key in entries:
        if key not in seen:
            seen[key] = PageKey(priority, created, key)
            order.insert(seen[key])
    wanted = sorted(seen.values(), key=lambda k: (-k.priority, -k.created_ms, -k.key))
    assert [order.sort_key(n) for n in range(len(order))] == wanted
    for key in list(seen)[::2]:
        order.remove(order.find(seen[key]))
        assert key not in order


@given(st.sets(st.integers(0, 2**40)), st.integers(0, 2**40))
def test_members_is_a_set(keys: set[int], other: int) -> None:
    members = Members(keys)
    assert all(key in members for key in keys)
    assert (other in members) is (other in keys)
    members.add(other)
    assert other in members
    members.discard(other)
    assert other not in members


def test_sidebar_and_outbox_models_keep_qts_promises() -> None:
    sidebar = SidebarModel()
    tester = watched(sidebar)
    sidebar.show_entries([Entry(label="Queue"), Entry("a", "All", "inbox", "3")])
    sidebar.show_entries([Entry(label="Queue"), Entry("a", "All", "inbox", "4")])
    sidebar.show_entries([])
    outbox = OutboxModel()
    other = watched(outbox)
    from moderation.desk.outbox import OutboxEntry, OutboxGroups
    from tests.fakes.factory import intent

    one, two = OutboxEntry(intent("i1"), 1, 1), OutboxEntry(intent("i2"), 1, 1)
    assert outbox.show_groups(OutboxGroups((one,), (two,), ()))
    assert not outbox.show_groups(OutboxGroups((one,), (two,), ()))
    assert outbox.show_groups(OutboxGroups((), (two,), (one,)))
    assert [outbox.entry(n) is None for n in range(4)] == [True, False, True, False]
    del tester, other
