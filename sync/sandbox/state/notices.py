"""Notifications that moderators and authors get (NodeBB 4.15.1, observed: API.md sections 2 and 8)."""

from sync.sandbox.state import rights
from sync.sandbox.state.records import Held, Item, Notice, Post, Thread
from sync.sandbox.state.store import State

_KEPT = 200


def new_report(state: State, item: Item, by: int, at: int) -> None:
    """Tell administrators, global moderators and the forum's moderators of a report, the reporter excepted."""
    kind, target = item.kind, item.target
    title, long = "", ""
    watchers = _above(state)
    post = state.tables.posts.get(target) if kind == "post" else None
    if post is not None:
        thread = state.thread(post.thread)
        title, long = thread.title, post.text
        watchers += rights.moderators_of(state, thread.forum)
    notice = Notice(
        id=f"flag:{kind}:{target}:{by}",
        kind=f"new-{kind}-flag",
        at=at,
        by=by,
        short=title,
        long=long,
        path=f"/flags/{item.id}",
        merge=f"notifications:user-flagged-{kind}{'-in' if post else ''}|{target}",
    )
    send(state, notice, [m for m in watchers if m != by])


def assigned(state: State, item: Item, by: int) -> None:
    """Tell the new assignee, unless it is the actor."""
    if item.assignee and int(item.assignee) != by:
        at, path = state.clock.now(), f"/flags/{item.id}"
        ident = f"flags:assign:{item.id}:uid:{item.assignee}"
        send(state, Notice(ident, "my-flags", at, by, str(item.id), "", path, ""), [int(item.assignee)])


def waiting(state: State, held: Held) -> None:
    """Tell those who may approve that a post waits."""
    kind = "reply" if held.thread else "topic"
    notice = Notice(
        id=f"post-queue-{held.id}",
        kind="post-queue",
        at=held.at,
        by=held.author,
        short=kind,
        long=held.text if held.thread else held.title,
        path=f"/post-queue/{held.id}",
        merge=f"post-queue-{kind}-uid-{held.author}",
    )
    send(state, notice, _above(state) + rights.moderators_of(state, held.forum))


def waited(state: State, held: Held) -> None:
    """Take back the word of waiting: the post is handled."""
    for notices in state.tables.notices.values():
        notices[:] = [n for n in notices if n.id != f"post-queue-{held.id}"]


def to_author(state: State, member: int, kind: str, text: str, path: str) -> None:
    """Tell an author what became of a held post."""
    now = state.clock.tick()
    send(state, Notice(f"{kind}-{member}-{now}", kind, now, 0, text, "", path, ""), [member])


def new_reply(state: State, thread: Thread, post: Post) -> None:
    """Tell the followers of a thread who may read it."""
    ident = f"new_post:tid:{thread.id}:pid:{post.id}:uid:{post.author}"
    merge = f"notifications:user-posted-to|{thread.id}"
    notice = Notice(ident, "new-reply", post.at, post.author, thread.title, post.text, f"/post/{post.id}", merge)
    readers = [m for m in sorted(thread.followers) if m != post.author and rights.readable(state, m, thread)]
    send(state, notice, readers)


def send(state: State, notice: Notice, members: list[int]) -> None:
    """Put the notice on top of each member's list, once."""
    for member in dict.fromkeys(members):
        shown = state.tables.notices.setdefault(member, [])
        shown[:] = [notice, *(n for n in shown if n.id != notice.id)][:_KEPT]


def _above(state: State) -> list[int]:
    return [m for m in state.tables.members if rights.is_above(state, m)]
