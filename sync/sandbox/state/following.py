"""Who follows which forum, and what is unread (NodeBB 4.15.1, observed: API.md sections 7 and 8)."""

from sync.sandbox.state import rights
from sync.sandbox.state.records import IGNORING, NOT_WATCHING, TRACKING, WATCHING
from sync.sandbox.state.store import State

LEVELS = {"ignoring": IGNORING, "notwatching": NOT_WATCHING, "tracking": TRACKING, "watching": WATCHING}
_DAY = 86_400_000


def level(state: State, member: int, forum: int) -> int:
    """The member's level on a forum. No choice made looks exactly like the community's default."""
    account = state.tables.members.get(member)
    if account is None:
        return NOT_WATCHING
    return account.watches.get(forum, state.settings.default_watch)


def ignores(state: State, member: int, forum: int) -> bool:
    """Whether the member hides the forum from the recent lists."""
    return level(state, member, forum) == IGNORING


def choose(state: State, by: int, forum: int, new: int, target: int = 0) -> list[int]:
    """Set a level for oneself or, by those above, for another; subforums go along. Gives all forums changed."""
    target = target or by
    rights.demand(by == target or rights.is_above(state, by))
    changed = family(state, state.forum(forum).id)
    for ident in changed:
        state.member(target).watches[ident] = new
    state.effect(by, "watch", f"forum:{forum}", member=target, level=new)
    return changed


def choose_alone(state: State, by: int, forum: int, new: int | None, target: int) -> None:
    """Set a level on one forum without those below it; None takes the choice back."""
    rights.demand(by == target or rights.is_above(state, by))
    watches = state.member(target).watches
    if new is None:
        watches.pop(forum, None)
    else:
        watches[forum] = new
    state.effect(by, "watch", f"forum:{forum}", member=target, level=new)


def family(state: State, forum: int) -> list[int]:
    """The forum and everything below it."""
    found = [forum]
    for parent in found:
        found += [f.id for f in state.tables.forums.values() if f.parent == parent and f.id not in found]
    return found


def unread(state: State, member: int) -> list[int]:
    """Threads with something new for the member in the last days, newest first, ignored forums left out."""
    since = state.clock.now() - state.settings.unread_days * _DAY
    seen = state.tables.reads.get(member, {})
    found = []
    for ident in state.tables.recent_threads.newest_since(since):
        thread = state.tables.threads[ident]
        watched = level(state, member, thread.forum) >= TRACKING and member not in thread.ignorers
        if watched and thread.last_at > seen.get(ident, 0) and rights.readable(state, member, thread):
            found.append(ident)
    return found
