"""The red band over everything while a text can be read that should be gone: where, for how long, and the one key."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from moderation.desk.proving import Alarm
from views.painting import EDGE, Pen
from views.proof.words import places
from views.registry import Registry
from views.surface import Surface
from views.theme import Theme
from views.words import Words


class AlarmBand(Surface):
    """Hidden while there is nothing to say. ``pressed``: the proof that it speaks of is to be shown."""

    pressed = Signal()
    ground = "danger_tint"
    lines = "b"

    def __init__(self, theme: Theme, words: Words, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self._registry = registry
        self.fix_height(theme.grown(36, "body"))
        self.head, self.text = "", ""
        self.readable = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def show_alarm(self, alarm: Alarm, seconds: float) -> None:
        """Say what needs a person; ``seconds`` is for how long the first text could be read."""
        words = self.words
        self.readable = bool(alarm.readable)
        if alarm.readable:
            first = alarm.readable[0]
            self.head = words.count("proof_alarm", len(alarm.readable))
            self.text = words.say("proof_alarm_where", places=places(first, words), span=words.span(seconds, parts=2))
        elif alarm.incidents:
            self.head = words.count("proof_to_close", len(alarm.incidents))
            gone = alarm.incidents[0].gone_at is not None
            self.text = words.say("proof_gone_after" if gone else "proof_ended", span=words.span(seconds, parts=2))
        elif alarm.overdue:
            self.head = words.count("proof_late", len(alarm.overdue))
            self.text = words.say("proof_late_why")
        else:
            self.head = self.text = ""
        self.setVisible(bool(self.head))
        self.setAccessibleName(self.head)
        self.setAccessibleDescription(self.text)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the proof."""
        del event
        self.pressed.emit()

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Edge, icon, sentence; the keys at the right."""
        colour = "danger" if self.readable else "staff"
        painter.fillRect(QRect(rect.left(), rect.top(), EDGE, rect.height()), self.theme.colour(colour))
        pen = Pen(painter, self.theme, rect.adjusted(EDGE + 12, 0, -14, 0))
        for verb in ("show_proof", "hide_seen") if self.readable else ("show_proof",):
            pen.right(self._registry.label(verb).removesuffix("…"), "small", "text", weight=600, gap=6)
            pen.key_right(self._registry.key(verb), gap=14)
        pen.icon_left("alert-octagon", colour, 18, gap=10)
        pen.left(self.head, "body", colour, weight=600, gap=12)
        pen.left(self.text, "small", "text")
