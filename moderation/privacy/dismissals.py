"""Finds that a person has looked at and said are not private: for good, for the whole team, with the reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from moderation.ids import Ref
from moderation.privacy.spots import Spot


class WhyNot(StrEnum):
    """Why a find is not private; the values are codes with words in the catalogues (``not_private_<value>``)."""

    PUBLISHED = "published"
    EXAMPLE = "example"
    OURS = "ours"
    OTHER_MEANING = "other_meaning"
    AGREED = "agreed"


@dataclass(frozen=True, slots=True)
class NotPrivate:
    """One such word, good for this ``post`` alone; ``print`` is that of the :class:`~moderation.privacy.spots.Spot`."""

    post: str
    print: bytes
    kind: str
    why: str
    by: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in one post. ``digest`` names the shown text that the places fit."""

    post: str
    digest: bytes
    spots: tuple[Spot, ...]
    dismissed: frozenset[bytes] = frozenset()

    @property
    def standing(self) -> tuple[Spot, ...]:
        """Finds that nobody has dismissed."""
        return tuple(spot for spot in self.spots if spot.print not in self.dismissed)


class Dismissals(Protocol):
    """What the team has said. Safe to use from several threads and processes."""

    def dismiss(self, what: NotPrivate) -> bool:
        """Keep it; ``False`` when somebody had said so before."""

    def take_back(self, post: str, print_: bytes) -> bool:
        """It is private after all; ``False`` when nobody had said otherwise."""

    def not_private(self) -> list[NotPrivate]:
        """All of them, oldest first."""

    def forget_dismissals(self, gone: Iterable[Ref]) -> int:
        """Posts were erased: so is what was said of them; gives how much."""
