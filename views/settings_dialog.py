"""Settings of the window: text size, rows, colours, language, motion. Each takes effect at once."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from views.settings import SCALES, PictureChoice, Preferences
from views.theme import Scheme, Theme
from views.words import LANGUAGES, Words

_PICTURES = (PictureChoice.ASKED, PictureChoice.BLURRED, PictureChoice.SHOWN)
_SCHEMES = (Scheme.SYSTEM, Scheme.LIGHT, Scheme.DARK, Scheme.CONTRAST)


class SettingsDialog(QDialog):
    """``chosen`` tells the preferences after each change; ``usual_keys`` that own keys are to be forgotten."""

    chosen = Signal(object)
    usual_keys = Signal()

    def __init__(self, now: Preferences, theme: Theme, words: Words, parent: QWidget) -> None:
        super().__init__(parent)
        self._now = now
        self.setWindowTitle(self.tr("Settings"))
        self.setMinimumWidth(440)
        self.scale = self._choice([f"{scale} %" for scale in SCALES], SCALES.index(now.scale))
        self.scheme = self._choice(
            [self.tr("As the system"), self.tr("Light"), self.tr("Dark"), self.tr("High contrast")],
            _SCHEMES.index(now.scheme),
        )
        names = [words.say(f"no_language_name_{language}") for language in LANGUAGES]
        self.language = self._choice(names, LANGUAGES.index(now.language))
        self.pictures = self._choice(
            [
                self.tr("Not loaded until asked for, then blurred"),
                self.tr("Loaded from the community itself, blurred"),
                self.tr("Loaded from the community itself, shown"),
            ],
            _PICTURES.index(now.pictures),
        )
        self.compact = self._tick(self.tr("Compact rows, one line each"), now.compact)
        self.status_colours = self._tick(
            self.tr("Colours for states (icons and words say the same)"), now.status_colours
        )
        self.reduced_motion = self._tick(self.tr("Less motion: pies move once a second"), now.reduced_motion)
        self._lay_out(theme)

    def _choice(self, names: Sequence[str], current: int) -> QComboBox:
        box = QComboBox(self)
        box.addItems(names)
        box.setCurrentIndex(current)
        box.currentIndexChanged.connect(self._changed)
        return box

    def _tick(self, label: str, on: bool) -> QCheckBox:
        box = QCheckBox(label, self)
        box.setChecked(on)
        box.toggled.connect(self._changed)
        return box

    def _lay_out(self, theme: Theme) -> None:
        title = QLabel(self.tr("Settings"), self)
        title.setFont(theme.font("screen"))
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.addRow(self.tr("Text size"), self.scale)
        form.addRow(self.tr("Colours"), self.scheme)
        form.addRow(self.tr("Language"), self.language)
        form.addRow(self.tr("Pictures in posts"), self.pictures)
        for box in (self.compact, self.status_colours, self.reduced_motion):
            form.addRow("", box)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(14)
        column.addWidget(title)
        column.addLayout(form)
        column.addWidget(self._buttons())

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(self)
        keys = buttons.addButton(self.tr("Usual keys"), QDialogButtonBox.ButtonRole.ResetRole)
        close = buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.AcceptRole)
        close.setDefault(True)
        keys.clicked.connect(self.usual_keys)
        buttons.accepted.connect(self.accept)
        return buttons

    def _changed(self) -> None:
        self._now = Preferences(
            scale=SCALES[self.scale.currentIndex()],
            compact=self.compact.isChecked(),
            scheme=_SCHEMES[self.scheme.currentIndex()],
            language=LANGUAGES[self.language.currentIndex()],
            status_colours=self.status_colours.isChecked(),
            reduced_motion=self.reduced_motion.isChecked(),
            pictures=_PICTURES[self.pictures.currentIndex()],
        )
        self.chosen.emit(self._now)
