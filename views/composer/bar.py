"""The bar above the text: as whom it is sent, which voice pack holds, snippets, signs of formatting."""

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from moderation.text import neutralise
from views.composer.editor import AnswerEditor
from views.icons import ICONS
from views.painting import Pen, keycap_width, text_width
from views.surface import Surface
from views.theme import Theme
from views.words import Words

IDENTITY_KEY = "Alt A"
SNIPPET_KEY = "Ctrl J"


class ComposerBar(Surface):
    """``snippet``: a snippet is wanted."""

    lines = "b"
    snippet = Signal()

    def __init__(self, theme: Theme, words: Words, editor: AnswerEditor, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.fix_height(theme.height("audience_strip"))
        self._pack_name = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(6)
        self.said_as = QLabel(self.tr("as"), self)
        self.said_as.setFont(theme.font("small"))
        self.identity = QComboBox(self)
        self.identity.setAccessibleName(self.tr("Send as"))
        self.identity.setToolTip(f"{self.tr('Send as')}  {IDENTITY_KEY}")
        self.identity.setMinimumHeight(theme.height("select"))
        self.pack = QLabel(self)
        self.pack.setFont(theme.font("small"))
        self.pack.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(self.said_as)
        row.addWidget(self.identity)
        row.addSpacing(8 + keycap_width(theme, IDENTITY_KEY) + 8)
        row.addWidget(self.pack, 1)
        for button in self._signs(editor):
            row.addWidget(button)
        self.snippets = self._snippets()
        row.addWidget(self.snippets)
        self._cap = QWidget(self)
        self._cap.setFixedWidth(keycap_width(theme, SNIPPET_KEY))
        row.addWidget(self._cap)
        self._cap.hide()

    def _signs(self, editor: AnswerEditor) -> list[QToolButton]:
        signs: tuple[tuple[str, str, Callable[[], None]], ...] = (
            ("bold", self.tr("Bold"), lambda: editor.wrap("**", "**")),
            ("italic", self.tr("Italic"), lambda: editor.wrap("*", "*")),
            ("code", self.tr("Code"), lambda: editor.wrap("`", "`")),
            ("quote", self.tr("Quote"), lambda: editor.prefix("> ")),
            ("list", self.tr("List"), lambda: editor.prefix("- ")),
            ("link", self.tr("Link"), lambda: editor.wrap("[", "](https://)")),
        )
        return [self._sign(*one) for one in signs]

    def _sign(self, icon: str, name: str, call: Callable[[], None]) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setIcon(ICONS.icon(icon, 16, self.theme.colour("text2")))
        button.setFixedSize(28, 28)
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.clicked.connect(call)
        return button

    def _snippets(self) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        name = self.tr("Snippet")
        button.setText(name)
        button.setFont(self.theme.font("small"))
        button.setFixedSize(text_width(self.theme, name, "small") + 16, 28)
        button.setToolTip(f"{name}  {SNIPPET_KEY}")
        button.setAccessibleName(name)
        button.clicked.connect(self.snippet)
        button.hide()
        return button

    # -- what it shows ---------------------------------------------------------------------------------------------
    def for_answer(self, official: str | None, *, as_official: bool) -> None:
        """Oneself, and the company account where it may speak here; first the one that the pack says."""
        self.identity.clear()
        self.identity.addItem(self.tr("Yourself"))
        if official is not None:
            self.identity.addItem(self.tr("{name} (official)").format(name=neutralise(official)))
            self.identity.setCurrentIndex(int(as_official))
        self.identity.setEnabled(official is not None)
        self._show(answering=True)

    def for_note(self) -> None:
        """A note is written by oneself and takes no snippets."""
        self.identity.clear()
        self.show_pack("", snippets=False)
        self._show(answering=False)

    def show_pack(self, name: str, *, snippets: bool) -> None:
        """Name the voice pack that holds, empty for none; ``snippets``: there are some to choose from."""
        self._pack_name = name
        self.snippets.setVisible(snippets)
        self._cap.setVisible(snippets)
        self.pack.setAccessibleName(name)
        self.pack.setToolTip(name)
        self._elide()
        self.update()

    def _show(self, *, answering: bool) -> None:
        for widget in (self.said_as, self.identity):
            widget.setVisible(answering)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A long name gives way."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        metrics, room = self.theme.metrics("small"), max(0, self.pack.width() - 4)
        fits = room >= metrics.horizontalAdvance("……")
        right = Qt.TextElideMode.ElideRight
        self.pack.setText(metrics.elidedText(self._pack_name, right, room) if fits else "")

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """The keys of identity and snippets."""
        if self.identity.isVisible() and self.identity.isEnabled():
            Pen(painter, self.theme, rect.adjusted(self.identity.geometry().right() + 8, 0, 0, 0)).key_left(
                IDENTITY_KEY
            )
        if self.snippets.isVisible():
            Pen(painter, self.theme, rect.adjusted(0, 0, -10, 0)).key_right(SNIPPET_KEY)
