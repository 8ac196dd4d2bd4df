"""What the dialogue of going private consists of: panes, a sentence at the foot, buttons, keys. It does no work."""

from collections.abc import Callable

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from moderation.text import one_line
from views import timers
from views.connect.parts import Text
from views.convert.case_pane import CasePane
from views.convert.choices import ChoicePane
from views.convert.parts import KeyButton, ground
from views.convert.plan_pane import BackPane, PlanPane
from views.painting import hairline
from views.session import Session
from views.words import Words

_SIZE, _MARGIN, _NARROW = QSize(1080, 688), 40, 1000


class ConvertFrame(QDialog):
    """Widgets that are made anew when colours or language change; :meth:`compose` makes them."""

    def __init__(self, session: Session, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.session, self.title, self.theme = session, title, session.theme
        room = parent.size()
        grown = _SIZE * (100 + max(100, self.theme.scale)) / 200
        self.resize(min(grown.width(), room.width() - _MARGIN), min(grown.height(), room.height() - _MARGIN))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._body = QWidget(self)
        self.compose()

    def compose(self) -> None:
        """Make all widgets, in the colours and the language of now."""
        self._body.hide()
        self._body.deleteLater()
        self._body = body = QWidget(self)
        theme = self.theme
        self.words = words = Words(theme.language)
        say = words.say
        self.entitle("convert_title", self.title)
        ground(self, theme, "surface")
        self.choices = ChoicePane(theme, words, body)
        self.choices.narrow(narrow=self.width() < _NARROW)
        self.plan_pane, self.case_pane = PlanPane(theme, words, body), CasePane(theme, words, body)
        self.back_pane = BackPane(theme, words, body)
        self.right = QStackedWidget(body)
        for pane in (self.plan_pane, self.case_pane, self.back_pane):
            self.right.addWidget(pane)
        self.said = Text(theme, say("convert_reading"), "small", "text2", body)
        undo, icon = say("convert_undo"), "arrow-back-up"
        self.take_all_back = KeyButton(theme, undo, say("convert_key_undo"), icon=icon, parent=body)
        self.check = KeyButton(theme, say("convert_check"), say("convert_key_check"), parent=body)
        self.aside = KeyButton(theme, say("convert_close"), say("convert_key_close"), parent=body)
        self.cancel = KeyButton(theme, say("convert_cancel"), "Esc", parent=body)
        self.dry = KeyButton(theme, say("convert_dry"), say("convert_key_dry"), parent=body)
        self.go = KeyButton(theme, say("convert_shape_continue"), say("convert_key_go"), primary=True, parent=body)
        self._lay_out(body)

    def _lay_out(self, body: QWidget) -> None:
        upper = QHBoxLayout()
        upper.setSpacing(0)
        upper.addWidget(self.choices)
        upper.addWidget(self.right, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 10, 16, 12)
        foot.setSpacing(8)
        foot.addWidget(self.said, 1)
        for button in (self.take_all_back, self.check, self.aside, self.cancel, self.dry, self.go):
            foot.addWidget(button)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addLayout(upper, 1)
        column.addLayout(foot)
        self._column.addWidget(body)

    def entitle(self, code: str, title: str) -> None:
        """Name the dialogue after its thread."""
        self.setWindowTitle(self.words.say(code, title=one_line(title, 80)))

    def key(self, key: str, call: Callable[[], None]) -> None:
        """What a key of the dialogue does."""
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.activated.connect(call)

    def press(self, button: KeyButton) -> None:
        """Press a button by its key, if it stands there."""
        if button.isVisible() and button.isEnabled():
            button.click()

    def timer(self, after: int, call: Callable[[], None], *, once: bool = True) -> QTimer:
        """A timer that is not running yet; ``after`` in milliseconds."""
        return timers.timer(self, after, call, once=once)

    def say(self, text: str, colour: str, *, aloud: bool = True) -> None:
        """A sentence at the foot, said to people who cannot see it."""
        if text == self.said.text():
            return
        self.said.colour(colour)
        self.said.setText(text)
        self.said.setAccessibleName(text)
        if aloud:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.said, text))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line above the foot."""
        super().paintEvent(event)
        foot = self.choices.geometry().bottom() + 1
        hairline(QPainter(self), self.theme, 0, foot, self.width(), foot)
