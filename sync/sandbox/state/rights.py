"""Who may do what. Rights belong to forums and are held by groups or single members (NodeBB 4.15.1, observed:
API.md sections 2, 4, 5; administrators pass everywhere, moderators only where a right is theirs).
"""

from sync.sandbox.state.records import ADMINS, GLOBAL_MODERATORS, Item, Post, Thread
from sync.sandbox.state.refusal import Reason, Refused
from sync.sandbox.state.store import State

EVERY_RIGHT = (
    "find",
    "read",
    "topics:read",
    "topics:create",
    "topics:reply",
    "topics:crosspost",
    "topics:schedule",
    "topics:tag",
    "posts:edit",
    "posts:history",
    "posts:delete",
    "posts:upvote",
    "posts:downvote",
    "topics:delete",
    "posts:view_deleted",
    "purge",
    "moderate",
)
READING = ("find", "read", "topics:read")
MEMBERS = tuple(r for r in EVERY_RIGHT if r not in {"topics:schedule", "posts:view_deleted", "purge", "moderate"})
GUESTS, EVERY_MEMBER, VERIFIED, UNVERIFIED = "guests", "registered-users", "verified-users", "unverified-users"
BANNED = "banned-users"


def groups_of(state: State, member: int) -> frozenset[str]:
    """The groups that rights are looked up by; a banned member keeps none of the common ones."""
    account = state.tables.members.get(member)
    if account is None:
        return frozenset((GUESTS,))
    if is_banned(state, member):
        return frozenset((BANNED,))
    return frozenset((EVERY_MEMBER, UNVERIFIED, *account.groups))


def is_banned(state: State, member: int) -> bool:
    """Whether a ban is in force now."""
    until = state.member(member).banned_until
    return until is not None and (until == 0 or until > state.clock.now())


def is_admin(state: State, member: int) -> bool:
    """Whether the member is an administrator."""
    account = state.tables.members.get(member)
    return account is not None and ADMINS in account.groups


def is_global_moderator(state: State, member: int) -> bool:
    """Whether the member is a global moderator."""
    account = state.tables.members.get(member)
    return account is not None and GLOBAL_MODERATORS in account.groups


def is_above(state: State, member: int) -> bool:
    """Administrator or global moderator."""
    return is_admin(state, member) or is_global_moderator(state, member)


def granted(state: State, member: int, forum: int, right: str) -> bool:
    """Whether a group of the member, or the member, holds the right in the forum; ranks do not count."""
    place = state.tables.forums.get(forum)
    holders = place.grants.get(right) if place else None
    return bool(holders) and (member in holders or not groups_of(state, member).isdisjoint(holders))  # type: ignore[arg-type,operator]


def may(state: State, member: int, forum: int, right: str) -> bool:
    """Whether the member may use the right in the forum."""
    place = state.tables.forums.get(forum)
    by_rank = is_admin(state, member) and not (place is not None and place.secret)
    return by_rank or granted(state, member, forum, right)


def moderates(state: State, member: int, forum: int) -> bool:
    """Whether the member moderates the forum; a global moderator moderates all."""
    if member <= 0 or forum not in state.tables.forums:
        return False
    return is_global_moderator(state, member) or granted(state, member, forum, "moderate")


def rules(state: State, member: int, forum: int) -> bool:
    """Administrator, or moderator of the forum."""
    return is_admin(state, member) or moderates(state, member, forum)


def moderated_forums(state: State, member: int) -> list[int]:
    """All forums that the member moderates, by id."""
    return [ident for ident in sorted(state.tables.forums) if moderates(state, member, ident)]


def is_privileged(state: State, member: int) -> bool:
    """Administrator, global moderator, or moderator of at least one forum."""
    return is_above(state, member) or bool(moderated_forums(state, member))


def moderators_of(state: State, forum: int) -> list[int]:
    """Members who hold the right to moderate one by one, by id; groups are not listed."""
    holders = state.forum(forum).grants.get("moderate", set())
    return sorted(holder for holder in holders if isinstance(holder, int))


def readable(state: State, member: int, thread: Thread) -> bool:
    """Whether the member may read the thread; a hidden one only its author and those who see hidden posts."""
    if not may(state, member, thread.forum, "topics:read"):
        return False
    return not thread.hidden or sees_hidden_thread(state, member, thread)


def sees_hidden_thread(state: State, member: int, thread: Thread) -> bool:
    """Author, administrator, or holder of the right to see what is deleted."""
    own = member > 0 and member == thread.author
    return own or may(state, member, thread.forum, "posts:view_deleted")


def sees_hidden_post(state: State, member: int, post: Post) -> bool:
    """The author still reads an own hidden post, and so do moderators (API.md sections 4 and 12)."""
    own = member > 0 and member == post.author
    return own or rules(state, member, state.forum_of_post(post))


def sees_item(state: State, member: int, item: Item) -> bool:
    """Whether details are shown: by where the post stands now, not by the frozen forum (API.md section 2)."""
    if is_above(state, member):
        return True
    post = state.tables.posts.get(item.target) if item.kind == "post" else None
    return post is not None and moderates(state, member, state.forum_of_post(post))


def demand(allowed: bool) -> None:
    """Refuse with NOT_ALLOWED unless allowed."""
    if not allowed:
        raise Refused(Reason.NOT_ALLOWED)
