"""Documents are big: those that were shown must not pile up while a person works through thousands of items."""

import gc
import weakref

from pytestqt.qtbot import QtBot

from views.item.document import InertDocument
from views.item.thread_view import ThreadView
from views.theme import Scheme, Theme


def test_a_document_that_is_not_shown_any_more_is_freed(qtbot: QtBot) -> None:
    theme, view = Theme(Scheme.LIGHT), ThreadView()
    qtbot.addWidget(view)
    shown = []
    for number in range(5):
        document = InertDocument(f"<p>post {number}</p>", theme)
        view.show_document(document)
        assert view.toPlainText() == f"post {number}"
        shown.append(weakref.ref(document))
        del document
    gc.collect()
    assert [kept() is not None for kept in shown] == [False, False, False, False, True]
    view.show_document(None)
    gc.collect()
    assert shown[-1]() is None
    assert view.toPlainText() == ""
