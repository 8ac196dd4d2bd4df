"""Replying in a thread, once, in public or as a whisper among staff.

A user key has no memory of what it posted; an admin key remembers an identical request for two minutes, which covers a
late arrival but is no proof. So a look compares author, thread, time and text: posts newer than the baseline, in the
thread and among what waits for approval (a reply may be held, and the answer is 200 all the same).
"""

from collections.abc import Mapping
from typing import Any

from moderation.actions import Action
from moderation.errors import MarqueeError, NotAllowedError, PayloadError, RefusedError, UnclearError
from moderation.ids import Kind, Ref
from moderation.intents import Intent, Receipt
from moderation.items import Item
from moderation.records import Records
from sync.connector import Answer, Before, Evidence, Standing, Urgency
from sync.discourse import endpoints
from sync.discourse.canonical import same_text
from sync.discourse.decode import utc
from sync.discourse.decoders import CREATED
from sync.discourse.payloads import PostP, TopicPageP
from sync.discourse.pull.single import Posts
from sync.discourse.pull.threads import CHUNK
from sync.discourse.push.tools import Tools
from sync.parts.intents import Taken, check_open, elsewhere, on
from sync.parts.times import in_ms

_MOST_CHUNKS = 10
_WHISPER = 4


class Reply:
    """Reply or whisper as the account of the context: the person, or the company."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def before(self, intent: Intent) -> Before:
        """The thread's head, and the newest post in it, behind which a look will search.

        What a case says here stands once, whoever began it anew: an own post with the same text is it (``there``).
        """
        read = self._tools.threads.head(on(intent, Kind.THREAD), Urgency.FLUSH)
        if read.value is None:
            return Before(Standing.GONE, {})
        baseline = {
            "post": max(read.value.post_stream.stream, default=0),
            "at": in_ms(self._tools.time_of(read.server_time)),
        }
        page = read.value
        check_open(intent, locked=page.closed or page.archived, hidden=not page.visible or page.deleted_at is not None)
        forum = self._tools.context.names.forum(page.category_id, page.archetype)
        there = self._said(intent, page) if intent.payload.get("case") else None
        if there is not None:
            baseline |= {"there": there, "post": there - 1}
        return Before(Standing.CLEAR, baseline, changed=elsewhere(intent, forum))

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Post once; hints hold the new post's id, or the id of what is held."""
        if before.baseline.get("there"):
            return {"post": before.baseline["there"]}
        text = str(intent.payload.get("text", ""))
        if not text.strip():
            raise RefusedError("text_empty")
        body: dict[str, Any] = {"topic_id": int(intent.target.native), "raw": text, "nested_post": True}
        if intent.action is Action.WHISPER:
            body["whisper"] = True
        if self._tools.context.is_admin_key:
            body["auto_track"] = False
        if (number := self._number(intent)) is not None:
            body["reply_to_post_number"] = number
        answer, _ = self._tools.writer.send("POST", endpoints.POSTS, body, CREATED)
        if answer.post is not None:
            return {"post": answer.post.id}
        if answer.action == "enqueued":
            return {"held": answer.pending_post.id if answer.pending_post is not None else None, "enqueued": True}
        raise UnclearError("answer_unfit", endpoint=endpoints.POSTS)

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when an own post (or held post) with this text has come since the baseline.

        Absent only where thread and queue could be read whole, and the answer did not name a post.
        """
        baseline, where = intent.baseline or {}, ("thread", "review queue")
        if "post" not in baseline:
            return Evidence(Answer.UNCLEAR, where=("no baseline",))
        posts, page, seq, complete = self._since(intent.target, int(baseline["post"]), hints)
        for post in sorted(posts, key=lambda one: one.id):
            if self._is_mine(post, intent, hints) and not taken(f"post:{post.id}"):
                receipt = Receipt(f"post:{post.id}", str(self._tools.me), utc(post.created_at))
                return Evidence(Answer.HAPPENED, receipt, (self._records(post, page, seq),), where=where)
        held, queue_read = self._held(intent, hints, taken)
        if held is not None:
            receipt = Receipt(f"held:{held.id.native}", str(self._tools.me), held.created_at)
            return Evidence(Answer.HAPPENED, receipt, held_id=str(held.id), where=where)
        if hints.get("enqueued"):
            at = self._tools.context.now()
            receipt = self._tools.receipt(intent.target, f"held.{intent.id}", at, taken)
            held_id = str(self._tools.context.names.ref(Kind.REVIEW, hints["held"])) if hints.get("held") else ""
            return Evidence(Answer.HAPPENED, receipt, held_id=held_id, where=("answer",))
        absent = complete and queue_read and not hints.get("post")
        return Evidence(Answer.ABSENT if absent else Answer.UNCLEAR, where=where)

    def _said(self, intent: Intent, page: TopicPageP) -> int | None:
        """An own post among the newest of the thread that has this text and can be read."""
        newest = page.post_stream.stream[-2 * CHUNK :]
        for start in range(0, len(newest), CHUNK):
            posts, _, _ = self._tools.threads.posts(intent.target, newest[start : start + CHUNK], Urgency.FLUSH)
            for post in posts:
                away = post.hidden or post.user_deleted or post.deleted_at is not None
                if not away and self._is_mine(post, intent, {}):
                    return post.id
        return None

    def _since(
        self, thread: Ref, after: int, hints: Mapping[str, Any]
    ) -> tuple[list[PostP], TopicPageP | None, int, bool]:
        """Posts of the thread with greater ids, with what was typed; and whether all of them could be read."""
        try:
            read = self._tools.threads.head(thread, Urgency.FLUSH)
            page = read.value
            fresh = [one for one in page.post_stream.stream if one > after] if page is not None else []
            if page is None or (hints.get("post") and hints["post"] not in fresh):
                return self._named(hints), page, read.seq, page is not None
            newest = fresh[-CHUNK * _MOST_CHUNKS :]
            found: list[PostP] = []
            unread: list[str] = []
            for start in range(0, len(newest), CHUNK):
                posts, _, aside = self._tools.threads.posts(thread, newest[start : start + CHUNK], Urgency.FLUSH)
                found += posts
                unread += aside
        except (NotAllowedError, PayloadError):
            return self._named(hints), None, 0, False
        return found, page, read.seq, len(newest) == len(fresh) and not unread

    def _named(self, hints: Mapping[str, Any]) -> list[PostP]:
        """The post that the server's answer named, read by itself: it may have been moved since."""
        if not hints.get("post"):
            return []
        ref = self._tools.context.names.ref(Kind.POST, hints["post"])
        found = Posts(self._tools.context).one(ref, Urgency.FLUSH).value
        return [found] if found is not None else []

    def _is_mine(self, post: PostP, intent: Intent, hints: Mapping[str, Any]) -> bool:
        if str(post.user_id) != self._tools.me.native:
            return False
        if (post.post_type == _WHISPER) != (intent.action is Action.WHISPER):
            return False
        return hints.get("post") == post.id or same_text(post.raw, str(intent.payload.get("text", "")))

    def _records(self, post: PostP, page: TopicPageP | None, seq: int) -> Records:
        if page is not None:
            return self._tools.threads.records(page, [post], seq)
        ref = self._tools.context.names.ref(Kind.POST, post.id)
        posts = Posts(self._tools.context)
        return posts.record(ref, posts.one(ref, Urgency.FLUSH))

    def _held(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> tuple[Item | None, bool]:
        """An own post that waits for approval, with this text and for this thread; and whether the queue could be
        read, which only staff may.
        """
        rights = self._tools.context.rights(Urgency.FLUSH)
        if hints.get("post") or not rights.moderates:
            return None, False
        try:
            waiting = self._tools.queue.held_by(rights.username, Urgency.FLUSH)
        except MarqueeError:
            return None, False
        text, since = str(intent.payload.get("text", "")), int((intent.baseline or {}).get("at", 0)) - 1000
        for item in waiting:
            here = item.thread == intent.target and same_text(item.body, text) and in_ms(item.created_at) >= since
            named = hints.get("held") is not None and item.id.native == str(hints["held"])
            if (here or named) and not taken(f"held:{item.id.native}"):
                return item, True
        return None, True

    def _number(self, intent: Intent) -> int | None:
        """The number, within its thread, of the post that is replied to."""
        parent = str(intent.payload.get("to_post") or "")
        if not parent:
            return None
        ref = Ref.parse(parent) if ":" in parent else self._tools.context.names.ref(Kind.POST, parent)
        found = Posts(self._tools.context).one(ref, Urgency.FLUSH).value
        return found.post_number or None if found is not None else None
