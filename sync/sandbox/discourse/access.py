"""Who sees and may do what, in this platform's terms: staff is administrators and moderators (API.md section 1)."""

from sync.sandbox.discourse.answers import FORBIDDEN, Problem, Sent, error, not_found
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.extras import extras
from sync.sandbox.state import rights
from sync.sandbox.state.records import STAFF, Forum, Post, Thread
from sync.sandbox.state.store import State


def is_staff(state: State, uid: int) -> bool:
    """Administrator or moderator of everything."""
    return rights.is_above(state, uid)


def may_review(state: State, uid: int) -> bool:
    """Whether the review queue opens; a moderator of single categories sees what is in those."""
    return rights.is_privileged(state, uid)


def demand_staff(call: Call) -> None:
    """Refuse everybody else."""
    if not is_staff(call.state, call.uid):
        raise FORBIDDEN


def may_whisper(state: State, uid: int) -> bool:
    """Staff and the team write and read whispers."""
    account = state.tables.members.get(uid)
    return is_staff(state, uid) or (account is not None and STAFF in account.groups)


def may_message(state: State, uid: int) -> bool:
    """Everybody who has an account and is not new to it."""
    account = state.tables.members.get(uid)
    return account is not None and (account.posts > 0 or rights.is_privileged(state, uid))


def reads_message(state: State, uid: int, thread: int) -> bool:
    """Its members, members of its groups, and any administrator; moderators are not let in by role."""
    readers = extras(state).readers.get(thread)
    if readers is None or not uid:
        return False
    inside = uid in readers.users or any(uid in state.tables.groups[name].members for name in readers.groups)
    return inside or rights.is_admin(state, uid)


def sees_thread(state: State, uid: int, thread: Thread) -> bool:
    """Whether the topic can be read; a deleted one by staff only."""
    if extras(state).is_private(thread.id):
        return reads_message(state, uid, thread.id)
    if thread.hidden and not rights.rules(state, uid, thread.forum):
        return False
    return rights.may(state, uid, thread.forum, "topics:read")


def sees_forum(state: State, uid: int, forum: Forum) -> bool:
    """Whether the category shows; the place of messages never does."""
    return forum.id != extras(state).private_forum and rights.may(state, uid, forum.id, "topics:read")


def rules(state: State, uid: int, thread: Thread) -> bool:
    """Whether the caller may close, archive, pin and the like: staff, and category moderators."""
    if extras(state).is_private(thread.id):
        return is_staff(state, uid) and reads_message(state, uid, thread.id)
    return rights.rules(state, uid, thread.forum)


def may_convert(state: State, uid: int, thread: Thread) -> bool:
    """Administrators, and moderators who may post there and write messages."""
    if rights.is_admin(state, uid):
        return True
    return is_staff(state, uid) and may_message(state, uid) and sees_thread(state, uid, thread)


def thread_of(call: Call, name: str = "id", with_page: bool = False) -> Thread:
    """The topic that the path names, if it is for the caller; else 404, or what `detailed_404` says."""
    thread = call.state.tables.threads.get(call.id_of(name))
    if thread is None:
        raise Sent(not_found(call, with_page))
    if not sees_thread(call.state, call.uid, thread):
        if not call.settings.detailed_404:
            raise Sent(not_found(call, with_page))
        if thread.hidden:
            raise Sent(error(call, 410, "not_found", "not_found"))
        raise FORBIDDEN
    return thread


def find_post(state: State, ident: int) -> Post | None:
    """A post, also a whisper or a small action."""
    known = state.tables.posts.get(ident)
    if known is not None:
        return known
    return next((p for posts in extras(state).added.values() for p in posts if p.id == ident), None)


def post_of(call: Call, name: str = "id") -> Post:
    """The post that the path names, if the caller may see it."""
    post = find_post(call.state, call.id_of(name))
    thread = call.state.tables.threads.get(post.thread) if post else None
    if post is None or thread is None or not sees_thread(call.state, call.uid, thread):
        raise Problem(404, "not_found", "not_found")
    hidden_from = is_deleted(call.state, post) and not rules(call.state, call.uid, thread)
    if hidden_from or (is_whisper(call.state, post) and not may_whisper(call.state, call.uid)):
        raise Problem(404, "not_found", "not_found")
    return post


def is_deleted(state: State, post: Post) -> bool:
    """Deleted, and not only hidden."""
    return post.hidden and post.id not in extras(state).veiled


def is_whisper(state: State, post: Post) -> bool:
    """Whether only the team sees it."""
    kind = extras(state).kinds.get(post.id)
    return kind is not None and kind.type == 4
