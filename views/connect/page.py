"""What the pages of the sheet have in common."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from views.theme import Theme
from views.words import Words


class Page(QWidget):
    """One step. ``changed``: :attr:`ready` may be another now; ``does``: a link of the page was followed, by name."""

    changed = Signal()
    does = Signal(str)

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme, self.words = theme, words

    @property
    def next(self) -> str:
        """What the button says that leads on; empty where nothing is pressed."""
        return self.words.say("connect_continue")

    @property
    def ready(self) -> bool:
        """True when the button that leads on can be pressed."""
        return True

    def begin(self) -> None:
        """The page is shown: typing goes to its first field."""

    def again(self) -> None:
        """Something was wrong: typing goes where it is put right."""
        self.begin()

    def leave(self) -> None:
        """The page is not shown any more: no secret stays in it."""


class Pages(QWidget):
    """Holds the pages and shows one: it is as high as that one, not as the highest of all."""

    def __init__(self, pages: tuple[Page, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.current = pages[0]
        for page in pages:
            column.addWidget(page)
            page.setVisible(page is self.current)

    def show_page(self, page: Page) -> None:
        """Show another one."""
        self.current.hide()
        self.current = page
        page.show()
