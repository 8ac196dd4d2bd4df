"""What only the staff can read is marked so, and is not carried into what others read."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument

from tests.views.conftest import Opens
from tests.views.keys import press
from tests.views.sample import EN, ROWS, Records
from tests.views.stage import Stage
from views.main_window import MainWindow

K = Qt.Key
Settled = Callable[[Stage], None]
_BACKWARD = QTextDocument.FindFlag.FindBackward
WORDS = "We warned him twice in October."


def whispering(opens: Opens, settled: Settled) -> tuple[Stage, MainWindow]:
    """The item at hand with a whisper right behind its post."""
    stage, window = opens()
    posts = Records(EN, ROWS).posts
    own = next(n for n, post in enumerate(posts) if "lose their job" in post.body_html)
    whisper = replace(posts[own + 1], body=WORDS, body_html=f"<p>{WORDS}</p>", staff_only=True)
    stage.news(EN, posts=[replace(posts[own], votes=1), whisper])
    settled(stage)
    return stage, window


def test_a_whisper_says_who_reads_it(opens: Opens, settled: Settled) -> None:
    _, window = whispering(opens, settled)
    shown = window.pane.posts.document().toPlainText()
    assert WORDS in shown
    assert "Only staff can read this" in shown


def test_a_whisper_is_not_quoted(opens: Opens, settled: Settled) -> None:
    stage, window = whispering(opens, settled)
    assert window.pane.posts.find("warned him")
    press(stage, K.Key_Q)
    assert not window.talk.composer.open
    assert window.pane.posts.find("lose their job") or window.pane.posts.find("lose their job", _BACKWARD)
    press(stage, K.Key_Q)
    assert "> lose their job" in window.talk.composer.editor.toPlainText()
