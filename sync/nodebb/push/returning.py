"""What stands in a thread that is to be public again and that nobody outside has read.

The mirror may be behind, so the server is asked for all pages just before the thread is moved: a reply that came a
moment ago, a post that was edited or shown again while the thread was private, another title. A post that waits for
approval would be posted in public.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moderation.cases import WAS_PUBLIC
from moderation.content import Post
from moderation.errors import NotAllowedError, RefusedError
from moderation.ids import Ref
from moderation.intents import Intent
from moderation.records import Records
from sync.connector import Urgency
from sync.nodebb.ids import native
from sync.nodebb.pull.posts import ThreadPosts
from sync.nodebb.push.reply import Places
from sync.nodebb.push.tools import Tools
from sync.parts.intents import joined


@dataclass(frozen=True, slots=True)
class Public:
    """What was public: posts by their native ids, until when (server clock), under which title."""

    posts: frozenset[str]
    until: datetime | None
    title: str

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> "Public | None":
        """From the payload of a step that leads back, ``None`` for any other."""
        posts = payload.get(WAS_PUBLIC)
        if not isinstance(posts, list) or not payload.get("back"):
            return None
        since = str(payload.get("since") or "")
        until = datetime.fromisoformat(since) if since else None
        return cls(frozenset(str(one) for one in posts), until, str(payload.get("title") or ""))

    def has(self, post: Post) -> bool:
        """True for a post that was public as it stands now."""
        later = post.edited_at is not None and (self.until is None or post.edited_at > self.until)
        return post.id.native in self.posts and not later


class Returning:
    """Looks at a thread before it is moved back."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._threads = ThreadPosts(tools.context)
        self._places = Places(tools)

    def refusal(self, intent: Intent) -> tuple[RefusedError | None, Records | None]:
        """Why the thread must not be public yet, and what was read; ``None`` where nothing private would show."""
        public = Public.of(intent.payload)
        if public is None:
            return None, None
        try:
            waiting = [one for one in self._places.waiting() if str(one.data.tid) == native(intent.target)]
        except NotAllowedError:
            waiting = []  # who may not see the queue: a post that is let through stands there for the next look
        records, whole = self._read(intent.target)
        posts = {post.id: post for one in records for post in one.posts}.values()
        private = [post for post in posts if not post.hidden and not public.has(post)]
        titles = {thread.title for one in records for thread in one.threads}
        thread = str(intent.target)
        if private:
            return RefusedError("private_words_there", thread=thread, count=len(private)), joined(*records)
        if not whole:
            return RefusedError("thread_not_read", thread=thread), joined(*records)
        if public.title and titles != {public.title}:
            return RefusedError("private_title_there", thread=thread, title=public.title), joined(*records)
        if waiting:
            return RefusedError("private_words_wait", thread=thread, count=len(waiting)), joined(*records)
        return None, joined(*records)

    def latecomers(self, intent: Intent, moved: datetime) -> list[Ref]:
        """Visible posts that came, or were changed, between that look and the move (server clock)."""
        public = Public.of(intent.payload)
        if public is None:
            return []
        records, whole = self._read(intent.target)
        if not whole:
            raise NotAllowedError("thread_not_read", thread=str(intent.target))
        posts = [post for one in records for post in one.posts if not post.hidden and not public.has(post)]
        return [post.id for post in posts if _latest(post, public) <= moved]

    def _read(self, thread: Ref) -> tuple[list[Records], bool]:
        """All pages as this account, and whether all of them could be read."""
        batches = list(self._threads.whole(thread, Urgency.FLUSH))
        records = [one for batch in batches for one in batch.records]
        last = records[-1].threads if records else ()
        return records, bool(last) and last[0].complete and not any(batch.problems for batch in batches)


def _latest(post: Post, public: Public) -> datetime:
    """When a post came to be as it is: a known one by its last edit, any other by its writing."""
    return post.edited_at if post.edited_at is not None and post.id.native in public.posts else post.created_at
