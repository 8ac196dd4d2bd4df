"""Alarms in the window: their number, what is new, the list; and notifications that are grouped."""

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from console.tray import Grouped
from moderation.alarms.model import Alarm, AlarmKind
from moderation.changes import ChangeRecord, Table
from moderation.ids import Kind, Ref
from tests.views.conftest import Opens
from tests.views.keys import ALT, CONTROL, press
from tests.views.sample import EN, NOW
from tests.views.stage import Stage
from views.theme import Scheme

K = Qt.Key
FORUM = Ref(EN, Kind.FORUM, "1")


def app() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found


def alarm(kind: AlarmKind, subject: Ref, minutes: float, **facts: float) -> Alarm:
    at = NOW - timedelta(minutes=minutes)
    return Alarm(f"{kind}:{subject}", 1, kind, subject, FORUM, facts, at, at)


def raised(stage: Stage, *alarms: Alarm) -> None:
    """The engine looked, and tells."""
    stage.team.raise_alarms(alarms, [])
    stage.engine.tell([ChangeRecord(Table.ALARM, tuple(one.key for one in alarms))])
    stage.settle(app())


def test_alarms_are_counted_listed_taken_and_silenced(opens: Opens) -> None:
    stage, window = opens()
    news: list[list[str]] = []
    window.alarm_news.connect(news.append)
    assert "alarm" not in window.bar.accessibleName()
    raised(stage, alarm(AlarmKind.OVERDUE, Ref(EN, Kind.THREAD, "500"), 130, late_s=7800.0, goal_s=14400.0))
    said = "“Invoice still shows my old address” in Billing is overdue by 2 h 10 min of working time."
    assert news == [[said]]
    assert said in window.bar.accessibleName()
    raised(stage, alarm(AlarmKind.UNCOVERED, FORUM, 5), alarm(AlarmKind.UNUSUAL_VOLUME, FORUM, 4, reports=9))
    assert "3 alarms" in window.bar.accessibleName()
    assert window.bar.accessibleName().startswith("2 new alarms")

    press(stage, K.Key_N, modifiers=ALT)
    assert window.alarms is not None
    sheet = window.alarms.sheet
    assert sheet.isVisible()
    texts = [sheet.table.item(row, 1).text() for row in range(sheet.table.rowCount())]
    assert texts[2] == said
    assert texts[1] == "Nobody looks after Billing."
    press(stage, K.Key_J)
    press(stage, K.Key_C)
    assert [one.owner_name for one in stage.team.alarms()] == ["", "Ines Lanternby", ""]
    assert sheet.own.text() == "Give up"
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert "with a reason" in sheet.stands.text()
    sheet.reason.setText("Rolf is back on Monday")
    press(stage, K.Key_Return, modifiers=CONTROL)
    (silent,) = [one for one in stage.team.alarms() if one.silenced(stage.clock.now())]
    assert (silent.kind, silent.reason) == (AlarmKind.UNCOVERED, "Rolf is back on Monday")
    assert silent.silenced_until == stage.clock.now() + timedelta(hours=4)
    assert "2 alarms" in window.bar.accessibleName()
    assert "silent until" in sheet.table.item(2, 3).text()
    press(stage, K.Key_Escape)
    assert not sheet.isVisible()

    assert stage.theme is not None
    stage.theme.choose(scheme=Scheme.DARK)
    stage.settle(app())
    assert "2 alarms" in window.bar.accessibleName()
    assert len(news) == 2  # a window that is made anew says nothing twice


def test_notifications_are_grouped_and_at_most_one_a_minute() -> None:
    said: list[str] = []
    grouped = Grouped(lambda title, text: said.append(text), "Marquee")
    grouped.hear(["One"])
    grouped.hear(["Two"])
    grouped.hear(["Three", "Four", "Five"])
    assert said == ["One"]
    grouped._pause.stop()
    grouped._pause.timeout.emit()
    assert said == ["One", "Two\nThree\nFour\n+ 1"]
