"""The text of a post as it was typed, for who wants to edit it: asked for, and waited for."""

from PySide6.QtCore import QObject

from moderation.changes import ChangeRecord, Table
from moderation.desk import Desk
from moderation.ids import Ref
from views.ask_dialog import AskDialog
from views.session import Session


def typed(desk: Desk, post: Ref) -> str | None:
    """As the mirror has it, ``None`` where only the rendering is known."""
    found = desk.mirror.post(post)
    return found.body if found is not None else None


class TextComing(QObject):
    """Asks the engine for a post in full, and fills a dialog once the mirror has it. Lives as long as the dialog."""

    def __init__(self, session: Session, post: Ref, dialog: AskDialog) -> None:
        super().__init__(dialog)
        self._session, self._post, self._dialog = session, post, dialog
        self._over = False
        dialog.finished.connect(self._end)
        session.watch.heard.connect(self._heard)
        session.desk.engine.want([post])
        self._read()

    def _heard(self, records: list[ChangeRecord]) -> None:
        if any(
            record.table is Table.POST and (record.everything or str(self._post) in record.ids) for record in records
        ):
            self._read()

    def _end(self) -> None:
        self._over = True
        self._session.tasks.cancel("typed")

    def _read(self) -> None:
        if not self._over:
            self._session.tasks.read("typed", typed, self._post, then=self._fill)

    def _fill(self, text: str | None) -> None:
        if text is not None:
            self._dialog.fill(text)
