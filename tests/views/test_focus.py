"""What happens by itself leaves the focus alone: whoever writes goes on writing, and no letter becomes a command."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt

from moderation.changes import ChangeRecord, Table
from moderation.items import ItemState
from tests.views.conftest import Opens
from tests.views.keys import CONTROL, press
from tests.views.sample import EN, ROWS, Records
from tests.views.stage import Stage

K = Qt.Key
Settled = Callable[[Stage], None]
NEWS = ChangeRecord(Table.COMMUNITY, (EN,))


def test_news_of_a_community_leave_who_writes_alone(opens: Opens, settled: Settled) -> None:
    stage, window = opens()
    press(stage, K.Key_R)
    press(stage, "We look into ")
    stage.engine.tell([NEWS])
    settled(stage)
    press(stage, "the keys")
    assert window.talk.composer.editor.toPlainText() == "We look into the keys"
    assert stage.journal.unfinished() == []


def test_news_of_a_community_leave_the_palette_alone(opens: Opens, settled: Settled) -> None:
    stage, window = opens()
    press(stage, K.Key_K, modifiers=CONTROL)
    press(stage, "ke")
    stage.engine.tell([NEWS])
    settled(stage)
    press(stage, "e")
    assert window.popups.palette.field.text() == "kee"
    assert stage.journal.unfinished() == []


def test_the_last_item_stays_while_an_answer_to_it_is_written(opens: Opens, settled: Settled) -> None:
    stage, window = opens(ROWS[:1])
    press(stage, K.Key_E, K.Key_R)
    press(stage, "It was ")
    stage.confirm(stage.journal.unfinished()[0].id)
    decided = [replace(item, state=ItemState.DISMISSED, version="9") for item in Records(EN, ROWS[:1]).items]
    stage.news(EN, items=decided)
    window.session.decisions.refresh(touch=True)
    settled(stage)
    press(stage, "fine")
    assert window.talk.composer.editor.toPlainText() == "It was fine"
    press(stage, K.Key_Escape)
    settled(stage)
    assert window.session.feed.model.rowCount() == 0, "once it is written, nothing is left"
    assert window.pane.empty.isVisible()
