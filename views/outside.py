"""What leads out of the window: addresses of posts, opened only after they were shown in full and agreed to."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

_OPENED = ("http", "https", "mailto")


def ask_to_open(window: QWidget, title: str, address: str, words: tuple[str, str]) -> QMessageBox:
    """Ask before an address of a post is opened; ``words``: the open and the cancel button. Opens without blocking."""
    box = QMessageBox(window)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(title)
    box.setText(title)
    box.setInformativeText(in_full(address))
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    opens = box.addButton(words[0], QMessageBox.ButtonRole.AcceptRole)
    cancel = box.addButton(words[1], QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)
    box.finished.connect(lambda: open_address(address) if box.clickedButton() is opens else None)
    box.open()
    return box


def in_full(address: str) -> str:
    """An address as a person should see it: a host in other letters also as it is really written."""
    real = QUrl(address).host(QUrl.ComponentFormattingOption.FullyEncoded)
    return f"{address}\n({real})" if real and real not in address.lower() else address


def open_address(address: str, opener: Callable[[QUrl], bool] = QDesktopServices.openUrl) -> bool:
    """Give an address to the system's browser; nothing but web and mail addresses."""
    url = QUrl(address)
    return url.scheme() in _OPENED and opener(url)


def copy(text: str) -> None:
    """Put a text on the clipboard."""
    QGuiApplication.clipboard().setText(text)
