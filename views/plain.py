"""Text of others in labels and tool tips: Qt takes whatever looks like HTML for HTML, unless it is told otherwise."""

from html import escape

from PySide6.QtGui import Qt


def as_typed(text: str) -> str:
    """The text so that a tool tip, which has no text format of its own, shows it letter by letter."""
    if not Qt.mightBeRichText(text):
        return text
    return f"<qt>{escape(text).replace(chr(10), '<br>')}</qt>"
