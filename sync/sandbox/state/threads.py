"""Acting on a thread that exists (NodeBB 4.15.1, observed: API.md sections 4 and 5)."""

from sync.sandbox.state import items, posting, rights
from sync.sandbox.state.records import Event, Post, Thread
from sync.sandbox.state.refusal import Reason, Refused
from sync.sandbox.state.store import State, slug_of


def set_locked(state: State, by: int, thread: Thread, locked: bool) -> None:
    """Lock or unlock. Doing it twice is no error and writes a second event."""
    rights.demand(rights.rules(state, by, thread.forum))
    thread.locked = locked
    _log(state, by, thread, "lock" if locked else "unlock")


def set_pinned(state: State, by: int, thread: Thread, pinned: bool, until: int = 0) -> None:
    """Pin or unpin; `until` in milliseconds must lie ahead."""
    rights.demand(rights.rules(state, by, thread.forum))
    if until and until <= state.clock.now():
        raise Refused(Reason.INVALID)
    forum = state.forum(thread.forum)
    forum.pinned[:] = [t for t in forum.pinned if t != thread.id]
    forum.recent.discard(thread.last_at, thread.id)
    thread.pinned, thread.pin_until = pinned, until if pinned else 0
    if pinned:
        forum.pinned.insert(0, thread.id)
    else:
        forum.recent.add(thread.last_at, thread.id)
    _log(state, by, thread, "pin" if pinned else "unpin")


def end_old_pins(state: State, forum_id: int) -> None:
    """Unpin what was pinned until a time that has passed."""
    now = state.clock.now()
    for ident in list(state.forum(forum_id).pinned):
        thread = state.thread(ident)
        if thread.pin_until and thread.pin_until <= now:
            forum = state.forum(forum_id)
            forum.pinned.remove(ident)
            thread.pinned, thread.pin_until = False, 0
            forum.recent.add(thread.last_at, ident)


def hide(state: State, by: int, thread: Thread, settle: bool = True) -> None:
    """Delete softly; items about its posts become resolved unless without `settle`, held replies to it go."""
    rights.demand(may_delete(state, by, thread))
    if thread.hidden:
        raise Refused(Reason.THREAD_ALREADY_HIDDEN)
    thread.hidden, thread.hidden_by = True, by
    for ident in thread.posts if settle else ():
        items.resolve_about(state, by, state.post(ident))
    held = state.tables.held
    for waiting in [h.id for h in held.values() if h.thread == thread.id]:
        held.pop(waiting)
    _log(state, by, thread, "delete")


def restore(state: State, by: int, thread: Thread) -> None:
    """Undo `hide`."""
    rights.demand(may_delete(state, by, thread))
    if not thread.hidden:
        raise Refused(Reason.THREAD_ALREADY_RESTORED)
    thread.hidden, thread.hidden_by = False, 0
    _log(state, by, thread, "restore")


def purge(state: State, by: int, thread: Thread) -> None:
    """Remove the thread and all its posts for good."""
    rights.demand(rights.rules(state, by, thread.forum) and rights.may(state, by, thread.forum, "purge"))
    for ident in list(thread.posts):
        posting.drop_post(state, by, state.post(ident))
    thread.posts.clear()
    forget(state, thread)
    state.effect(by, "purge_thread", f"thread:{thread.id}")


def forget(state: State, thread: Thread) -> None:
    """Drop the record and the links to it."""
    forum = state.forum(thread.forum)
    forum.recent.discard(thread.last_at, thread.id)
    forum.created.discard(thread.at, thread.id)
    forum.pinned[:] = [t for t in forum.pinned if t != thread.id]
    state.tables.recent_threads.discard(thread.last_at, thread.id)
    state.tables.threads.pop(thread.id, None)


def move(state: State, by: int, thread: Thread, to: int) -> None:
    """Move to another forum: a moderator of both, or the author of a small open thread who may post there."""
    if not rights.is_admin(state, by) and not (
        rights.moderates(state, by, to) and rights.moderates(state, by, thread.forum)
    ):
        _check_owner_may_move(state, by, thread, to)
    if thread.forum == to:
        raise Refused(Reason.SAME_FORUM)
    source, target = state.forum(thread.forum), state.forum(to)
    source.recent.discard(thread.last_at, thread.id)
    source.created.discard(thread.at, thread.id)
    target.created.add(thread.at, thread.id)
    if thread.pinned:
        source.pinned.remove(thread.id)
        target.pinned.insert(0, thread.id)
    else:
        target.recent.add(thread.last_at, thread.id)
    source.posts -= len(thread.posts)
    target.posts += len(thread.posts)
    thread.old_forum, thread.forum = thread.forum, to
    _log(state, by, thread, "move", from_forum=thread.old_forum)


def split(state: State, by: int, posts: list[Post], forum_id: int, title: str) -> Thread:
    """Take replies out of their thread into a new one, which the first of them opens."""
    forum, ident, first = state.forum(forum_id), state.number("thread"), posts[0]
    thread = Thread(
        ident, forum_id, first.author, title, f"{ident}/{slug_of(title) or 'topic'}", first.at, first.at, []
    )
    state.tables.threads[ident] = thread
    forum.created.add(thread.at, ident)
    forum.recent.add(thread.at, ident)
    state.tables.recent_threads.add(thread.at, ident)
    state.member(first.author).threads += 1
    for post in posts:
        source = state.thread(post.thread)
        source.posts.remove(post.id)
        state.tables.forums[source.forum].posts -= 1
        forum.posts += 1
        post.thread = ident
        thread.posts.append(post.id)
        posting.touch(state, source)
        state.effect(by, "move_post", f"post:{post.id}", thread=ident)
    posting.touch(state, thread)
    return thread


def rename(thread: Thread, title: str) -> None:
    """Give a new title and address."""
    thread.title = title.strip()
    thread.slug = f"{thread.id}/{slug_of(title) or 'topic'}"


def set_tags(state: State, by: int, thread: Thread, tags: tuple[str, ...]) -> None:
    """Replace the tags; the thread's author with the right to tag, or a moderator."""
    own = by == thread.author and rights.may(state, by, thread.forum, "topics:tag")
    rights.demand(own or rights.rules(state, by, thread.forum))
    thread.tags = posting.kept_tags(state, tags)
    state.effect(by, "tag", f"thread:{thread.id}", tags=list(thread.tags))


def follow(state: State, by: int, thread: Thread, how: str) -> None:
    """Follow, ignore, or neither."""
    rights.demand(rights.readable(state, by, thread))
    one = frozenset((by,))
    thread.followers = thread.followers | one if how == "follow" else thread.followers - one
    thread.ignorers = thread.ignorers | one if how == "ignore" else thread.ignorers - one
    state.effect(by, f"thread_{how}", f"thread:{thread.id}")


def mark_read(state: State, by: int, thread: Thread) -> None:
    """Remember that the member has seen the thread up to now."""
    if by > 0:
        state.tables.reads.setdefault(by, {})[thread.id] = state.clock.now()


def may_delete(state: State, by: int, thread: Thread) -> bool:
    """The author and moderators, with the right to delete threads; administrators."""
    own_or_moderator = by == thread.author or rights.moderates(state, by, thread.forum)
    granted = rights.may(state, by, thread.forum, "topics:delete")
    return rights.is_admin(state, by) or (own_or_moderator and granted)


def _check_owner_may_move(state: State, by: int, thread: Thread, to: int) -> None:
    may_go = rights.may(state, by, to, "topics:create") and rights.may(state, by, to, "topics:read")
    own = by == thread.author and rights.may(state, by, thread.forum, "topics:read")
    rights.demand(own and may_go and not thread.locked and not thread.hidden)
    if len(thread.posts) > state.settings.owner_may_move:
        raise Refused(Reason.THREAD_TOO_LARGE, state.settings.owner_may_move)


def _log(state: State, by: int, thread: Thread, kind: str, from_forum: int | None = None) -> None:
    event = Event(state.number("event"), kind, by, state.clock.tick(), from_forum)
    thread.events = (*thread.events, event)
    detail = {"forum": thread.forum} if kind == "move" else {}
    state.effect(by, kind, f"thread:{thread.id}", **detail)
