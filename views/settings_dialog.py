"""Settings of the window: text size, rows, colours, language, motion. Each takes effect at once."""

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
        title = QLabel(self.tr("Settings"), self)
        title.setFont(theme.font("screen"))
        self.scale = QComboBox(self)
        self.scale.addItems([f"{scale} %" for scale in SCALES])
        self.scale.setCurrentIndex(SCALES.index(now.scale))
        self.scheme = QComboBox(self)
        self.scheme.addItems([self.tr("As the system"), self.tr("Light"), self.tr("Dark"), self.tr("High contrast")])
        self.scheme.setCurrentIndex(_SCHEMES.index(now.scheme))
        self.language = QComboBox(self)
        self.language.addItems([words.say(f"no_language_name_{language}") for language in LANGUAGES])
        self.language.setCurrentIndex(LANGUAGES.index(now.language))
        self.pictures = QComboBox(self)
        self.pictures.addItems(
            [
                self.tr("Not loaded until asked for, then blurred"),
                self.tr("Loaded from the community itself, blurred"),
                self.tr("Loaded from the community itself, shown"),
            ]
        )
        self.pictures.setCurrentIndex(_PICTURES.index(now.pictures))
        self.compact = QCheckBox(self.tr("Compact rows, one line each"), self)
        self.compact.setChecked(now.compact)
        self.status_colours = QCheckBox(self.tr("Colours for states (icons and words say the same)"), self)
        self.status_colours.setChecked(now.status_colours)
        self.reduced_motion = QCheckBox(self.tr("Less motion: pies move once a second"), self)
        self.reduced_motion.setChecked(now.reduced_motion)
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.addRow(self.tr("Text size"), self.scale)
        form.addRow(self.tr("Colours"), self.scheme)
        form.addRow(self.tr("Language"), self.language)
        form.addRow(self.tr("Pictures in posts"), self.pictures)
        form.addRow("", self.compact)
        form.addRow("", self.status_colours)
        form.addRow("", self.reduced_motion)
        buttons = QDialogButtonBox(self)
        keys = buttons.addButton(self.tr("Usual keys"), QDialogButtonBox.ButtonRole.ResetRole)
        close = buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.AcceptRole)
        close.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(14)
        column.addWidget(title)
        column.addLayout(form)
        column.addWidget(buttons)
        keys.clicked.connect(self.usual_keys)
        buttons.accepted.connect(self.accept)
        for box in (self.scale, self.scheme, self.language, self.pictures):
            box.currentIndexChanged.connect(self._changed)
        for check in (self.compact, self.status_colours, self.reduced_motion):
            check.toggled.connect(self._changed)

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
