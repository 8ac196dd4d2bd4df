"""Editing a post: one starts from what stands there, never from an empty box that is not an empty post."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from moderation.actions import Action
from moderation.content import Post
from tests.views.conftest import Opens
from tests.views.keys import SHIFT, press
from tests.views.sample import EN, ROWS, Records
from tests.views.stage import Stage
from views.ask_dialog import AskDialog

K = Qt.Key
TYPED = "Thanks, **I tried that**.\n\nMy order number is QB-48213."


def asked(stage: Stage) -> AskDialog:
    """The dialogue, opened by key."""
    press(stage, K.Key_E, modifiers=SHIFT)
    assert stage.window is not None
    dialog = stage.window.popups.dialog
    assert isinstance(dialog, AskDialog)
    assert dialog.text is not None
    return dialog


def only_rendered(opens: Opens) -> tuple[Stage, Post]:
    """A window on one item whose post the server has told as HTML alone."""
    records = Records(EN, ROWS[:1]).all()
    posts = [replace(post, body=None) for post in records.pop("posts") if isinstance(post, Post)]
    stage, window = opens(())
    stage.news(EN, posts=posts, **records)
    stage.settle(QApplication.instance())
    press(stage, K.Key_Home)
    facts = window.queue_work.facts()
    assert facts is not None
    assert facts.body is None
    return stage, next(post for post in posts if post.id == facts.post)


def test_an_edit_starts_from_the_text_as_it_was_typed(opens: Opens) -> None:
    stage, window = opens(ROWS[:1])
    dialog = asked(stage)
    assert dialog.text is not None
    assert dialog.text.toPlainText() == ROWS[0].text
    dialog.text.insertPlainText("Edited: ")
    QTest.mouseClick(dialog.verb, Qt.MouseButton.LeftButton)
    stage.settle(QApplication.instance())
    (intent,) = [i for plan in stage.journal.plans() for i in plan.intents if i.action is Action.EDIT]
    assert intent.payload["text"] == "Edited: " + ROWS[0].text
    assert window.popups.dialog is None


def test_a_text_that_is_not_here_is_asked_for_and_waited_for(opens: Opens) -> None:
    stage, post = only_rendered(opens)
    dialog = asked(stage)
    assert dialog.text is not None
    assert post.id in stage.engine.wanted
    assert dialog.text.isReadOnly()
    assert not dialog.verb.isEnabled()
    assert dialog.text.placeholderText()
    stage.news(EN, posts=[replace(post, body=TYPED)])
    stage.settle(QApplication.instance())
    assert dialog.text.toPlainText() == TYPED
    assert dialog.verb.isEnabled()
    assert not dialog.text.isReadOnly()
    assert dialog.text.hasFocus()


def test_a_text_that_comes_again_does_not_overwrite_what_was_written(opens: Opens) -> None:
    stage, post = only_rendered(opens)
    dialog = asked(stage)
    assert dialog.text is not None
    stage.news(EN, posts=[replace(post, body=TYPED)])
    stage.settle(QApplication.instance())
    dialog.text.setPlainText("Mine")
    stage.news(EN, posts=[replace(post, body=TYPED + " More.")])
    stage.settle(QApplication.instance())
    assert dialog.text.toPlainText() == "Mine"


def test_a_text_that_comes_after_the_dialogue_was_closed_harms_nobody(opens: Opens) -> None:
    stage, post = only_rendered(opens)
    dialog = asked(stage)
    press(stage, K.Key_Escape)
    stage.news(EN, posts=[replace(post, body=TYPED)])
    stage.settle(QApplication.instance())
    assert dialog is not None
    assert stage.window is not None
    assert stage.window.popups.dialog is None
    assert not stage.journal.plans()
