"""The dialogue of going private with the plans of a Discourse: a message, and the thread that becomes one."""

import pytest
from PySide6.QtCore import Qt

from moderation.conversion import Shape
from tests.views.conftest import Opens
from tests.views.keys import press
from tests.views.private_sample import app, on_discourse
from tests.views.sample import ROWS
from tests.views.stage import Stage
from tests.views.test_convert import dialog, titles
from views.convert.dialog import ConvertDialog
from views.words import Language

ONE = ROWS[:1]


def begun(opens: Opens, **look: object) -> tuple[Stage, ConvertDialog]:
    """The dialogue on the thread with a phone number."""
    stage, window = opens(ONE, connected=on_discourse(), size=(1280, 800), **look)
    stage.conversions.support_groups = lambda community: ("support_team",)  # type: ignore[method-assign]
    press(stage, Qt.Key.Key_P)
    return stage, dialog(window)


def test_a_message_hides_and_redacts_first(opens: Opens) -> None:
    stage, here = begun(opens)
    assert here.planned is not None
    posts = here.planned.posts
    here.choose({"hide": (posts[0].id, posts[2].id)})
    stage.settle(app())
    assert titles(here) == ["Replace the text", "Hide", "Private message", "People in", "Pointer", "Proof"]
    assert here.plan_pane.hides.text() == "2 posts are hidden: post 1, post 3."
    assert not here.plan_pane.choose.isHidden()


def test_a_thread_that_is_taken_hides_no_post_and_offers_none_to_choose(opens: Opens) -> None:
    stage, here = begun(opens)
    here.choices.shapes[Shape.TAKE].click()
    stage.settle(app())
    assert titles(here) == ["Move", "Pointer", "Proof"]
    assert here.plan_pane.hides.text() == "The whole thread."
    assert here.plan_pane.choose.isHidden()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_who_reads_it_is_named_in_full(opens: Opens, language: Language) -> None:
    _, here = begun(opens, language=language)
    table = here.plan_pane.readers
    customer = next(row for row in range(table.rowCount()) if "Maren" in table.item(row, 1).text())
    assert table.columnWidth(1) >= table.sizeHintForIndex(table.model().index(customer, 1)).width() - 10
    texts = [table.item(row, column).text() for row in range(table.rowCount()) for column in range(6)]
    assert not [text for text in texts if "‹" in text or "{" in text]
