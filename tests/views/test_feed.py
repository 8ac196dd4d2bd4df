"""New and changed items arrive without losing place or selection."""

from dataclasses import replace
from threading import Event

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from moderation.items import ItemState
from tests.views.conftest import Opens
from tests.views.keys import press
from tests.views.sample import EN, ROWS, Records, Row
from views.queue import feed

K = Qt.Key
URGENT = Row(1, "I will kill somebody tonight", "Threat", 1, "Newcomer One", "Billing")
MINOR = Row(2000, "Old and unimportant", "Duplicate", 1, "Newcomer Two", "Billing")


def many(count: int) -> tuple[Row, ...]:
    """Rows enough for more than one page."""
    return tuple(Row(10 + n, f"Report number {n:04}", "Spam", 1, f"Author {n % 7}", "Mesh") for n in range(count))


def rest(stage) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    stage.settle(app)


def ids(window) -> list[str]:
    model = window.session.feed.model
    return [row.id for n in range(model.rowCount()) if (row := model.peek(n)) is not None]


def news(stage, row: Row, native: str) -> str:
    """The server tells of one more item; gives its id."""
    records = Records(EN, (*ROWS, row))
    item = records.items[-1]
    item = replace(item, id=item.id.sibling(item.id.kind, native), thread=None)
    stage.news(EN, items=[item])
    rest(stage)
    return str(item.id)


def test_what_is_new_above_waits_until_it_is_asked_for(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_J)
    before, painted = ids(window), str(window.queue_work.facts().ref)
    new = news(stage, URGENT, "901")
    assert ids(window) == before
    assert str(window.queue_work.facts().ref) == painted
    assert window.panel.sub_header.new == "1 new above"
    assert window.session.feed.total == len(ROWS) + 1
    press(stage, K.Key_Home)
    assert set(ids(window)) == {*before, new}
    assert window.panel.table.current_row() == 0
    assert window.panel.sub_header.new == ""


def test_what_is_read_while_a_page_is_under_way_is_not_lost_with_it(
    opens: Opens, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, window = opens(many(5))
    known, read_first, may_come = ids(window), feed.read_first, Event()

    def slowly(*args):
        page = read_first(*args)
        may_come.wait(5)
        return page

    monkeypatch.setattr(feed, "read_first", slowly)
    window.session.feed.reload()
    qtbot.waitUntil(lambda: window.session.tasks.running("queue"), timeout=30_000)
    records = Records(EN, (*many(5), URGENT)).items[-1]
    stage.news(EN, items=[records])
    qtbot.waitUntil(lambda: window.session.feed.total == 6, timeout=30_000)
    may_come.set()
    rest(stage)
    assert len(window.session.feed.waiting) + len(set(ids(window)) - set(known)) == 1


def test_what_is_new_below_the_view_comes_in_by_itself(opens: Opens) -> None:
    stage, window = opens(many(60), size=(1280, 800))
    before = ids(window)
    bar = window.panel.table.verticalScrollBar()
    place = bar.value()
    new = news(stage, MINOR, "902")
    assert ids(window) == [*before, new]
    assert bar.value() == place
    assert window.panel.sub_header.new == ""


def test_selection_and_place_survive_rows_that_leave_above(opens: Opens) -> None:
    stage, window = opens(many(60), size=(1280, 800))
    table = window.panel.table
    table.go_to(30)
    rest(stage)
    key, y = table.current_key(), table.rowViewportPosition(table.current_row())
    items = {str(item.id): item for item in Records(EN, many(60)).items}
    gone = [replace(items[item], state=ItemState.RESOLVED, version="8") for item in ids(window)[3:9]]
    stage.news(EN, items=gone)
    rest(stage)
    assert table.current_key() == key
    assert table.rowViewportPosition(table.current_row()) == y
    window.session.feed.sweep()
    rest(stage)
    assert window.session.feed.model.rowCount() == 54
    assert table.current_key() == key
    assert table.rowViewportPosition(table.current_row()) == y


def test_a_colleagues_decision_marks_the_row_and_leaves_it_in_place(opens: Opens) -> None:
    stage, window = opens()
    before = ids(window)
    item = next(item for item in Records(EN, ROWS).items if str(item.id) == before[4])
    stage.news(EN, items=[replace(item, state=ItemState.RESOLVED, version="8")])
    rest(stage)
    assert ids(window) == before
    row = window.session.feed.model.peek(4)
    assert window.session.row_state(row).words == "resolved"
    assert window.session.feed.total == len(ROWS) - 1


def test_the_whole_list_is_there_after_the_first_page(opens: Opens) -> None:
    stage, window = opens(many(260))
    assert window.session.feed.total == 260
    assert window.session.feed.model.rowCount() == 260
    window.panel.table.go_to(259)
    rest(stage)
    row = window.session.feed.model.peek(259)
    assert row is not None
    assert str(window.queue_work.facts().ref) == row.id


def test_rows_are_read_before_one_comes_to_them(opens: Opens) -> None:
    stage, window = opens(many(260))
    window.panel.table.go_to(95)
    rest(stage)
    assert window.session.feed.model.peek(120) is not None


def test_the_numbers_are_the_rows(opens: Opens) -> None:
    stage, window = opens()
    counts = {entry.id: entry.count for entry in window.sidebar.places.entries.entries if entry.id}
    for place in ("queue:all", "queue:mine", "queue:held"):
        window.work.open_place(place)
        rest(stage)
        assert counts[place] == str(window.session.feed.model.rowCount()) == str(window.session.feed.total)


def test_a_filter_says_so_and_escape_clears_it(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_F)
    sheet = window.popups.filter
    assert sheet.isVisible()
    names = [sheet.forums.item(n).text() for n in range(sheet.forums.count())]
    sheet.forums.item(names.index("Mesh")).setCheckState(Qt.CheckState.Checked)
    press(stage, K.Key_Return)
    assert len(ids(window)) == 2
    assert "1 forum" in window.panel.header.title
    press(stage, K.Key_Escape)
    assert len(ids(window)) == len(ROWS)


def test_nothing_found_by_a_filter_says_which(opens: Opens) -> None:
    from views.places import Filter

    stage, window = opens()
    window.work.filter(Filter(text="zzz"))
    rest(stage)
    assert window.pane.empty.isVisible()
    assert "zzz" in window.pane.empty.line


def test_an_empty_queue_fills_by_itself(opens: Opens) -> None:
    stage, window = opens(())
    assert window.pane.empty.isVisible()
    stage.news(EN, **Records(EN, ROWS[:1]).all())
    rest(stage)
    assert len(ids(window)) == 1
    assert window.queue_work.facts() is not None


def test_everything_changed_compares_the_whole_list(opens: Opens) -> None:
    from moderation.changes import ChangeRecord, Table

    stage, window = opens()
    before = ids(window)
    items = Records(EN, ROWS).items
    stage.apply(EN, items=[replace(items[12], state=ItemState.RESOLVED, version="8")])
    records = Records(EN, (*ROWS, URGENT))
    stage.apply(EN, items=[replace(records.items[-1], thread=None)])
    stage.engine.tell([ChangeRecord(Table.ITEM, (), True)])
    rest(stage)
    assert ids(window) == before
    assert len(window.session.feed.waiting) == 1
    assert len(window.session.feed.model.left) == 1


def test_everything_changed_before_the_whole_list_was_read(opens: Opens) -> None:
    stage, window = opens(many(260))
    feed = window.session.feed

    def interrupt() -> None:
        assert feed.model.rowCount() == 100
        feed.all_changed()
        feed._read_changes()

    feed.started.connect(lambda: QTimer.singleShot(0, interrupt))
    feed.reload()
    rest(stage)
    assert feed.total == feed.model.rowCount() == 260


def test_a_late_row_that_comes_before_the_whole_list_leaves_no_gap(
    opens: Opens, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, window = opens(many(260))
    read_order, may_read, may_come = feed.read_order, Event(), Event()

    def slowly(*args):
        whole = read_order(*args)
        may_read.set()
        may_come.wait(5)
        return whole

    monkeypatch.setattr(feed, "read_order", slowly)
    window.session.feed.reload()
    qtbot.waitUntil(may_read.is_set, timeout=30_000)
    late = Records(EN, (*many(260), MINOR)).items[-1]
    stage.news(EN, items=[replace(late, thread=None)])
    qtbot.waitUntil(lambda: window.session.feed.total == 261, timeout=30_000)
    may_come.set()
    rest(stage)
    order = window.session.feed.model.order
    assert window.session.feed.model.rowCount() == 261
    assert len(set(order.keys(0, 261))) == 261


def test_hundreds_of_new_items_all_arrive(opens: Opens) -> None:
    from moderation.changes import ChangeRecord, Table

    stage, window = opens(many(260))
    more = [Row(10 + n, f"Late number {n:04}", "Spam", 1, f"Author {n % 7}", "Mesh") for n in range(450)]
    items = Records(EN, tuple(more)).items
    stage.apply(EN, items=[replace(item, id=item.id.sibling(item.id.kind, 5000 + n)) for n, item in enumerate(items)])
    stage.engine.tell([ChangeRecord(Table.ITEM, (), True)])
    rest(stage)
    feed = window.session.feed
    assert feed.total == 710
    assert feed.model.rowCount() + len(feed.waiting) == 710


def test_new_rows_of_which_only_the_place_is_known_come_with_home(opens: Opens) -> None:
    from moderation.changes import ChangeRecord, Table

    stage, window = opens(many(260))
    window.panel.table.go_to(40)
    rest(stage)
    urgent = [replace(URGENT, minutes=1 + n) for n in range(3)]
    items = Records(EN, tuple(urgent)).items
    made = [replace(item, id=item.id.sibling(item.id.kind, 6000 + n), thread=None) for n, item in enumerate(items)]
    stage.apply(EN, items=made)
    stage.engine.tell([ChangeRecord(Table.ITEM, (), True)])
    rest(stage)
    assert window.panel.sub_header.new == "3 new above"
    press(stage, K.Key_Home)
    assert window.session.feed.model.rowCount() == window.session.feed.total == 263
    assert window.panel.table.current_row() == 0
    assert window.panel.sub_header.new == ""
    assert {str(item.id) for item in made} <= set(ids(window)[:3])


def test_a_flood_reads_only_what_is_near(opens: Opens) -> None:
    from moderation.changes import ChangeRecord, Table

    stage, window = opens(many(460))
    feed = window.session.feed
    for position in (150, 300, 440, 5):
        window.panel.table.go_to(position)
        rest(stage)
    key, far = window.panel.table.current_key(), feed.model.order.key(300)
    assert feed.model.known(far) is not None
    stage.engine.tell([ChangeRecord(Table.ITEM, (), True)])
    rest(stage)
    assert feed.model.known(far) is None
    assert window.panel.table.current_key() == key
    assert all(feed.model.peek(position) is not None for position in range(12))
    window.panel.table.go_to(300)
    rest(stage)
    assert str(window.queue_work.facts().ref) == feed.model.known(far).id
