"""What colleagues ask of each other: follow a forum, or take over what somebody follows while that one is away."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from moderation.content import Level
from moderation.ids import Ref

EXPIRES_AFTER = timedelta(days=7)


class RequestKind(StrEnum):
    """``follow``: please follow this for good. ``take_over``: please follow for as long as somebody is away."""

    FOLLOW = "follow"
    TAKE_OVER = "take_over"


class RequestState(StrEnum):
    """``returned``: what was taken over has gone back."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class FollowRequest:
    """A question, never an order. ``asked_by``, ``asked_of`` and ``instead_of`` (who is away) are members.

    ``back_at`` is when a hand-over ends, ``None``: when somebody says so. ``before`` holds what the asked one followed
    these forums at before (forum id to level, empty for no choice), to be put back at the end.
    """

    id: str
    kind: RequestKind
    forums: tuple[Ref, ...]
    asked_by: Ref
    asked_by_name: str
    asked_of: Ref
    asked_of_name: str
    level: Level
    asked_at: datetime
    state: RequestState = RequestState.ASKED
    expires_at: datetime | None = None
    instead_of: Ref | None = None
    instead_of_name: str = ""
    back_at: datetime | None = None
    answered_at: datetime | None = None
    before: dict[str, str] = field(default_factory=dict)
    plan: str = ""

    @property
    def community(self) -> str:
        """Where the forums are."""
        return self.asked_of.community

    def standing(self, now: datetime) -> RequestState:
        """How it stands now: one that nobody answered in time has expired."""
        late = self.state is RequestState.ASKED and self.expires_at is not None and self.expires_at <= now
        return RequestState.EXPIRED if late else self.state

    def goes_back(self, now: datetime) -> bool:
        """True when what was taken over is to go back."""
        over = self.back_at is not None and self.back_at <= now
        return self.kind is RequestKind.TAKE_OVER and self.state is RequestState.ACCEPTED and over
