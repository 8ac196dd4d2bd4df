"""The item model of the outbox: groups as rows of their own, then their intents."""

from PySide6.QtCore import QObject

from moderation.desk.outbox import OutboxEntry, OutboxGroups
from views.grouped import GroupedModel


def intent_of(row: OutboxEntry) -> str:
    """Which intent (id) a row is."""
    return row.intent.id


def grouped(groups: OutboxGroups) -> list[tuple[str, list[OutboxEntry]]]:
    """Intents under the heads of their groups."""
    return [
        ("outbox_person", list(groups.needs_person)),
        ("outbox_way", list(groups.on_the_way)),
        ("outbox_done", list(groups.done)),
    ]


class OutboxModel(GroupedModel):
    """Intents in their groups."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(intent_of, parent)

    def show_groups(self, groups: OutboxGroups) -> bool:
        """Replace the rows; ``True`` when rows came or went."""
        return self.show(grouped(groups))

    def entry(self, position: int) -> OutboxEntry | None:
        """The intent at a position."""
        row: OutboxEntry | None = self.at(position)
        return row
