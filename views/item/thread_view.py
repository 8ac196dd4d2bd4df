"""Shows prepared documents of posts. Nothing in them is loaded, run or opened without being asked for."""

from PySide6.QtCore import QPoint, Qt, QUrl, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from views.item.document import InertDocument
from views.item.marks import FIND
from views.item.pictures import ADDRESS

_PICTURE = f"marquee:{ADDRESS}"


class ThreadView(QTextBrowser):
    """A browser without a network. ``link`` tells an address that was pressed, ``pointed`` the one under the mouse,
    ``picture`` the number of a picture that was pressed, ``mark_pressed`` the mark (``POST/NUMBER``) of private data.
    """

    link = Signal(str)
    pointed = Signal(str)
    unfold = Signal(str)
    mark_pressed = Signal(str)
    picture = Signal(int)
    resized = Signal(int)
    painted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Its room is kept, so that a document is laid out ahead for one width; without a thumb nothing is seen of it.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.anchorClicked.connect(self._pressed)
        self.highlighted.connect(lambda url: self.pointed.emit(_shown(url)))
        self._blank = QTextDocument(self)
        self._blank.setDocumentMargin(0)
        self._current: InertDocument | None = None
        self._pointed = ""

    def show_document(self, document: InertDocument | None, *, keep_place: bool = False) -> None:
        """Swap the document; it stays owned by whoever prepared it.

        As a property: PySide's ``setDocument`` holds on to every document that it was ever given (130 kB an item).
        """
        place = self.verticalScrollBar().value() if keep_place else 0
        pointed = self._pointed_still() if keep_place else ""
        self.setProperty("document", document if document is not None else self._blank)
        self._current = document
        self.verticalScrollBar().setValue(place)
        self._pointed = pointed
        if pointed:
            self._point(pointed)

    def pointed_picture(self) -> str:
        """The link of the picture that Tab has come to, empty for none."""
        cursor = self.textCursor()
        address = cursor.charFormat().anchorHref() if cursor.hasSelection() else ""
        return address if address.startswith(_PICTURE) else ""

    def _pointed_still(self) -> str:
        """The same, also where its link was not there for a while: one that is being loaded has none."""
        return self.pointed_picture() or ("" if self.textCursor().hasSelection() else self._pointed)

    def show_picture(self, number: int) -> None:
        """Scroll to a picture of the page, where it is not in view, and point at what is said below it."""
        places = self._places(f"{_PICTURE}{number}")
        if places:
            self.setTextCursor(self._over(places[0][0], places[0][0]))
            self.ensureCursorVisible()
            self._point(f"{_PICTURE}{number}")

    def _point(self, address: str) -> None:
        """Select a picture's link in words, as Tab does, so that Enter presses it again in another document of the same
        page; a selected picture would show in other colours.
        """
        places = self._places(address)
        if places:
            place = self.verticalScrollBar().value()
            self.setTextCursor(self._over(*places[-1]))
            self.verticalScrollBar().setValue(place)

    def _places(self, address: str) -> list[tuple[int, int]]:
        """Where in the text a link stands, from and to."""
        found = []
        block = self.document().begin()
        while block.isValid():
            for part in block:  # type: ignore[attr-defined]  # missing in the stubs
                fragment = part.fragment()
                if fragment.charFormat().anchorHref() == address:
                    found.append((fragment.position(), fragment.position() + fragment.length()))
            block = block.next()
        return found

    def _over(self, start: int, end: int) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Nothing: our drawings come from the document itself."""
        del kind, name
        return None

    def marked_text(self) -> str:
        """What the person has selected, as plain text without our drawings."""
        return self.textCursor().selection().toPlainText().replace(" \ufffc", "").replace("\ufffc", "")

    def read_on(self) -> bool:
        """Scroll by a page; ``False`` at the end."""
        bar = self.verticalScrollBar()
        if bar.value() >= bar.maximum():
            return False
        bar.setValue(bar.value() + bar.pageStep() - 40)
        return True

    def _pressed(self, url: QUrl) -> None:
        number = url.path().removeprefix(ADDRESS) if url.scheme() == "marquee" else ""
        if number.isdigit():
            self.picture.emit(int(number))
        elif url.scheme() == "marquee" and url.path().startswith(FIND):
            self.mark_pressed.emit(url.path().removeprefix(FIND))
        elif url.scheme() == "marquee":
            self.unfold.emit(url.path())
        else:
            self.link.emit(url.toString())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, then tell that what is shown has been before somebody's eyes."""
        super().paintEvent(event)
        self.painted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the width for which documents are laid out."""
        self.resized.emit(self.viewport().width())
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scrolling and copying; Enter on a link that Tab has come to asks as a click does."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            cursor = self.textCursor()
            address = cursor.charFormat().anchorHref() if cursor.hasSelection() else ""
            event.setAccepted(bool(address))
            if address:
                self._pressed(QUrl(address))
            return
        if event.key() == Qt.Key.Key_Backspace:
            event.ignore()
            return
        super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes from link to link, and tells of each what the mouse would tell; Qt does not."""
        moved = super().focusNextPrevChild(forward)
        cursor = self.textCursor()
        address = cursor.charFormat().anchorHref() if moved and cursor.hasSelection() else ""
        self.pointed.emit(_shown(QUrl(address)))
        return moved

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Follow links with the left button only."""
        if event.button() is Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of the item instead of the browser's own."""
        self.menu_wanted.emit(event.globalPos())


def _shown(url: QUrl) -> str:
    """What the status bar says of a link: its address in full, or why a find is marked."""
    if url.scheme() == "marquee" and url.path().startswith(FIND):
        return url.fragment(QUrl.ComponentFormattingOption.FullyDecoded)
    return "" if url.isEmpty() or url.scheme() == "marquee" else url.toString()
