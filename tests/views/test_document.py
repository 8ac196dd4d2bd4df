"""Documents load nothing but our own drawings, and the thread view follows nothing by itself."""

import http.server
import threading

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QPixmap, QTextDocument

from tests.views.conftest import Opens
from tests.views.sample import EN, ROWS, Records
from views.item.document import InertDocument
from views.item.thread_view import ThreadView
from views.theme import Scheme, Theme


@pytest.fixture
def listener():
    """A server that remembers whether anybody came."""
    asked: list[str] = []

    class Remember(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Remember)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_document_loads_no_picture_and_no_sheet(qtbot, listener, tmp_path) -> None:
    url, asked = listener
    local = tmp_path / "secret.png"
    QPixmap(4, 4).save(str(local))
    file = QUrl.fromLocalFile(str(local)).toString()
    html = f'<link rel="stylesheet" href="{url}/a.css"><img src="{url}/a.png"><img src="{file}">'
    document = InertDocument(html, Theme(Scheme.LIGHT))
    document.lay_out(400)
    view = ThreadView()
    qtbot.addWidget(view)
    view.show_document(document)
    view.show()
    view.grab()
    assert asked == []
    kind = QTextDocument.ResourceType.ImageResource
    assert document.resource(int(kind.value), QUrl(f"{url}/a.png")) is None
    assert document.resource(int(kind.value), QUrl.fromLocalFile(str(local))) is None
    assert isinstance(document.resource(int(kind.value), QUrl("marquee:face/MO")), QPixmap)


def test_a_link_is_shown_in_full_and_asked_before_it_opens(opens: Opens, monkeypatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("views.outside.open_address", lambda address: opened.append(address) or True)
    _, window = opens()
    window.pane.posts.pointed.emit("https://quillby-unlock.example/codes?ref=zx4471")
    assert window.bar._address == "https://quillby-unlock.example/codes?ref=zx4471"
    window.pane.posts.link.emit("https://quillby-unlock.example/codes")
    boxes = [child for child in window.children() if child.inherits("QMessageBox")]
    assert len(boxes) == 1
    assert boxes[0].informativeText() == "https://quillby-unlock.example/codes"
    assert boxes[0].defaultButton().text().replace("&", "") == "Cancel"
    boxes[0].reject()
    assert opened == []


def test_a_ten_megabyte_post_is_shown_with_a_line_saying_what_is_missing(opens: Opens, settled) -> None:
    from dataclasses import replace

    stage, window = opens(ROWS[:1])
    records = Records(EN, ROWS[:1])
    posts = [replace(p, body_html="<p>" + "word " * 2_000_000) if p.body == ROWS[0].text else p for p in records.posts]
    stage.news(EN, posts=posts)
    settled(stage)
    text = window.pane.posts.toPlainText()
    assert "more characters are not shown here" in text
    assert len(text) < 40_000


def test_the_reported_post_is_marked_in_words(opens: Opens) -> None:
    _, window = opens()
    text = window.pane.posts.toPlainText()
    assert text.count("Reported post") == 1
    assert "2 posts before" in text
    assert "2 more replies" in text


def test_brackets_unfold_the_thread(opens: Opens, settled) -> None:
    stage, window = opens()
    assert "Try it in the portal" not in window.pane.posts.toPlainText()
    window.registry.run("before")
    settled(stage)
    assert "Try it in the portal" in window.pane.posts.toPlainText()
    window.registry.run("after")
    settled(stage)
    assert "Any news?" in window.pane.posts.toPlainText()
