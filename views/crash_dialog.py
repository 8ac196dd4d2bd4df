"""The crash dialogue: what is safe, what can be sent, and no more than that."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from views.outside import copy
from views.theme import Theme


class CrashDialog(QDialog):
    """Shows a report that somebody else has written, free of secrets and of what members wrote.

    ``kept`` is where the report lies, empty where it could not be kept. Open with :meth:`open`, never ``exec``.
    """

    def __init__(self, report: str, kept: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report = report
        self.setWindowTitle(self.tr("Something went wrong in Marquee"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(560)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        title = QLabel(self.tr("Something went wrong in Marquee"), self)
        title.setFont(theme.font("screen"))
        safe = QLabel(
            self.tr(
                "This is a fault of the program, not yours. Decisions and drafts are kept and are sent by the engine "
                "as before. You can go on; if the window behaves strangely, close it and open it again."
            ),
            self,
        )
        safe.setWordWrap(True)
        where = QLabel(
            self.tr("The report lies in {path}. Nothing is sent by itself.").format(path=kept)
            if kept
            else self.tr("The report could not be written to the disk. Nothing is sent by itself."),
            self,
        )
        where.setWordWrap(True)
        where.setTextFormat(Qt.TextFormat.PlainText)
        self.details = QPlainTextEdit(report, self)
        self.details.setReadOnly(True)
        self.details.setAccessibleName(self.tr("Details"))
        self.details.setMinimumHeight(160)
        self.details.hide()
        buttons = QDialogButtonBox(self)
        self.show_details = buttons.addButton(self.tr("Details"), QDialogButtonBox.ButtonRole.ActionRole)
        self.copy = buttons.addButton(self.tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        self.go_on = buttons.addButton(self.tr("Go on"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.go_on.setDefault(True)
        for widget in (title, safe, where, self.details, buttons):
            column.addWidget(widget)
        self.show_details.clicked.connect(lambda: self.details.setVisible(not self.details.isVisible()))
        self.copy.clicked.connect(lambda: copy(self._report))
        buttons.accepted.connect(self.accept)
