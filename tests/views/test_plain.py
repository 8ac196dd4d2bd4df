"""What members and servers write is shown letter by letter, also where Qt would make HTML of it."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from tests.views.conftest import Opens
from views.ask_dialog import AskDialog, Question
from views.plain import as_typed
from views.sidebar.model import Entry

HOSTILE = '<b>Free</b> <img src="file:///etc/hostname"> & more\nsecond line'
SHOWN = "<qt>&lt;b&gt;Free&lt;/b&gt; &lt;img src=&quot;file:///etc/hostname&quot;&gt; &amp; more<br>second line</qt>"


def test_only_what_would_be_taken_for_html_is_changed() -> None:
    assert as_typed(HOSTILE) == SHOWN
    assert as_typed("1 < 2 & 3 > 2") == "1 < 2 & 3 > 2"
    assert as_typed("Two\nlines") == "Two\nlines"


def test_tool_tips_and_dialogs_make_no_html_of_it(opens: Opens) -> None:
    _, window = opens()
    row = window.session.feed.model.peek(0)
    assert row is not None
    assert window.panel.tip(replace(row, excerpt=HOSTILE)).startswith(SHOWN[:-5])
    window.bar.say(HOSTILE)
    assert window.bar.toolTip() == SHOWN
    window.pane.bar.line.say("", HOSTILE)
    assert window.pane.bar.line.toolTip() == SHOWN
    window.registry.call("keep", HOSTILE)
    assert window.registry.actions["keep"].toolTip().startswith("<qt>&lt;b&gt;")
    places = window.sidebar.communities.entries
    places.show_entries([Entry("community:x", HOSTILE, dot="connected")])
    assert places.data(places.index(0, 0), Qt.ItemDataRole.ToolTipRole) == SHOWN
    dialog = AskDialog(Question(HOSTILE, HOSTILE, "Ban"), window.theme, window.session.now(), window)
    formats = [label.textFormat() for label in dialog.findChildren(QLabel) if label.text() == HOSTILE]
    assert formats == [Qt.TextFormat.PlainText] * 2
    proof = window.proofs.sheet
    assert proof.evidence.textFormat() is proof.stands.textFormat() is Qt.TextFormat.PlainText
