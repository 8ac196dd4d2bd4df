"""Skip and later: on to the next item, and out of the queue until a time."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from moderation.queries import Level
from tests.views.conftest import Opens
from tests.views.keys import press
from tests.views.stage import Stage
from views.later_sheet import usual_times
from views.main_window import MainWindow
from views.places import LATER

K = Qt.Key
TOKYO = ZoneInfo("Asia/Tokyo")


def rest(stage: Stage) -> None:
    stage.settle(QApplication.instance())


def listed(window: MainWindow) -> list[str]:
    model = window.session.feed.model
    rows = [model.peek(row) for row in range(model.rowCount())]
    return [row.id for row in rows if row is not None and row.key not in model.left]


def patient(stage: Stage, window: MainWindow) -> str:
    """Go to the first item that is not urgent; gives its id."""
    model = window.session.feed.model
    at = next(n for n in range(model.rowCount()) if model.peek(n).level is not Level.URGENT)
    window.panel.table.go_to(at)
    rest(stage)
    return str(window.queue_work.facts().ref)


def count(window: MainWindow) -> str:
    return next(entry.count for entry in window.sidebar.places.entries.entries if entry.id == LATER)


def test_skip_goes_on_and_leaves_the_item_where_it_is(opens: Opens) -> None:
    stage, window = opens()
    before, here = listed(window), window.queue_work.facts()
    press(stage, K.Key_S)
    rest(stage)
    there = window.queue_work.facts()
    assert here is not None
    assert there is not None
    assert (str(here.ref), str(there.ref)) == (before[0], before[1])
    assert listed(window) == before
    assert stage.journal.plans() == []


def test_later_takes_it_out_until_its_time_and_it_comes_back_by_itself(opens: Opens) -> None:
    stage, window = opens()
    before, item = listed(window), patient(stage, window)
    press(stage, K.Key_L)
    assert window.putting_off.sheet.isVisible()
    press(stage, K.Key_1)
    rest(stage)
    assert set(before) - set(listed(window)) == {item}
    assert count(window) == "1"
    facts = window.queue_work.facts()
    assert facts is not None
    assert str(facts.ref) == before[before.index(item) + 1]
    press(stage, K.Key_G, K.Key_L)
    rest(stage)
    assert listed(window) == [item]
    assert "back" in window.session.row_state(window.session.feed.model.peek(0)).words
    press(stage, K.Key_G, K.Key_Q)
    stage.clock.advance(3700)
    window.session.decisions.read_now()
    rest(stage)
    assert count(window) == "0"
    window.queue_work.first()
    rest(stage)
    assert set(listed(window)) == set(before)


def test_in_its_own_list_the_same_key_brings_it_back(opens: Opens) -> None:
    stage, window = opens()
    before, item = listed(window), patient(stage, window)
    press(stage, K.Key_L)
    press(stage, K.Key_Return)
    rest(stage)
    press(stage, K.Key_G, K.Key_L)
    rest(stage)
    assert listed(window) == [item]
    press(stage, K.Key_L)
    rest(stage)
    assert not window.putting_off.sheet.isVisible()
    assert (listed(window), count(window)) == ([], "0")
    press(stage, K.Key_G, K.Key_Q)
    rest(stage)
    assert set(listed(window)) == set(before)


def test_what_is_urgent_cannot_wait(opens: Opens) -> None:
    stage, window = opens()
    before = listed(window)
    assert window.session.feed.model.peek(0).level is Level.URGENT
    press(stage, K.Key_L, K.Key_1)
    rest(stage)
    assert (listed(window), stage.desk.later.waiting()) == (before, [])
    assert "urgent" in window.bar._words_said


def test_escape_puts_nothing_off(opens: Opens) -> None:
    stage, window = opens()
    before = listed(window)
    press(stage, K.Key_L, K.Key_Escape)
    rest(stage)
    assert (listed(window), stage.desk.later.waiting()) == (before, [])


@pytest.mark.parametrize(
    ("now", "codes"),
    [
        ("2026-11-25T10:20", ["hour", "evening", "tomorrow", "monday", "week"]),  # a Wednesday
        ("2026-11-25T16:30", ["evening", "hour", "tomorrow", "monday", "week"]),
        ("2026-11-25T18:00", ["hour", "tomorrow", "monday", "week"]),
        ("2026-11-29T23:30", ["hour", "tomorrow", "week"]),  # a Sunday: tomorrow is Monday
    ],
)
def test_the_usual_times_all_lie_ahead_and_none_is_said_twice(now: str, codes: list[str]) -> None:
    here = datetime.fromisoformat(now).replace(tzinfo=TOKYO)
    times = usual_times(here)
    assert [code.removeprefix("later_") for code, _ in times] == codes
    assert all(here < time <= here + timedelta(days=7) for _, time in times)
    assert len({time for _, time in times}) == len(times)
