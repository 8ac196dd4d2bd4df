"""What was asked, as whom, and what came back: the table of a proof, with the evidence of the row at hand."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from moderation.proof import Answer, Incident, Proof
from views.convert.parts import KeyButton
from views.icons import ICONS
from views.proof.words import Row, rows, standing
from views.sheet import SHADOW, Sheet
from views.sheet_table import SheetTable
from views.theme import Theme
from views.words import Words

_WIDTH, _HEIGHT = 1040, 620
_WIDE = (3, 4)
"""Columns that share the room that is left: the address, and what was seen or why."""
_ICONS = {Answer.VISIBLE: "eye", Answer.COULD_NOT_CHECK: "help-circle", Answer.HIDDEN: "eye-off"}
_COLOURS = {Answer.VISIBLE: "danger", Answer.COULD_NOT_CHECK: "staff", Answer.HIDDEN: "customer"}


class ProofSheet(Sheet):
    """``again``: check now. ``closing``: close the incident for the reason that was written (and whether what is seen
    is said not to be the text).
    """

    again = Signal(str)
    closing = Signal(str, str, bool)

    def __init__(self, theme: Theme, words: Words, window: QWidget) -> None:
        super().__init__(theme, window)
        self._words = words
        self._proof: Proof | None = None
        self._incident: Incident | None = None
        self._rows: Sequence[Row] = ()
        self._accepting = False
        self.title = QLabel(words.say("proof_title"), self)
        self.title.setFont(theme.font("pane"))
        self.stands = QLabel(self)
        self.stands.setWordWrap(True)
        self.stands.setTextFormat(Qt.TextFormat.PlainText)
        self.table = self._made_table(theme)
        self.evidence = QLabel(self)
        self.evidence.setWordWrap(True)
        self.evidence.setTextFormat(Qt.TextFormat.PlainText)
        self.evidence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.evidence.setMinimumHeight(theme.grown(40, "small"))
        self.check = KeyButton(theme, words.say("proof_check_now"), "R", parent=self)
        self.check.clicked.connect(self._ask_again)
        self.reason = QLineEdit(self)
        self.reason.setPlaceholderText(words.say("proof_close_reason"))
        self.reason.setAccessibleName(words.say("proof_close_reason"))
        self.close_button = KeyButton(theme, words.say("proof_close"), "Ctrl ↵", parent=self)
        self.close_button.clicked.connect(self._close_incident)
        self.leave = KeyButton(theme, words.say("proof_leave"), "Esc", parent=self)
        self.leave.clicked.connect(self.reject)
        self._lay_out()

    def _made_table(self, theme: Theme) -> SheetTable:
        titles = [self._words.say(f"proof_col_{name}") for name in ("answer", "what", "as", "place", "why", "at")]
        table = SheetTable(theme, self._words.say("proof_title"), titles, _WIDE, self, role="small", height=28)
        table.does = {Qt.Key.Key_R: self._ask_again}
        table.currentCellChanged.connect(lambda row, *_: self._show_evidence(row))
        return table

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SHADOW + 18, SHADOW + 14, SHADOW + 18, SHADOW + 14)
        column.setSpacing(8)
        foot = QHBoxLayout()
        foot.addWidget(self.reason, 1)
        foot.addWidget(self.close_button)
        foot.addStretch(0)
        foot.addWidget(self.check)
        foot.addWidget(self.leave)
        for widget in (self.title, self.stands, self.table, self.evidence):
            column.addWidget(widget, 1 if widget is self.table else 0)
        column.addLayout(foot)

    @property
    def proof(self) -> str:
        """Id of the proof that is shown, empty for none."""
        return self._proof.id if self._proof is not None and self.isVisible() else ""

    def show_proof(self, proof: Proof, incident: Incident | None, now: datetime) -> None:
        """Open it, or fill it anew while it is open."""
        at = self.table.currentRow()
        self._accepting = False
        self.close_button.setText(self._words.say("proof_close"))
        self._proof, self._incident, self._rows = proof, incident, rows(proof, self._words, now)
        self.stands.setText(standing(proof, self._words, now))
        self.setAccessibleName(f"{self.title.text()}: {self.stands.text()}")
        self._fill()
        for widget in (self.reason, self.close_button):
            widget.setVisible(incident is not None and incident.open)
        if not self.isVisible():
            width, height = min(_WIDTH, self.host.width() - 60), min(_HEIGHT, self.host.height() - 80)
            self.open_at(QRect((self.host.width() - width) // 2, (self.host.height() - height) // 2, width, height))
        self.table.go_to(at)
        self._show_evidence(self.table.currentRow())

    def focus_first(self) -> None:
        """Arrows move in the table."""
        self.table.setFocus()

    def _fill(self) -> None:
        self.table.setRowCount(len(self._rows))
        for number, row in enumerate(self._rows):
            cells = self.table.put(number, (row.said, row.what, row.viewer, row.place, row.why, row.at))
            colour = self.theme.colour(_COLOURS[row.answer])
            cells[0].setIcon(ICONS.icon(_ICONS[row.answer], 16, colour))
            cells[0].setForeground(colour)

    def _show_evidence(self, row: int) -> None:
        self.evidence.setText(self._rows[row].evidence if 0 <= row < len(self._rows) else "")

    def _ask_again(self) -> None:
        if self._proof is not None:
            self.again.emit(self._proof.id)

    def _close_incident(self) -> None:
        """While something is seen, a second press says that it is not the text."""
        if self._incident is None or self._proof is None:
            return
        self.closing.emit(self._incident.id, self.reason.text(), self._accepting)
        self._accepting = bool(self._proof.verdict.visible) and bool(self.reason.text().strip())
        self.close_button.setText(self._words.say("proof_close_all_the_same" if self._accepting else "proof_close"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl and Enter close the incident, wherever the focus is."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and control and self.close_button.isVisible():
            self._close_incident()
            event.accept()
            return
        super().keyPressEvent(event)
