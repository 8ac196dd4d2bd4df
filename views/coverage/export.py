"""Report, tables and pictures in files: what is to be written is asked for, and written off the window's thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import QByteArray, QStandardPaths, Signal
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from moderation.charts.page import Setting, page
from moderation.charts.tables import figures_csv
from moderation.desk import Desk
from moderation.desk.coverage import Seen
from moderation.errors import StoreError
from moderation.goals.telling import sheet
from views.theme import Theme, tokens
from views.words import LANGUAGES, Language, Words

CHARTS = ("heat", "curve", "trend", "top", "numbers")
_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""By which spreadsheets know UTF-8."""


class Kind(StrEnum):
    """What is written."""

    REPORT = "report"
    FORUMS = "forums"
    TABLE = "table"
    PNG = "png"
    SVG = "svg"

    @property
    def suffix(self) -> str:
        """Ending of its file."""
        return {Kind.REPORT: ".html", Kind.PNG: ".png", Kind.SVG: ".svg"}.get(self, ".csv")

    @property
    def of_chart(self) -> bool:
        """True where a chart has to be named."""
        return self in {Kind.TABLE, Kind.PNG, Kind.SVG}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants: the kind, the chart where it is about one, the language of the report, the file."""

    kind: Kind
    chart: str
    language: Language
    path: str


class ExportDialog(QDialog):
    """Kind, chart, language, file. ``wanted`` tells the wish; the dialog is closed then."""

    wanted = Signal(object)

    def __init__(self, theme: Theme, words: Words, now: datetime, parent: QWidget) -> None:
        super().__init__(parent)
        self._words, self._now = words, now
        self.setWindowTitle(words.say("coverage_export"))
        self.setMinimumWidth(520)
        self.kind = self._choice([words.say(f"coverage_export_{kind}") for kind in Kind])
        self.chart = self._choice([words.say(f"coverage_chart_{name}") for name in CHARTS])
        self.language = self._choice([words.say(f"no_language_name_{one}") for one in LANGUAGES])
        self.language.setCurrentIndex(LANGUAGES.index(words.language))
        self.path = QLineEdit(self)
        self.path.setAccessibleName(words.say("coverage_export_file"))
        self.kind.currentIndexChanged.connect(self._follow)
        self._lay_out(theme)
        self._follow()

    def _choice(self, names: list[str]) -> QComboBox:
        box = QComboBox(self)
        box.addItems(names)
        return box

    def _lay_out(self, theme: Theme) -> None:
        words = self._words
        title = QLabel(words.say("coverage_export"), self)
        title.setFont(theme.font("screen"))
        browse = QPushButton(words.say("coverage_export_browse"), self)
        browse.clicked.connect(self._browse)
        file = QHBoxLayout()
        file.addWidget(self.path, 1)
        file.addWidget(browse)
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.addRow(words.say("coverage_export_what"), self.kind)
        form.addRow(words.say("coverage_export_chart"), self.chart)
        form.addRow(words.say("coverage_export_language"), self.language)
        form.addRow(words.say("coverage_export_file"), file)
        buttons = QDialogButtonBox(self)
        self.save = buttons.addButton(words.say("coverage_export_save"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(words.say("coverage_export_cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.save.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(14)
        column.addWidget(title)
        column.addLayout(form)
        column.addWidget(buttons)

    @property
    def _kind(self) -> Kind:
        return list(Kind)[self.kind.currentIndex()]

    def _follow(self) -> None:
        """Only what goes with the kind can be chosen; the file's name follows it."""
        kind = self._kind
        self.chart.setEnabled(kind.of_chart)
        self.language.setEnabled(kind is Kind.REPORT)
        folder = Path(self.path.text()).parent if self.path.text() else Path(_documents())
        self.path.setText(str(folder / f"coverage-{self._now.astimezone():%Y-%m-%d}{kind.suffix}"))

    def _browse(self) -> None:
        dialog = QFileDialog(self, self._words.say("coverage_export"), self.path.text())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(self.path.text())
        dialog.fileSelected.connect(self.path.setText)
        dialog.open()

    def accept(self) -> None:
        """Tell it."""
        chart, language = CHARTS[self.chart.currentIndex()], LANGUAGES[self.language.currentIndex()]
        super().accept()
        self.wanted.emit(Wish(self._kind, chart, language, self.path.text().strip()))


def _documents() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)


def write_report(
    desk: Desk, path: str, seen: Seen, titles: Mapping[str, str], language: Language, working: bool
) -> str:  # fmt: skip
    """Write the report; gives the path. Raises ``StoreError`` ``coverage_report_unwritable``, as all below."""
    words, colours, now = Words(language), tokens()["color"], desk.clock.now()
    style = (files("resources") / "coverage.css").read_text(encoding="utf-8")
    heads = {seen.community: sheet(words.say, desk.goals.standing(seen))}
    light, dark = colours["light"], colours["dark"]
    setting = Setting(words.say, language, lambda at: words.moment(at, now), style, light, dark, working, heads)
    return write_text(desk, path, page(setting, [seen], titles))


def write_forums(desk: Desk, path: str, seen: Seen) -> str:
    """Write all figures of all forums for spreadsheets."""
    return write_text(desk, path, _MARK + figures_csv([seen]))


def write_text(desk: Desk, path: str, text: str) -> str:
    """Write a text."""
    del desk
    try:
        Path(path).expanduser().write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise StoreError("coverage_report_unwritable", path=path, why=error.strerror or type(error).__name__) from error
    return path


def write_picture(desk: Desk, path: str, image: QImage) -> str:
    """Write a picture."""
    del desk
    writer = QImageWriter(path, QByteArray(b"png"))
    if not writer.write(image):
        raise StoreError("coverage_report_unwritable", path=path, why=writer.errorString())
    return path


def marked(text: str) -> str:
    """A table's text as spreadsheets know it for UTF-8."""
    return _MARK + text
