"""The item model of the Private screen: who waits for us first, then the others, each group under its head."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from moderation.conversation import Standing
from views.cases.words import GROUPS
from views.grouped import GroupedModel

Key = tuple[str, str]
"""A case: its community, and its key there."""


def key_of(row: Standing) -> Key:
    """Which case a row is."""
    return row.case.community, row.case.key


def grouped(found: Sequence[Standing]) -> list[tuple[str, list[Standing]]]:
    """Cases under the heads of their groups, both in the order in which they come."""
    codes = [GROUPS[one.status] for one in found]
    return [(code, [one for one in found if GROUPS[one.status] == code]) for code in dict.fromkeys(codes)]


class CasesModel(GroupedModel):
    """Cases in their groups."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(key_of, parent)

    @property
    def cases(self) -> list[Standing]:
        """All cases, without heads."""
        return self.entries
