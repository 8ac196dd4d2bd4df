"""Beside the draft: the private answers that it may come from, and what was struck out of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from moderation.text import neutralise, one_line
from resources.messages import known
from views.painting import AUDIENCE_ICON, EDGE, Pen, audience_edge
from views.surface import Surface
from views.theme import Theme
from views.words import Words

if TYPE_CHECKING:
    from moderation.bringing import Candidate, Proposal, Struck

from moderation.findings import Audience

_MOST_STRUCK = 12


class WhoReads(Surface):
    """The band that says who will read it: the public's edge, icon, word, and where."""

    ground = "public_tint"
    lines = "b"

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.fix_height(theme.height("audience_band", "small"))
        self.where = ""

    def show_where(self, where: str) -> None:
        """Forum and thread."""
        self.where = where
        self.setAccessibleName(f"{self.words.audience(Audience.PUBLIC)}: {where}")
        self.update()

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Edge, icon, word, sentence."""
        audience_edge(painter, self.theme, QRect(0, 0, EDGE, rect.height()), Audience.PUBLIC)
        pen = Pen(painter, self.theme, rect.adjusted(EDGE + 12, 0, -12, 0))
        pen.icon_left(AUDIENCE_ICON[Audience.PUBLIC], "public")
        pen.left(self.words.audience(Audience.PUBLIC), "small", "public", weight=600)
        pen.left(self.where, "small", "text")


class Answers(QWidget):
    """``chosen``: other answers were ticked (ids)."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._filling = False
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 12, 10)
        column.setSpacing(6)
        self.title = self._label(words.say("bring_choose"), theme, "text", 600)
        self.hint = self._label(words.say("bring_choose_hint"), theme, "text2")
        self.list = QListWidget(self)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setWordWrap(True)
        self.list.setSpacing(2)
        palette = self.list.palette()
        palette.setColor(palette.ColorRole.Base, theme.colour("raised"))
        self.list.setPalette(palette)
        self.list.setFont(theme.font("small"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.title.text())
        self.list.installEventFilter(self)
        self.list.itemChanged.connect(self._ticked)
        self.none = self._label(words.say("bring_no_answer"), theme, "text2")
        self.struck_title = self._label(words.say("bring_struck"), theme, "text", 600)
        self.struck = self._label("", theme, "text2")
        for widget in (self.title, self.hint, self.none):
            column.addWidget(widget)
        column.addWidget(self.list, 1)
        column.addWidget(self.struck_title)
        column.addWidget(self.struck)

    def _label(self, text: str, theme: Theme, colour: str, weight: int | None = None) -> QLabel:
        label = QLabel(text, self)
        label.setFont(theme.font("small", weight))
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        palette = label.palette()
        palette.setColor(palette.ColorRole.WindowText, theme.colour(colour))
        label.setPalette(palette)
        return label

    def show_proposal(self, proposal: "Proposal") -> None:
        """The answers of this case, and what was struck out of the proposal."""
        self._filling = True
        self.list.clear()
        for candidate in proposal.candidates:
            self._add(candidate)
        self._filling = False
        self.none.setVisible(not proposal.candidates)
        self.hint.setVisible(bool(proposal.candidates))
        self.list.setVisible(bool(proposal.candidates))
        self.show_struck(proposal.struck)

    def _add(self, candidate: "Candidate") -> None:
        message = candidate.message
        at = self._words.day(message.at) + " " + self._words.clock(message.at)
        head = f"{neutralise(message.author_name)} · {at}"
        item = QListWidgetItem(f"{head}\n{one_line(message.text, 150)}", self.list)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if candidate.chosen else Qt.CheckState.Unchecked)
        item.setData(Qt.ItemDataRole.UserRole, message.id)
        item.setToolTip(neutralise(message.text[:2000]))

    def show_struck(self, struck: "Sequence[Struck]") -> None:
        """What was struck out, with why."""
        lines = [self._line(one) for one in struck[:_MOST_STRUCK]]
        if len(struck) > _MOST_STRUCK:
            lines.append(f"+ {len(struck) - _MOST_STRUCK}")
        self.struck.setText("\n".join(lines) or self._words.say("bring_struck_none"))

    def _line(self, one: "Struck") -> str:
        kind = f"private_kind_{one.kind}"
        what = self._words.say(kind) if known(kind) else self._words.say("kind_private_name")
        why = f"private_reason_{one.reason}"
        reason = f" · {self._words.say(why)}" if one.reason and known(why) else ""
        return f"{what}  {one.masked}{reason}"

    def ticked(self) -> tuple[str, ...]:
        """Ids of the answers that are ticked."""
        items = [self.list.item(row) for row in range(self.list.count())]
        return tuple(
            str(item.data(Qt.ItemDataRole.UserRole)) for item in items if item.checkState() is Qt.CheckState.Checked
        )

    def _ticked(self, item: QListWidgetItem) -> None:
        del item
        if not self._filling:
            self.chosen.emit(self.ticked())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Space ticks; letters are not searched for."""
        if watched is self.list and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return bool(event.text()) and event.text().isalnum()
        return super().eventFilter(watched, event)
