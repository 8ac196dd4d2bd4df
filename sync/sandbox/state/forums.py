"""Making forums and granting rights in them (NodeBB 4.15.1, observed: API.md section 5)."""

from sync.sandbox.state import rights, threads
from sync.sandbox.state.records import GLOBAL_MODERATORS, STAFF, Forum
from sync.sandbox.state.refusal import Reason, Refused
from sync.sandbox.state.store import State, slug_of

_EVERYBODY = frozenset(
    {rights.GUESTS, rights.EVERY_MEMBER, rights.VERIFIED, rights.UNVERIFIED, rights.BANNED, "spiders", "fediverse"}
)
"""Groups of which nobody is a member by name."""


def create(state: State, by: int, name: str, parent: int, clone_from: int, description: str | None = None) -> Forum:
    """An administrator makes a forum; a clone takes over looks, description (whatever was asked) and every right."""
    rights.demand(rights.is_admin(state, by))
    model = state.tables.forums.get(clone_from)
    forum = add(state, name, model.description if model else description or "", parent)
    if model is not None:
        forum.grants = {right: set(holders) for right, holders in model.grants.items()}
        forum.icon, forum.colour = model.icon, model.colour
    state.effect(by, "forum", f"forum:{forum.id}", parent=parent, clone=clone_from)
    return forum


def describe(state: State, by: int, forum: Forum, name: str | None, description: str | None) -> None:
    """An administrator gives a forum another name or description."""
    rights.demand(rights.is_admin(state, by))
    forum.name = name or forum.name
    forum.description = forum.description if description is None else description
    state.effect(by, "describe", f"forum:{forum.id}")


def add(state: State, name: str, description: str, parent: int = 0, order: int | None = None) -> Forum:
    """Store a forum open to everybody."""
    ident, handle = state.number("forum"), slug_of(name) or "category"
    siblings = sum(f.parent == parent for f in state.tables.forums.values())
    place = siblings + 1 if order is None else order
    forum = Forum(ident, name, description, f"{ident}/{handle}", handle, place, parent)
    everybody = {rights.GUESTS: rights.READING, rights.EVERY_MEMBER: rights.MEMBERS}
    for group, held in (everybody | {GLOBAL_MODERATORS: rights.EVERY_RIGHT}).items():
        for right in held:
            forum.grants.setdefault(right, set()).add(group)
    state.tables.forums[ident] = forum
    return forum


def close_to_staff(forum: Forum) -> None:
    """Leave only staff and global moderators in."""
    for right in rights.EVERY_RIGHT:
        forum.grants.setdefault(right, set()).difference_update((rights.GUESTS, rights.EVERY_MEMBER))
        if right in rights.MEMBERS:
            forum.grants[right].add(STAFF)


def make_moderator(forum: Forum, member: int) -> None:
    """Give a member every right in the forum."""
    for right in rights.EVERY_RIGHT:
        forum.grants.setdefault(right, set()).add(member)


def purge(state: State, by: int, forum: Forum) -> None:
    """An administrator removes a forum with all its threads; subforums move up."""
    rights.demand(rights.is_admin(state, by))
    for thread in [t for t in state.tables.threads.values() if t.forum == forum.id]:
        threads.purge(state, by, thread)
    for child in state.tables.forums.values():
        child.parent = forum.parent if child.parent == forum.id else child.parent
    state.tables.forums.pop(forum.id)
    state.effect(by, "purge_forum", f"forum:{forum.id}")


def set_right(state: State, by: int, forum: int, right: str, holder: str | int, on: bool) -> None:
    """Give or take a right; `holder` is a group name or a member id."""
    rights.demand(rights.is_admin(state, by))
    if holder not in state.tables.groups and holder not in state.tables.members and holder not in _EVERYBODY:
        raise Refused(Reason.NO_HOLDER)
    plain = right.removeprefix("groups:")
    if plain not in rights.EVERY_RIGHT:
        return
    holders = state.forum(forum).grants.setdefault(plain, set())
    holders.add(holder) if on else holders.discard(holder)
    state.effect(by, "grant" if on else "revoke", f"forum:{forum}", right=plain, holder=holder)
