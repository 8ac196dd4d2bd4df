"""All paths of NodeBB that this connector uses (NodeBB 4.15.1, ``/api`` pages and ``/api/v3``)."""

from urllib.parse import quote, urlencode

SELF = "/api/self"
CONFIG = "/api/config"
NODEINFO = "/nodeinfo/2.0"
CATEGORIES = "/api/v3/categories"
FLAGS = "/api/flags"
POST_QUEUE = "/api/post-queue"
RECENT = "/api/recent"
NOTIFICATIONS = "/api/notifications"
NO_HELD_POST = "none-0"
"""An id that no held post has: its page still tells the account's rights, cheaply."""
UPLOADS = ("/assets/uploads/",)
"""Folders of what members uploaded."""


def query(path: str, **facts: str | int | None) -> str:
    """A path with its query; ``None`` is left out."""
    given = {name: value for name, value in facts.items() if value is not None}
    return f"{path}?{urlencode(given)}" if given else path


def flags(state: str | None, page: int, per_page: int) -> str:
    """A page of flags; with a state, newest transition first."""
    return query(FLAGS, state=state, page=page, perPage=per_page)


def flag_page(flag: str) -> str:
    """A flag with its history."""
    return f"{FLAGS}/{flag}"


def flag(flag: str) -> str:
    """A flag to change."""
    return f"/api/v3/flags/{flag}"


def flag_notes(flag: str) -> str:
    """Notes of a flag."""
    return f"/api/v3/flags/{flag}/notes"


def post_queue(page: int) -> str:
    """Twenty held posts, oldest first."""
    return query(POST_QUEUE, page=page)


def held_page(held: str) -> str:
    """One held post, in a list of its own."""
    return f"{POST_QUEUE}/{held}"


def held(held: str) -> str:
    """A held post to decide."""
    return f"/api/v3/posts/queue/{held}"


def held_notify(held: str) -> str:
    """Tell the author of a held post."""
    return f"/api/v3/posts/queue/{held}/notify"


def group_members(group: str, after: int) -> str:
    """Twenty members of a group."""
    return query(f"/api/v3/groups/{quote(group, safe='')}/members", after=after)


def moderators(cid: str) -> str:
    """Moderators of one category."""
    return f"/api/categories/{cid}/moderators"


def category(cid: str, page: int) -> str:
    """Twenty topics of a category, pinned first, then newest reply first."""
    return query(f"/api/category/{cid}", page=page, sort="recently_replied")


def recent(page: int) -> str:
    """Twenty topics by last reply, at most 200 in all (site setting)."""
    return query(RECENT, page=page)


def topic_page(tid: str, page: int, sort: str = "oldest_to_newest") -> str:
    """Twenty posts of a topic."""
    return query(f"/api/topic/{tid}", page=page, sort=sort)


def topic(tid: str) -> str:
    """A topic's head, and where replies go."""
    return f"/api/v3/topics/{tid}"


def topic_verb(tid: str, verb: str) -> str:
    """``lock``, ``pin``, ``move`` or ``state`` of a topic."""
    return f"/api/v3/topics/{tid}/{verb}"


def topic_events(tid: str) -> str:
    """What happened to a topic: locks, pins, moves, with actor and time."""
    return f"/api/v3/topics/{tid}/events"


def post(pid: str) -> str:
    """A post with its unrendered text."""
    return f"/api/v3/posts/{pid}"


def post_state(pid: str) -> str:
    """Hide (DELETE) or restore (PUT) a post."""
    return f"/api/v3/posts/{pid}/state"


def post_versions(pid: str) -> str:
    """Times of a post's versions, newest first."""
    return f"/api/v3/posts/{pid}/diffs"


def post_version(pid: str, at: str) -> str:
    """One earlier version; deleted by the post's own time, the oldest goes."""
    return f"/api/v3/posts/{pid}/diffs/{at}"


def user(uid: str) -> str:
    """A member."""
    return f"/api/v3/users/{uid}"


def user_verb(uid: str, verb: str) -> str:
    """``ban`` or ``mute`` of a member."""
    return f"/api/v3/users/{uid}/{verb}"


def user_named(name: str) -> str:
    """Public profile by the name as it is written (``GET /api/user/username/:username``; 404 for nobody)."""
    return f"/api/user/username/{quote(name, safe='')}"


def user_page(slug: str, page: str) -> str:
    """A page of a member: ``info``, ``posts`` or ``categories``."""
    return f"/api/user/{quote(slug, safe='')}/{page}"


def user_chat(uid: str) -> str:
    """The private room with a member, if there is one."""
    return f"/api/v3/users/{uid}/chat"


CHATS = "/api/v3/chats"


def chat(room: str) -> str:
    """A chat room."""
    return f"{CHATS}/{room}"


def chat_messages(room: str, start: int = 0) -> str:
    """Fifty messages of a room, oldest first, without the ``start`` newest ones."""
    return query(f"{CHATS}/{room}/messages", start=start or None)


def chat_raw(room: str, message: str) -> str:
    """The unrendered text of a message."""
    return f"{CHATS}/{room}/messages/{message}/raw"


def category_head(cid: str) -> str:
    """One category."""
    return f"/api/v3/categories/{cid}"


def category_watch(cid: str) -> str:
    """How the account follows a category and those below it, to change."""
    return f"/api/v3/categories/{cid}/watch"


def groups(page: int) -> str:
    """Fifteen groups, by name."""
    return query("/api/v3/groups", page=page)


def post_index(pid: str) -> str:
    """The position of a post in its topic."""
    return f"/api/v3/posts/{pid}/index"


def post_summary(pid: str) -> str:
    """A post rendered, with its author and category."""
    return f"/api/v3/posts/{pid}/summary"


def rights_in(cid: str) -> str:
    """The table of rights of a category; administrators only."""
    return f"/api/v3/categories/{cid}/privileges"


def right_in(cid: str, right: str) -> str:
    """One right in a category, to give (PUT) or take (DELETE), ``member`` in the body."""
    return f"/api/v3/categories/{cid}/privileges/{quote(right, safe=':')}"


def chats(page: int) -> str:
    """Fifty of one's own chat rooms, newest first."""
    return query(CHATS, page=page, perPage=50)


def chat_users(room: str) -> str:
    """Who is in a room; to bring in (POST) or to put out (DELETE), ``uids`` in the body."""
    return f"{CHATS}/{room}/users"


TOPICS = "/api/v3/topics"


def tagged(tag: str) -> str:
    """Topics with a tag, of those that the account may read."""
    return f"/api/tags/{quote(tag, safe='')}"
