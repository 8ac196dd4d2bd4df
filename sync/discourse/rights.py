"""What Discourse can do, and what the signed-in account may do beside what each item offers."""

from dataclasses import dataclass

from moderation.actions import SPECS, Action
from moderation.capabilities import Capability
from moderation.content import Identity
from sync.discourse.payloads import DetailsP

_C = Capability
CAPABILITIES = frozenset(Capability) - {_C.REOPEN, _C.PURGE_POSTS, _C.NOTIFY_HELD, _C.TICKETS}
"""No item is opened again, nothing is purged, an author is told by a message; a private place is a message. Tickets are
another system's.
"""

_ADMIN, _MODERATOR, _REVIEWER = "administrator", "moderator", "forum_moderator"
STAFF = frozenset({_ADMIN, _MODERATOR})


@dataclass(frozen=True, slots=True)
class Rights:
    """Who is signed in. ``groups`` are the names of the account's groups, as far as the server tells."""

    identity: Identity
    username: str
    groups: tuple[str, ...] = ()

    @property
    def staff(self) -> bool:
        """Administrator or moderator: sees the whole queue and every member's profile."""
        return bool(self.identity.roles & STAFF)

    @property
    def moderates(self) -> bool:
        """May see the review queue at all."""
        return self.staff or _REVIEWER in self.identity.roles


def roles_of(admin: bool, moderator: bool, can_review: bool) -> frozenset[str]:
    """Roles in the words of this program; who may review without being staff does so in own categories."""
    roles = {"member"}
    if admin:
        roles.add(_ADMIN)
    elif moderator:
        roles.add(_MODERATOR)
    elif can_review:
        roles.add(_REVIEWER)
    return frozenset(roles)


def may(roles: frozenset[str]) -> frozenset[str]:
    """Slugs of what these roles allow somewhere; the server has the last word on each."""
    allowed = {Action.REPLY, Action.MESSAGE, Action.OPEN, Action.FOLLOW}
    if roles & (STAFF | {_REVIEWER}):
        on_members = {Action.BAN, Action.UNBAN, Action.MUTE, Action.UNMUTE}
        allowed |= {action for action in SPECS if SPECS[action].capability in CAPABILITIES}
        if not roles & STAFF:
            allowed -= on_members
    return frozenset(action.value for action in allowed)


def beside_offers(
    rights: Rights, *, thread: bool, post: bool, author: bool, editable: bool, topic: dict[str, bool] | None
) -> tuple[str, ...]:
    """Slugs of what staff may do around an item; ``topic`` says whether its thread is closed, archived, pinned."""
    slugs: list[str] = ["take", "x:assign", "x:release", "x:note"]
    if editable or (post and rights.staff):
        slugs.append("edit")
    if thread:
        slugs += _on_thread(topic)
    if author and rights.staff:
        slugs += ["unban", "unmute", "x:message"]
    return tuple(slugs)


def _on_thread(topic: dict[str, bool] | None) -> list[str]:
    pairs = (("closed", "lock", "unlock"), ("archived", "x:archive", "x:unarchive"), ("pinned", "pin", "x:unpin"))
    slugs = []
    for fact, do, undo in pairs:
        if topic is None:
            slugs += [do, undo]
        else:
            slugs.append(undo if topic.get(fact) else do)
    return [*slugs, "move", "x:slow", "x:timer", "x:tag"]


_PERMITTED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("can_create_post", ("reply",)),
    ("can_edit", ("edit", "move", "x:tag")),
    ("can_delete", ("hide", "restore")),
    ("can_close_topic", ("lock", "unlock", "x:slow", "x:timer")),
    ("can_archive_topic", ("x:archive", "x:unarchive")),
    ("can_pin_unpin_topic", ("pin", "x:unpin")),
    ("can_convert_topic", ("x:convert",)),
    ("can_invite_to", ("x:invite",)),
    ("can_remove_allowed_users", ("x:uninvite",)),
)


def permitted_in_thread(details: DetailsP, *, marks: bool = False) -> tuple[str, ...]:
    """Slugs of what the reading account may do in a thread; the server names only what is allowed. ``marks``: it may
    mark a post as the answer.
    """
    slugs = tuple(slug for right, slugs in _PERMITTED if getattr(details, right) for slug in slugs)
    return (*slugs, str(Action.MARK_ANSWER)) if marks else slugs
