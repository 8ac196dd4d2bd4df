"""Beginning a private message, once.

With an admin key the message gets an id of ours (``external_id``): the server refuses a second one, and the first is
found by it. A user key has no such id; there author, time and text are compared, among the newest private posts.
"""

from collections.abc import Mapping
from typing import Any

from moderation.errors import MarqueeError, NotAllowedError, PayloadError, RefusedError, UnclearError
from moderation.ids import Kind
from moderation.intents import Intent, Receipt
from moderation.text import one_line
from sync.connector import Answer, Before, Evidence, Standing, Urgency
from sync.discourse import endpoints
from sync.discourse.canonical import same_text
from sync.discourse.decode import utc
from sync.discourse.decoders import CREATED, FEED, POST, TOPIC_PAGE
from sync.discourse.payloads import PostP
from sync.discourse.push.tools import Tools
from sync.discourse.reading import set_aside
from sync.parts.intents import Taken, on
from sync.parts.times import in_ms

_MOST_PAGES = 5
_TITLE = 80
_SKEW_MS = 2000


class Message:
    """Write to a member (and, with ``groups`` in the payload, to groups) in a message of its own."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def before(self, intent: Intent) -> Before:
        """Does the member exist; the newest private post of this account."""
        name = self._tools.context.username(on(intent, Kind.MEMBER))
        if name is None:
            return Before(Standing.GONE, {})
        posts, at = self._newest(None)
        newest = max((post.id for post in posts), default=0)
        return Before(Standing.CLEAR, {"post": newest, "at": at, "name": name})

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Begin the message once."""
        text = str(intent.payload.get("text", ""))
        if not text.strip():
            raise RefusedError("text_empty")
        body: dict[str, Any] = {
            "archetype": "private_message",
            "title": str(intent.payload.get("title") or one_line(text, _TITLE)),
            "raw": text,
            "target_recipients": ",".join([str(before.baseline["name"]), *_groups(intent)]),
            "nested_post": True,
        }
        if self._tools.context.is_admin_key:
            body |= {"external_id": external_id(intent), "auto_track": False}
        try:
            answer, _ = self._tools.writer.send("POST", endpoints.POSTS, body, CREATED)
        except RefusedError:
            if self._named(intent) is None:
                raise
            return {}  # refused because the message is there already
        if answer.post is not None:
            return {"post": answer.post.id}
        raise UnclearError("answer_unfit", endpoint=endpoints.POSTS)

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the message of our id exists, or an own one with this text came since the baseline."""
        where = ("private posts",)
        try:
            post = self._named(intent) if self._tools.context.is_admin_key else self._alike(intent, hints, taken)
        except (NotAllowedError, PayloadError):
            return Evidence(Answer.UNCLEAR, where=where)
        if post is None:
            absent = "post" in (intent.baseline or {}) and not hints.get("post")  # what the answer named was there
            return Evidence(Answer.ABSENT if absent else Answer.UNCLEAR, where=where)
        receipt = Receipt(f"post:{post.id}", str(self._tools.me), utc(post.created_at))
        return Evidence(Answer.HAPPENED, None if taken(receipt.server_id) else receipt, where=where)

    def _named(self, intent: Intent) -> PostP | None:
        """The first post of the message that carries our id."""
        if not self._tools.context.is_admin_key:
            return None
        path = endpoints.topic_named(external_id(intent))
        read = self._tools.context.reader.find(path, TOPIC_PAGE, Urgency.FLUSH)
        if read.value is None:
            return None
        posts, _ = set_aside(read.value.post_stream.posts, POST, lambda one: one, read.endpoint)
        return posts[0] if posts else None

    def _alike(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> PostP | None:
        """An own one with this text; raises ``PayloadError`` where more have come than are read."""
        baseline, text = intent.baseline or {}, str(intent.payload.get("text", ""))
        last, since = int(baseline.get("post", 0)), int(baseline.get("at", 0)) - _SKEW_MS
        found: list[PostP] = []
        before: str | None = None
        for _ in range(_MOST_PAGES):
            posts, _ = self._newest(before)
            fresh = [post for post in posts if post.id > last and in_ms(utc(post.created_at)) >= since]
            found += fresh
            if len(fresh) < len(posts) or not posts:
                break
            before = str(min(post.id for post in posts))
        else:
            raise PayloadError("endpoint_missing", connector="discourse", endpoint=endpoints.POSTS, field="$")
        for post in sorted(found, key=lambda one: one.id):
            mine = str(post.user_id) == self._tools.me.native and post.post_number == 1
            same = hints.get("post") == post.id or same_text(post.raw, text)
            if mine and same and not taken(f"post:{post.id}"):
                return post
        return None

    def _newest(self, before: str | None) -> tuple[list[PostP], int]:
        """Newest private posts of this account, and the server's time (ms)."""
        try:
            read = self._tools.context.reader.get(endpoints.private_posts_before(before), FEED, Urgency.FLUSH)
        except MarqueeError:
            if self._tools.context.is_admin_key:
                return [], in_ms(self._tools.context.now())
            raise
        posts, _ = set_aside(read.value.rows, POST, lambda one: one, read.endpoint)
        return posts, in_ms(self._tools.time_of(read.server_time))


def external_id(intent: Intent) -> str:
    """The id of ours under which a message is made: the intent's own, 36 characters."""
    return intent.id


def _groups(intent: Intent) -> list[str]:
    groups = intent.payload.get("groups")
    return [str(group) for group in groups] if isinstance(groups, list) else []
