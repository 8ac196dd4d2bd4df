"""All paths of Discourse that this connector uses; a subfolder of the site belongs to the base URL."""

from collections.abc import Iterable
from urllib.parse import quote, urlencode

SESSION = "/session/current.json"
SITE = "/site.json"
ABOUT = "/about.json"
BASIC_INFO = "/site/basic-info.json"
REVIEW = "/review.json"
REVIEW_COUNT = "/review/count.json"
CLAIMS = "/reviewable_claimed_topics.json"
POSTS = "/posts.json"
PRIVATE_POSTS = "/private-posts.json"
ACCEPT = "/solution/accept.json"
LATEST = "/latest.json"
KEY_NEW = "/user-api-key/new"
KEY_DEVICE = "/user-api-key/device.json"
KEY_POLL = "/user-api-key/device/poll.json"
KEY_REVOKE = "/user-api-key/revoke.json"
UPLOADS = ("/uploads/", "/secure-uploads/", "/secure-media-uploads/")
"""Folders of what members uploaded; the secure ones answer only with a key."""


def query(path: str, **facts: str | int | Iterable[str | int] | None) -> str:
    """A path with its query; ``None`` is left out, a list is repeated as ``name[]``."""
    given: list[tuple[str, str | int]] = []
    for name, value in facts.items():
        if value is None:
            continue
        if isinstance(value, str | int):
            given.append((name, value))
        else:
            given += [(f"{name}[]", each) for each in value]
    return f"{path}?{urlencode(given)}" if given else path


def review(
    *,
    status: str = "pending",
    sort_order: str = "score",
    offset: int = 0,
    ids: Iterable[str] | None = None,
    username: str | None = None,
    kind: str | None = None,
    topic: str | None = None,
) -> str:
    """Ten items; ``priority=low`` because the site's floor hides what has a low score."""
    path = query(
        REVIEW,
        status=status,
        priority="low",
        sort_order=sort_order,
        offset=offset or None,
        username=username,
        ids=ids,
        topic_id=topic,
    )
    return f"{path}&{urlencode({'type': kind})}" if kind else path


def reviewable(item: str) -> str:
    """One item; also for writing its editable fields."""
    return f"/review/{item}.json"


def perform(item: str, action: str, version: int) -> str:
    """Do what the server offers, to the item of this version."""
    return f"/review/{item}/perform/{quote(action, safe='')}.json?version={version}"


def edit_reviewable(item: str, version: int) -> str:
    """Change the editable fields of an item of this version."""
    return f"/review/{item}.json?version={version}"


def review_notes(item: str) -> str:
    """Notes of an item."""
    return f"/review/{item}/notes.json"


def claim(topic: str) -> str:
    """The claim on a topic, for taking it away."""
    return f"/reviewable_claimed_topics/{topic}.json"


def category(category: str) -> str:
    """One category."""
    return f"/c/{category}/show.json"


def category_level(category: str) -> str:
    """How the account follows one category, to change."""
    return f"/category/{category}/notifications.json"


def groups(page: int) -> str:
    """Thirty-six groups, by name."""
    return query("/groups.json", page=page)


def latest(page: int, order: str = "created") -> str:
    """Thirty topics; by creation the pinned ones do not stand on top."""
    return query(LATEST, order=order, page=page or None)


def latest_of(category: str, page: int) -> str:
    """Thirty topics of one category (``slug/id``) and those beneath it: the account's own muting has no say in it."""
    return query(f"/c/{quote(category)}/l/latest.json", page=page or None)


def watched(page: int) -> str:
    """Thirty topics that the account itself watches, by last activity."""
    return query("/filter.json", q="in:watching", page=page or None)


def posts_before(post: str | None) -> str:
    """Fifty public posts with smaller ids, newest first; without one the newest of all."""
    return query(POSTS, before=post)


def private_posts_before(post: str | None) -> str:
    """The same of messages that the account takes part in."""
    return query(PRIVATE_POSTS, before=post)


def topic(topic: str, *, raw: bool = False) -> str:
    """A topic with the ids of all its posts and the first twenty of them."""
    return query(f"/t/{topic}.json", include_raw="1" if raw else None)


def topic_posts(topic: str, posts: Iterable[str]) -> str:
    """Posts of a topic by id, with what was typed."""
    return query(f"/t/{topic}/posts.json", post_ids=posts, include_raw="1")


def topic_named(external_id: str) -> str:
    """The topic that was made under an id of ours (redirects to it)."""
    return f"/t/external_id/{quote(external_id, safe='')}.json"


def topic_head(topic: str) -> str:
    """A topic's title, category and tags, to change."""
    return f"/t/-/{topic}.json"


def topic_verb(topic: str, verb: str) -> str:
    """``status``, ``timer``, ``slow_mode``, ``invite``, ``invite-group``, ``remove-allowed-user``,
    ``remove-allowed-group`` or ``convert-topic/private`` of a topic.
    """
    return f"/t/{topic}/{verb}.json"


def messages_of(username: str) -> str:
    """Messages to an account, newest activity first."""
    return f"/topics/private-messages/{quote(username, safe='')}.json"


def messages_sent(username: str) -> str:
    """Messages that an account began."""
    return f"/topics/private-messages-sent/{quote(username, safe='')}.json"


def messages_of_group(username: str, group: str) -> str:
    """The inbox of a group."""
    return f"/topics/private-messages-group/{quote(username, safe='')}/{quote(group, safe='')}.json"


def post(post: str) -> str:
    """A post with what was typed."""
    return f"/posts/{post}.json"


def post_verb(post: str, verb: str) -> str:
    """``unhide`` or ``recover`` of a post."""
    return f"/posts/{post}/{verb}.json"


def revision(post: str, number: int, verb: str = "") -> str:
    """An edit of a post, the first of which is number 2; ``hide``, ``show`` and ``revert`` to change it."""
    return f"/posts/{post}/revisions/{number}{f'/{verb}' if verb else ''}.json"


def user(username: str) -> str:
    """A member's profile, with what the member follows where the account may edit it."""
    return f"/u/{quote(username, safe='')}.json"


def admin_user(user: str, verb: str = "") -> str:
    """A member as staff see it by id; ``suspend``, ``unsuspend``, ``silence``, ``unsilence`` to change it."""
    return f"/admin/users/{user}/{verb}.json" if verb else f"/admin/users/{user}.json"


def group_members(group: str, offset: int, limit: int = 50) -> str:
    """Members of a group, those seen last first."""
    path = f"/groups/{quote(group, safe='')}/members.json"
    return query(path, limit=limit, offset=offset, order="last_seen_at")


def bus(client: str, *, at_once: bool = False) -> str:
    """The message bus, which answers when there is something to tell, or at once."""
    return f"/message-bus/{client}/poll{'?dlp=t' if at_once else ''}"
