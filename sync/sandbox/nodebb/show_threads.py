"""Topics as NodeBB 4.15.1 describes them (recordings)."""

from sync.sandbox.nodebb import markup, show_forums, show_members
from sync.sandbox.nodebb.wire import Json, iso
from sync.sandbox.state import rights
from sync.sandbox.state.records import Event, Post, Thread
from sync.sandbox.state.store import State

_EVENTS = {
    "lock": ("fa-lock", "locked this topic"),
    "unlock": ("fa-unlock", "unlocked this topic"),
    "pin": ("fa-thumb-tack", "pinned this topic"),
    "unpin": ("fa-thumb-tack fa-rotate-90", "unpinned this topic"),
    "delete": ("fa-trash", "deleted this topic"),
    "restore": ("fa-trash-o", "restored this topic"),
    "move": ("fa-arrow-circle-right", "moved this topic"),
    "post-queue": ("fa-history", "queued post for approval"),
}


def base(state: State, thread: Thread) -> Json:
    """A topic's own fields, as the write API gives them."""
    posts = [state.tables.posts[ident] for ident in thread.posts]
    newest = newest_visible(state, thread)
    first = posts[0] if posts else None
    up, down = (first.up, first.down) if first else (0, 0)
    return {
        "tid": thread.id,
        "uid": thread.author,
        "cid": thread.forum,
        "mainPid": first.id if first else 0,
        "title": thread.title,
        "slug": thread.slug,
        "timestamp": thread.at,
        "lastposttime": thread.last_at,
        "postcount": len(posts),
        "viewcount": thread.views,
        "postercount": len({post.author for post in posts}),
        "followercount": len(thread.followers),
        "deleted": int(thread.hidden),
        "locked": int(thread.locked),
        "pinned": int(thread.pinned),
        "pinExpiry": thread.pin_until,
        "upvotes": up,
        "downvotes": down,
        "deleterUid": thread.hidden_by,
        "generatedTitle": 0,
        "timestampISO": iso(thread.at),
        "scheduled": False,
        "lastposttimeISO": iso(thread.last_at),
        "pinExpiryISO": iso(thread.pin_until),
        "votes": up - down,
        "teaserPid": str(newest.id) if newest and first and newest.id != first.id else None,
        "tags": [tag(name) for name in thread.tags],
        "numThumbs": len(thread.thumbs),
        "thumbs": [{"url": url} for url in thread.thumbs],
        **({"oldCid": str(thread.old_forum)} if thread.old_forum else {}),
    }


def in_list(state: State, thread: Thread, viewer: int, index: int) -> Json:
    """A row of a topic list; a hidden topic says no more than that to those who may not see it."""
    row = base(state, thread) | {
        "category": show_forums.of_topic(state.tables.forums[thread.forum]),
        "user": show_members.thread_author(state, thread.author),
        "teaser": teaser(state, thread),
        "isOwner": viewer > 0 and viewer == thread.author,
        "ignored": viewer in thread.ignorers,
        "followed": viewer in thread.followers,
        "unread": is_unread(state, thread, viewer),
        "bookmark": None,
        "unreplied": False,
        "icons": [],
        "index": index,
    }
    if thread.hidden and not rights.sees_hidden_thread(state, viewer, thread):
        row |= {"title": "[[topic:topic-is-deleted]]", "slug": thread.id, "teaser": None, "tags": []}
    return row


def teaser(state: State, thread: Thread) -> Json | None:
    """The newest visible post, as plain text. While only the opening post exists, that one."""
    post = newest_visible(state, thread)
    if post is None:
        return None
    return {
        "pid": post.id,
        "uid": post.author,
        "timestamp": post.at,
        "tid": thread.id,
        "content": markup.plain(post.text),
        "sourceContent": None,
        "timestampISO": iso(post.at),
        "user": show_members.brief(state, post.author),
        "index": thread.posts.index(post.id) + 1,
    }


def of_post(state: State, thread: Thread) -> Json:
    """Beside a single post."""
    shown = base(state, thread)
    keys = ("uid", "tid", "title", "generatedTitle", "cid", "tags", "slug", "deleted", "scheduled", "postcount")
    return {key: shown[key] for key in (*keys, "mainPid", "teaserPid", "timestamp", "timestampISO")}


def privileges(state: State, thread: Thread, viewer: int) -> Json:
    """What the viewer may do in the topic."""
    admin, moderator = rights.is_admin(state, viewer), rights.moderates(state, viewer, thread.forum)
    own = viewer > 0 and viewer == thread.author

    def may(right: str, extra: bool = True) -> bool:
        return admin or (rights.granted(state, viewer, thread.forum, right) and extra)

    unlocked = not thread.locked or moderator
    small = len(thread.posts) <= state.settings.owner_may_move
    can_move = own and not (admin or moderator) and not thread.locked and not thread.hidden and small
    deletable = may("topics:delete", own or moderator)
    return {
        "topics:reply": may("topics:reply", (unlocked and not thread.hidden) or moderator),
        "topics:read": may("topics:read"),
        "topics:schedule": may("topics:schedule"),
        "topics:tag": may("topics:tag"),
        "topics:delete": deletable,
        "posts:edit": may("posts:edit", unlocked),
        "posts:history": may("posts:history"),
        "posts:upvote": may("posts:upvote"),
        "posts:downvote": may("posts:downvote"),
        "posts:delete": may("posts:delete", unlocked),
        "posts:view_deleted": may("posts:view_deleted"),
        "read": may("read"),
        "purge": may("purge", own or moderator),
        "view_thread_tools": admin or moderator or deletable or can_move,
        "editable": admin or moderator,
        "deletable": deletable,
        "canMoveOwnTopic": can_move,
        "view_deleted": rights.sees_hidden_thread(state, viewer, thread),
        "view_scheduled": may("topics:schedule"),
        "isAdminOrMod": admin or moderator,
        "disabled": 0,
        "tid": str(thread.id),
        "uid": viewer,
    }


def events(state: State, thread: Thread, viewer: int) -> list[Json]:
    """The topic's event trail, oldest first: moves out of forums that the viewer may not find are left out, and
    moderators see held replies as events without an id.
    """
    shown = [
        event(state, entry)
        for entry in thread.events
        if entry.from_forum is None or rights.may(state, viewer, entry.from_forum, "find")
    ]
    if rights.is_privileged(state, viewer):
        held = [one for one in state.tables.held.values() if one.thread == thread.id]
        waiting = [event(state, Event(0, "post-queue", one.author, one.at, None)) for one in held]
        shown += [one | {"href": f"/post-queue/{h.id}"} for one, h in zip(waiting, held, strict=True)]
    return sorted(shown, key=lambda one: int(one["timestamp"]))


def event(state: State, entry: Event) -> Json:
    """A line of the event trail. The forum of a move is text here, a number everywhere else."""
    icon, words = _EVENTS[entry.kind]
    user = show_members.brief(state, entry.by)
    shown: Json = {"type": entry.kind, "uid": entry.by, "timestamp": entry.at, "timestampISO": iso(entry.at)}
    shown |= {"id": entry.id} if entry.id else {}
    forum = state.tables.forums.get(entry.from_forum or 0)
    if forum is not None:
        colours = {"icon": forum.icon, "color": "#ffffff", "bgColor": forum.colour}
        shown |= {"fromCid": str(forum.id), "fromCategory": {"name": forum.name, "slug": forum.slug, **colours}}
        words = f"moved this topic from {forum.name}"
    link = f'<a href="/user/{user["userslug"]}">{user["displayname"]}</a>'
    stamp = f'<span class="timeago timeline-text" title="{iso(entry.at)}"></span>'
    return shown | {"user": user, "icon": icon, "text": f"{link} {words} {stamp}"}


def tag(name: str) -> Json:
    """A tag as topics carry it."""
    return {"value": name, "valueEncoded": name, "class": name}


def newest_visible(state: State, thread: Thread) -> Post | None:
    """The newest post that is not hidden."""
    posts = state.tables.posts
    return next((posts[i] for i in reversed(thread.posts) if not posts[i].hidden), None)


def is_unread(state: State, thread: Thread, viewer: int) -> bool:
    """Whether something is new for the viewer; nothing is for guests."""
    if viewer <= 0:
        return False
    since = state.clock.now() - state.settings.unread_days * 86_400_000
    return thread.last_at > max(since, state.tables.reads.get(viewer, {}).get(thread.id, 0))
