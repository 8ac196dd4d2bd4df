"""What the team's store keeps of a card: where it stands, what it states, by whom; no names of people."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from moderation.ids import Kind, Ref


class CardShape(StrEnum):
    """Where a card stands: as a pinned thread of its own, or as a part of the text about its forum (Discourse)."""

    THREAD = "thread"
    ABOUT = "about"


class CardState(StrEnum):
    """``conflict``: somebody has changed it by hand. ``stopped``: a step was refused, or a person closed it.
    ``exposed``: it is true, but an earlier text can still be read, with a name that was to go.
    """

    PUBLISHING = "publishing"
    PUBLISHED = "published"
    CHANGING = "changing"
    LEAVING = "leaving"
    TAKEN_DOWN = "taken_down"
    CONFLICT = "conflict"
    STOPPED = "stopped"
    EXPOSED = "exposed"


UNDER_WAY = frozenset({CardState.PUBLISHING, CardState.CHANGING, CardState.LEAVING})
SHOWN = frozenset({CardState.PUBLISHED, CardState.CHANGING, CardState.LEAVING, CardState.CONFLICT, CardState.EXPOSED})
"""States in which the public can read it."""


@dataclass(frozen=True, slots=True)
class Card:
    """A forum's card. ``number`` counts its publications. ``digest`` and ``states`` are of the text that stands on the
    server, ``next_digest`` and ``next_states`` of the one on its way there with ``plan``. ``account`` is the company
    account that holds it. ``untrue_since``: nobody covers the forum since then. ``reason`` is a code.
    """

    forum: Ref
    number: int = 1
    shape: CardShape = CardShape.THREAD
    state: CardState = CardState.PUBLISHING
    language: str = "en"
    account: str = ""
    thread: Ref | None = None
    post: Ref | None = None
    digest: str = ""
    states: dict[str, Any] = field(default_factory=dict)
    next_digest: str = ""
    next_states: dict[str, Any] = field(default_factory=dict)
    plan: str = ""
    by: str = ""
    by_name: str = ""
    at: datetime | None = None
    changed_at: datetime | None = None
    untrue_since: datetime | None = None
    reason: str = ""

    @property
    def key(self) -> str:
        """Names this publication: in its plans, and to the server where it takes ids of ours."""
        return f"card-{self.forum.native}-{self.number}"

    @property
    def shown(self) -> bool:
        """True while the public can read it, as far as it is known."""
        return self.state in SHOWN or (self.state is CardState.STOPPED and self.post is not None)

    def stand_in(self) -> Ref:
        """What stands for the card's thread until it is opened."""
        return Ref(self.forum.community, Kind.THREAD, self.key)


@dataclass(frozen=True, slots=True)
class CardChange:
    """Something that happened to a card: a state with a reason, and which statements became others."""

    forum: Ref
    at: datetime
    state: CardState
    by: str = ""
    reason: str = ""
    kinds: tuple[str, ...] = ()


class Cards(Protocol):
    """Where cards are kept; safe from several threads and processes."""

    def cards(self, community: str) -> list[Card]:
        """All of a community's, by forum, those taken down too."""

    def card(self, forum: Ref) -> Card | None:
        """One, ``None`` where there never was one."""

    def keep_card(self, card: Card, *, instead_of: Card | None, change: CardChange | None = None) -> bool:
        """Keep it, only where what is kept is still ``instead_of`` (``None``: nothing); ``False``: it is not. With
        ``change`` in the same transaction.
        """

    def card_history(self, forum: Ref, limit: int = 50) -> Sequence[CardChange]:
        """What happened to it, newest first."""
