"""The right side while it runs and afterwards: what can still be read in public, the proof, its evidence."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from moderation.proof import Standing
from views.connect.parts import Text
from views.convert import proving
from views.convert.parts import Band, SaidLines, scrolling, section
from views.convert.reading import CaseNow
from views.convert.tables import ReaderTable, ReadingTable
from views.convert.words import ReaderLine, SaidLine
from views.theme import Theme
from views.words import Words


class CasePane(QScrollArea):
    """``remedy``: the button of the band was pressed."""

    remedy = Signal()

    def __init__(self, theme: Theme, words: Words, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._words = theme, words
        inner = scrolling(self, theme)
        self.band = Band(theme, inner)
        self.head = Text(theme, "", "small", "text2", inner)
        self.again = Text(theme, "", "small", "text2", inner)
        self.again.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.readings = ReadingTable(theme, words, inner)
        self.shown = section(theme, words.say("convert_evidence"), inner)
        self.evidence = Text(theme, "", "small", "text", inner)
        self.evidence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.evidence.setAccessibleName(words.say("convert_evidence"))
        self.remarks = SaidLines(theme, inner)
        self.past = section(theme, words.say("convert_record"), inner)
        self.record = SaidLines(theme, inner)
        self.who = section(theme, words.say("convert_readers"), inner)
        self.readers = ReaderTable(theme, words, inner)
        self._lay_out(inner)
        self.band.button.clicked.connect(self.remedy)
        self.readings.currentCellChanged.connect(lambda row, *_: self._show_evidence(row))

    def _lay_out(self, inner: QWidget) -> None:
        outer = QVBoxLayout(inner)
        outer.setContentsMargins(0, 0, 0, 12)
        outer.setSpacing(0)
        outer.addWidget(self.band)
        column = QVBoxLayout()
        column.setContentsMargins(18, 12, 18, 0)
        column.setSpacing(8)
        line = QHBoxLayout()
        title = Text(self._theme, self._words.say("convert_proof"), "body", "text", inner)
        title.setFont(self._theme.font("body", 600))
        title.setWordWrap(False)
        for text, stretch in ((title, 0), (self.head, 1), (self.again, 1)):
            line.addWidget(text, stretch)
        line.setSpacing(12)
        column.addLayout(line)
        for widget in self._parts():
            column.addWidget(widget)
        outer.addLayout(column)
        outer.addStretch(1)

    def _parts(self) -> tuple[QWidget, ...]:
        proof = (self.remarks, self.readings, self.shown, self.evidence)
        return (*proof, self.past, self.record, self.who, self.readers)

    def show_case(
        self, now: CaseNow, at: datetime, readers: Sequence[ReaderLine], record: Sequence[SaidLine] = ()
    ) -> None:
        """Show how it stands; ``readers`` of its plan stand there until the proof takes their place, ``record`` once it
        is over.
        """
        words, proof = self._words, now.proof
        self.head.setText(proving.head(now, words, at))
        self.again.setText(proving.again(proof, words, at))
        lines = proving.readings(proof, words) if proof is not None else []
        self.readings.show_readings(lines)
        for widget in (self.readings, self.shown, self.evidence):
            widget.setVisible(bool(lines))
        for part in (self.who, self.readers):
            part.setVisible(bool(readers) and not lines)
        self.readers.show_readers(readers)
        self._show_evidence(self.readings.currentRow())
        waits = self._waits(now, shown=bool(lines))
        self.remarks.show_lines(
            [SaidLine("info-circle" if now.over else "clock", waits, colour="text2")] if waits else []
        )
        self.remarks.setVisible(bool(waits))
        self.record.show_lines(record)
        self.past.setVisible(bool(record))
        self.record.setVisible(bool(record))
        self._band(now, at)
        self.again.setVisible(self.band.colour != "customer" or self.band.isHidden())  # the band says it

    def _waits(self, now: CaseNow, *, shown: bool) -> str:
        """What is to be said of the proof beside its readings, or instead of them."""
        if now.over:
            code = ("convert_proof_was" if shown else "convert_proof_was_none") if now.back else ""
            code = code or ("" if shown else "convert_proof_never")
        elif shown:
            code = ""
        elif now.back:
            code = "convert_proof_ended"
        else:
            code = "convert_proof_checking" if now.proof is not None else "convert_proof_later"
        return self._words.say(code) if code else ""

    def _band(self, now: CaseNow, at: datetime) -> None:
        words, band, proof = self._words, self.band, now.proof
        head, more = proving.leak(now, words, at) if not (now.over and now.back) else ("", "")
        key = words.say("convert_key_go")
        if head:
            band.say(head, more, "danger")
            if len(now.remedy) == 1:
                said = words.say("convert_remedy_one", n=now.numbers.get(now.remedy[0], now.remedy[0].native))
            else:
                said = words.say("convert_remedy", n=len(now.remedy))
            hides = bool(now.remedy)
            icon = "eye-off" if hides else "refresh"
            band.button.say(said if hides else words.say("convert_check"), primary=True, key=key, icon=icon)
        elif now.over and now.back:
            band.say("", "", "customer")  # what was proved holds no longer
        elif proof is not None and proof.checks and proof.standing is Standing.PASSED:
            band.say(words.say("convert_clean", n=len(proof.findings)), proving.again(proof, words, at), "customer")
        elif proof is not None and proof.checks:
            n, open_ = len(proof.findings), len(proof.verdict.unchecked)
            band.say(words.say("proof_stands_unchecked", n=n, open=open_), "", "staff")
        else:
            band.say("", "", "customer")
        band.button.setVisible(bool(head))

    def _show_evidence(self, row: int) -> None:
        lines = self.readings.lines
        self.evidence.setText(lines[row].evidence if 0 <= row < len(lines) else "")
