"""Parts of the dialogue: buttons with their key, radio rows, headings, lines with an icon, the frame of the pointer."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from moderation.findings import Audience
from views.connect.parts import Text
from views.convert.words import SaidLine
from views.icons import ICONS
from views.painting import (
    EDGE,
    Pen,
    audience_edge,
    draw_icon,
    elided,
    focus_ring,
    keycap,
    keycap_height,
    keycap_width,
    text_width,
)
from views.theme import Theme
from views.words import Words


def ground(widget: QWidget, theme: Theme, token: str) -> None:
    """Fill a widget with a token's colour."""
    palette = widget.palette()
    palette.setColor(QPalette.ColorRole.Window, theme.colour(token))
    widget.setPalette(palette)
    widget.setAutoFillBackground(True)


def scrolling(area: QScrollArea, theme: Theme) -> QWidget:
    """Let an area scroll downwards, without a frame and past the keys; gives what is to be filled."""
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    inner = QWidget(area)
    ground(inner, theme, "surface")
    area.setWidget(inner)
    return inner


def section(theme: Theme, text: str, parent: QWidget) -> Text:
    """The heading of a part."""
    return Text(theme, text, "label", "text2", parent)


class KeyButton(QPushButton):
    """A word, maybe an icon, and the key that presses it; filled where it comes next and harms nobody."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        key: str = "",
        *,
        primary: bool = False,
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._theme, self.key, self.primary, self._icon = theme, key, primary, icon
        self.setAutoDefault(False)
        self.setDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleDescription(key)

    def say(self, text: str, *, primary: bool | None = None, key: str | None = None, icon: str | None = None) -> None:
        """Another word, look, key or icon."""
        self.primary = self.primary if primary is None else primary
        self.key = self.key if key is None else key
        self._icon = self._icon if icon is None else icon
        self.setAccessibleDescription(self.key)
        self.setText(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for icon, words and key."""
        width = text_width(self._theme, self.text(), "body", 500) + 24 + (22 if self._icon else 0)
        width += keycap_width(self._theme, self.key) + 8 if self.key else 0
        return QSize(width, self._theme.height("button"))

    def minimumSizeHint(self) -> QSize:
        """It is never squeezed."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        del event
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        filled, on = self.primary and self.isEnabled(), self.isEnabled()
        painter.setPen(Qt.PenStyle.NoPen if filled else theme.pen("line_strong" if on else "line"))
        hovered = on and (self.underMouse() or self.isDown())
        painter.setBrush(theme.colour("ink" if filled else "hover" if hovered else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        colour = "on_ink" if filled else "text" if on else "text_disabled"
        left, middle = 12, self.height() // 2
        if self._icon:
            draw_icon(painter, theme, self._icon, QPoint(left, middle - 8), 16, colour)
            left += 22
        painter.setFont(theme.font("body", 500))
        painter.setPen(theme.colour(colour))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        width = text_width(theme, self.text(), "body", 500)
        painter.drawText(QRect(left, 0, width + 4, self.height()), flags, self.text())
        if self.key:
            height = keycap_height(theme)
            box = QRect(left + width + 8, middle - height // 2, keycap_width(theme, self.key), height)
            if filled:
                keycap(painter, theme, box, self.key, text="on_ink", border="text3", fill=None)
            else:
                keycap(painter, theme, box, self.key, text="text2" if on else "text_disabled")
        if self.hasFocus():
            focus_ring(painter, theme, self.rect())


class ShapeRow(QRadioButton):
    """One of the shapes: its name, and below it what becomes of the thread."""

    def __init__(self, theme: Theme, title: str, more: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._theme, self._more = theme, more
        self.setAccessibleDescription(more)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(120, self._theme.grown(46, "body", 2))

    def hitButton(self, at: QPoint) -> bool:
        """The whole row."""
        return self.rect().contains(at)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, circle, two lines."""
        del event
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("selected" if self.isChecked() else "hover"))
            painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        on = self.isEnabled()
        painter.setPen(theme.pen("text" if on else "text_disabled", 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        first = QRect(36, 4, self.width() - 44, self.height() // 2 - 3)
        circle = QRectF(11, first.center().y() - 6, 13, 13)
        painter.drawEllipse(circle)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("text" if on else "text_disabled"))
            painter.drawEllipse(circle.adjusted(3, 3, -3, -3))
        Pen(painter, theme, first).left(self.text(), "body", "text", weight=600 if self.isChecked() else 400)
        Pen(painter, theme, first.translated(0, self.height() // 2 - 4)).left(self._more, "small", "text2")
        if self.hasFocus():
            focus_ring(painter, theme, self.rect())


class SaidLines(QWidget):
    """Sentences with an icon, each wrapping; with heads in a column of their own where they have any."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(2, 1)
        self.lines: Sequence[SaidLine] = ()

    def show_lines(self, lines: Sequence[SaidLine]) -> None:
        """Show these instead."""
        self.lines = lines
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        top = Qt.AlignmentFlag.AlignTop
        for row, line in enumerate(lines):
            icon = QLabel(self)
            icon.setPixmap(ICONS.pixmap(line.icon, 14, self._theme.colour(line.colour), self.devicePixelRatioF()))
            icon.setContentsMargins(0, max(2, (self._theme.metrics("small").height() - 14) // 2), 4, 0)
            self._grid.addWidget(icon, row, 0, top)
            text = Text(self._theme, line.text, "small", "text2" if line.head else "text", self)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            if line.head:
                head = Text(self._theme, line.head, "small", "text", self)
                head.setFont(self._theme.font("small", 600))
                head.setWordWrap(False)
                self._grid.addWidget(head, row, 1, top)
                self._grid.addWidget(text, row, 2, top)
            else:
                self._grid.addWidget(text, row, 1, 1, 2, top)
        self.setAccessibleName("\n".join(f"{line.head} {line.text}".strip() for line in lines))


class _Editor(QPlainTextEdit):
    """Escape leaves the editing, not the dialogue."""

    left = Signal()

    def event(self, event: QEvent) -> bool:
        """Escape is not a shortcut of the dialogue while something is typed."""
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if event.type() is QEvent.Type.ShortcutOverride and escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape ends it."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)


class PointerFrame(QWidget):
    """The pointer as everybody will read it, with its checks; ``edited`` tells another text while it is typed."""

    edited = Signal(str)

    def __init__(self, theme: Theme, words: Words, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._words = theme, words
        self._who, self._said, self._colour = "", "", "customer"
        self.edit = KeyButton(theme, words.say("convert_edit"), words.say("convert_key_edit"), parent=self)
        self.text = Text(theme, "", "post", "text", self)
        self.editor = _Editor(self)
        self.editor.setFont(theme.font("post"))
        self.editor.setAccessibleName(words.say("convert_stays"))
        self.editor.setTabChangesFocus(True)
        self.editor.setFixedHeight(theme.line("post") * 4 + 12)
        self.editor.hide()
        self._bar = theme.grown(34, "small")
        top = QHBoxLayout()
        top.setContentsMargins(0, 2, 6, 2)
        top.addStretch(1)
        top.addWidget(self.edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(EDGE + 12, 1, 2, 10)
        column.setSpacing(8)
        column.addLayout(top)
        for part in (self.text, self.editor):
            column.addWidget(part)
        self.edit.clicked.connect(self.toggle)
        self.editor.left.connect(self.leave)
        self.editor.textChanged.connect(self._typed)

    @property
    def editing(self) -> bool:
        """True while the text is being typed."""
        return not self.editor.isHidden()

    def show_pointer(self, text: str, who: str, said: str, colour: str) -> None:
        """Show it, and what the checks say; what is being typed stays as it is."""
        self._who, self._said, self._colour = who, said, colour
        self.text.setText(text)
        if not self.editing:
            self.editor.blockSignals(True)
            self.editor.setPlainText(text)
            self.editor.blockSignals(False)
        self.setAccessibleName(f"{self._words.say('convert_stays')}: {text}")
        self.setAccessibleDescription(f"{who} {said}")
        self.setToolTip(said)
        self.update()

    def toggle(self) -> None:
        """Begin to edit, or end it."""
        if self.editing:
            self.leave()
            return
        self.text.hide()
        self.editor.show()
        self.editor.setFocus()
        self.edit.say(self._words.say("convert_edit_done"))

    def leave(self) -> None:
        """Show it as it will be read."""
        if not self.editing:
            return
        self.editor.hide()
        self.text.show()
        self.edit.say(self._words.say("convert_edit"))
        self.edit.setFocus()

    def _typed(self) -> None:
        self.edited.emit(self.editor.toPlainText())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Edge, tinted head, frame."""
        del event
        theme, painter = self._theme, QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        head = QRect(EDGE, 0, self.width() - EDGE, self.edit.geometry().bottom() + 4)
        painter.fillRect(head, theme.colour("public_tint"))
        painter.setPen(theme.pen("line"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        audience_edge(painter, theme, QRect(0, 0, EDGE, self.height()), Audience.PUBLIC)
        room = head.adjusted(12, 0, -(self.width() - self.edit.x()) - 8, 0)
        pen = Pen(painter, theme, room)
        pen.icon_left("world", "public", 16, gap=8)
        pen.left(self._words.audience(Audience.PUBLIC), "body", "public", weight=600, gap=8)
        pen.left(self._who, "small", "text2", gap=6, least=60)
        pen.left(self._said, "small", self._colour)


class Band(QWidget):
    """What can still be read in public, where and since when; or that nothing can. Its button stands at the right."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.colour, self._icon = "danger", "alert-octagon"
        self.head = Text(theme, "", "body", "text", self)
        self.head.setFont(theme.font("pane"))
        self.more = Text(theme, "", "small", "text2", self)
        self.button = KeyButton(theme, "", parent=self)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.head)
        words.addWidget(self.more)
        row = QHBoxLayout(self)
        row.setContentsMargins(EDGE + 46, 12, 16, 12)
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addWidget(self.button)

    def say(self, head: str, more: str, colour: str) -> None:
        """Show two lines; nothing for an empty one."""
        self.colour = colour
        self._icon = {"danger": "alert-octagon", "staff": "help-circle", "customer": "circle-check"}[colour]
        self.head.setText(head)
        self.more.setText(more)
        self.more.setVisible(bool(more))
        self.setAccessibleName(f"{head} {more}".strip())
        self.setVisible(bool(head))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tint, edge, icon."""
        del event
        theme, painter = self._theme, QPainter(self)
        painter.fillRect(self.rect(), theme.colour(f"{self.colour}_tint"))
        painter.fillRect(QRect(0, 0, EDGE, self.height()), theme.colour(self.colour))
        draw_icon(painter, theme, self._icon, QPoint(EDGE + 16, (self.height() - 20) // 2), 20, self.colour)


def line_in(painter: QPainter, theme: Theme, rect: QRect, text: str, role: str, colour: str, weight: int) -> None:
    """One line, cut where it does not fit."""
    painter.setFont(theme.font(role, weight))
    painter.setPen(theme.colour(colour))
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(rect, flags, elided(theme.metrics(role, weight), text, rect.width()))
