"""What the signed-in account may do, as the server tells it."""

from dataclasses import dataclass, field

from moderation.actions import SPECS, Action
from moderation.capabilities import Capability
from moderation.content import Identity
from moderation.ids import Kind, Ref
from moderation.items import ItemState

_MODERATORS = frozenset({"administrator", "moderator", "forum_moderator"})
_BY_RIGHT = {Action.BAN: "ban", Action.UNBAN: "ban", Action.MUTE: "mute", Action.UNMUTE: "mute", Action.MESSAGE: "chat"}
_CLOSED = frozenset({ItemState.RESOLVED, ItemState.DISMISSED})

_C = Capability
CAPABILITIES = frozenset(Capability) - {
    _C.WHISPER, _C.ARCHIVE_THREADS, _C.SLOW_THREADS, _C.TIME_THREADS, _C.INVITE, _C.CONVERT_THREADS,
    _C.MARK_ANSWERS, _C.TICKETS,
}  # fmt: skip
"""What NodeBB can do; the rest is what other platforms have beside it."""


@dataclass(frozen=True, slots=True)
class Rights:
    """Roles from ``/api/self``, community-wide rights from the post queue's page, forums of a forum moderator."""

    identity: Identity
    slug: str
    privileges: dict[str, bool] = field(default_factory=dict)

    @property
    def moderates(self) -> bool:
        """May see reports at all."""
        return bool(self.identity.roles & _MODERATORS)

    @property
    def everywhere(self) -> bool:
        """Moderates every forum: sees all flags and the whole post queue."""
        return bool(self.identity.roles & {"administrator", "moderator"})

    def moderates_in(self, forum: Ref | None) -> bool:
        """Moderates this forum; an unknown forum counts for those who moderate everywhere."""
        if self.everywhere:
            return True
        return self.moderates and forum is not None and forum in (self.identity.forums or ())


def may(roles: frozenset[str], privileges: dict[str, bool]) -> frozenset[str]:
    """Slugs of the actions that roles and community-wide rights allow somewhere."""
    moderates = bool(roles & _MODERATORS)
    allowed = {Action.REPLY, Action.FOLLOW} | {action for action, right in _BY_RIGHT.items() if privileges.get(right)}
    if moderates:
        allowed |= {action for action in SPECS if action not in _BY_RIGHT and SPECS[action].capability in CAPABILITIES}
    return frozenset(action.value for action in allowed)


def permitted_on_item(
    rights: Rights, kind: Kind, state: ItemState, *, forum: Ref | None, has_post: bool, hidden: bool, has_author: bool
) -> tuple[str, ...]:
    """Slugs of what this account may do to an item as it stands, in the order of the actions' table."""
    allowed = rights.identity.may or frozenset()
    inside = rights.moderates_in(forum) if forum is not None else rights.moderates
    fits: list[str] = []
    for spec in SPECS.values():
        if kind not in spec.kinds or spec.action.value not in allowed or spec.action is Action.REPLY:
            continue
        if spec.action not in _BY_RIGHT and not inside:
            continue
        if _makes_sense(spec.action, spec.on, state, has_post, hidden, has_author):
            fits.append(spec.action.value)
    if Action.REPLY.value in allowed and has_post:
        fits.append(Action.REPLY.value)
    return tuple(fits)


def _makes_sense(
    action: Action, on: Kind | None, state: ItemState, has_post: bool, hidden: bool, has_author: bool
) -> bool:
    if on is Kind.MEMBER:
        return has_author
    if on in (Kind.POST, Kind.THREAD):
        if action is Action.EDIT and state is ItemState.HELD:
            return True
        wrong = {Action.HIDE: hidden, Action.RESTORE: not hidden}
        return has_post and not wrong.get(action, False)
    if action is Action.REOPEN:
        return state in _CLOSED
    return True
