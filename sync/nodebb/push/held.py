"""Deciding, editing and answering held posts.

A held post that somebody handled first answers 400 in two odd ways. An accepted post keeps the time at which it was
written, so it is found again by author and time. Forum moderators cannot see the queue, but decide by id.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from moderation.actions import Action
from moderation.errors import RefusedError
from moderation.ids import Kind, Ref
from moderation.intents import Intent, Receipt
from moderation.items import Item
from moderation.records import Records
from sync.connector import Answer, Before, Evidence, Standing, Urgency
from sync.nodebb import endpoints
from sync.nodebb.canonical import same_text
from sync.nodebb.decode import moment
from sync.nodebb.decoders import ACCEPTED, NOTHING, POST, USER_ANSWER, USER_POSTS
from sync.nodebb.ids import in_path, native, safe
from sync.nodebb.payloads import PostP
from sync.nodebb.pull.held import HeldPosts
from sync.nodebb.push.tools import Tools
from sync.nodebb.reading import set_aside
from sync.parts.intents import Taken, on
from sync.parts.times import in_ms

_MOST_PAGES = 5
_HANDLED = r"Post does not exist|no-post|reading 'message'"


class _Queue:
    """The post queue as the pushes of this module see it."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools
        self._held = HeldPosts(tools.context)

    @property
    def visible(self) -> bool:
        """False for forum moderators, who get an empty list."""
        return self.tools.context.rights(Urgency.FLUSH).everywhere

    def item(self, ref: Ref) -> tuple[Item | None, Records, datetime]:
        """The held post now, ``None`` once it is handled; its records; the server's time."""
        return self._held.item(ref, Urgency.FLUSH)

    def accepted(self, baseline: Mapping[str, Any]) -> tuple[PostP | None, bool]:
        """The post that a held one became: of its author, with the time at which it was written. And whether the
        author's posts could be read back to that time, so that there being none means something.
        """
        author, written = baseline.get("author"), int(baseline.get("written", 0))
        if not author or not written:
            return None, False
        context = self.tools.context
        user = context.reader.find(endpoints.user(str(author)), USER_ANSWER, Urgency.FLUSH)
        if user.value is None or not user.value.response.userslug:
            return None, False
        path = endpoints.user_page(user.value.response.userslug, "posts")
        for number in range(1, _MOST_PAGES + 1):
            page = context.reader.find(endpoints.query(path, page=number), USER_POSTS, Urgency.FLUSH)
            if page.value is None:
                break
            posts, _ = set_aside(page.value.posts, POST, lambda one: one, page.endpoint)
            found = next((one for one in posts if round(one.timestamp) == written), None)
            if found is not None or not posts or min(round(one.timestamp) for one in posts) < written:
                return found, True
        return None, False


class DecideHeld:
    """Approve or reject a held post."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._queue = _Queue(tools)

    def before(self, intent: Intent) -> Before:
        """Is it still in the queue, and with the text that the person saw."""
        return before_on_held(self._queue, intent)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Accept, or reject with an optional message to the author."""
        path = endpoints.held(in_path(intent.target))
        if intent.action is Action.APPROVE:
            answer, _ = self._tools.writer.send("POST", path, {}, ACCEPTED, overtaken=_HANDLED)
            post = answer.response.post
            return {"done": True, "post": str(post.pid) if post is not None and post.pid else None}
        message = str(intent.payload.get("message") or "").strip()
        body = {"message": message} if message else {}
        self._tools.writer.send("DELETE", path, body, NOTHING, overtaken=_HANDLED)
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Approved: out of the queue and posted, or as the server said (a crosspost that is let in makes no post).
        Rejected: out of the queue and not posted.
        """
        baseline = intent.baseline or {}
        item, records, now = self._queue.item(intent.target)
        if item is not None:
            return Evidence(Answer.ABSENT, None, (records,), where=("post queue",))
        post, read = (None, True) if hints.get("post") else self._queue.accepted(baseline)
        accepted = hints.get("post") or _pid(post)
        where = ("post queue", "posts of the author")
        if accepted is None and not read and not hints.get("done"):
            return Evidence(Answer.UNCLEAR, where=where)
        told = accepted is None and hints.get("done")
        if not told and (accepted is not None) != (intent.action is Action.APPROVE):
            return Evidence(Answer.ABSENT, None, (records,), where=where)
        return Evidence(Answer.HAPPENED, self._receipt(intent, accepted, now, taken), (records,), where=where)

    def _receipt(self, intent: Intent, accepted: str | None, now: datetime, taken: Taken) -> Receipt:
        if accepted is None:
            effect = "rejected" if intent.action is Action.REJECT else "approved"
            return self._tools.receipt(intent.target, effect, now, taken)
        return Receipt(f"held:{intent.target.native}@post.{safe(accepted)}", str(self._tools.me), now)


class EditHeld:
    """Change the text (title, forum) of a held post."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._queue = _Queue(tools)

    def before(self, intent: Intent) -> Before:
        """Is it still in the queue, and with the text that the person saw."""
        return before_on_held(self._queue, intent)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Write the text."""
        text = str(intent.payload.get("text", ""))
        if not text.strip():
            raise RefusedError("text_empty")
        body: dict[str, Any] = {"content": text}
        if intent.payload.get("title"):
            body["title"] = str(intent.payload["title"])
        path = endpoints.held(in_path(intent.target))
        self._tools.writer.send("PUT", path, body, NOTHING, overtaken=_HANDLED)
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the queue shows the wanted text, and title."""
        item, records, now = self._queue.item(intent.target)
        if item is None and self._queue.visible:
            return Evidence(Answer.ABSENT, None, (records,), where=("post queue",))
        if item is None:
            answer = Answer.HAPPENED if hints.get("done") else Answer.UNCLEAR
            receipt = self._receipt(intent, now, taken) if hints.get("done") else None
            return Evidence(answer, receipt, where=("post queue",))
        title = str(intent.payload.get("title") or "")
        done = same_text(item.body, str(intent.payload.get("text", ""))) and title in {"", item.thread_title}
        receipt = self._receipt(intent, now, taken) if done else None
        return Evidence(Answer.HAPPENED if done else Answer.ABSENT, receipt, (records,), where=("post queue",))

    def _receipt(self, intent: Intent, now: datetime, taken: Taken) -> Receipt:
        return self._tools.receipt(intent.target, "edit", now, taken)


class NotifyHeld:
    """Tell the author of a held post something. Only the author can see it, so a lost answer stays unclear."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._queue = _Queue(tools)

    def before(self, intent: Intent) -> Before:
        """Is it still in the queue."""
        return before_on_held(self._queue, intent)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Send the message."""
        text = str(intent.payload.get("text") or intent.payload.get("message") or "").strip()
        if not text:
            raise RefusedError("text_empty")
        path = endpoints.held_notify(in_path(intent.target))
        _, answer = self._tools.writer.send("POST", path, {"message": text}, NOTHING, overtaken=_HANDLED)
        return {"done": True, "at": in_ms(answer.server_time or self._tools.context.now())}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Only the server's own answer proves it."""
        if not hints.get("done"):
            return Evidence(Answer.UNCLEAR, where=("nowhere to look",))
        receipt = self._tools.receipt(intent.target, "notified", moment(hints["at"]), taken)
        return Evidence(Answer.HAPPENED, receipt, where=("answer",))


def before_on_held(queue: _Queue, intent: Intent) -> Before:
    """What a push finds before it sends to a held post."""
    item, records, _ = queue.item(on(intent, Kind.HELD))
    if item is None:
        standing = Standing.GONE if queue.visible else Standing.CLEAR
        return Before(standing, {}, records=records if queue.visible else None)
    seen = intent.seen_version
    if seen and not seen.startswith("q"):
        raise RefusedError("version_malformed", version=seen[:100])
    edited = bool(seen) and item.version != seen
    baseline = {
        "author": native(item.author) if item.author is not None else None,
        "written": int(item.extra.get("timestamp", "0")),
    }
    return Before(
        Standing.CLEAR,
        baseline,
        version=item.version,
        state=item.state,
        changed={"text": "edited"} if edited else {},
        records=records,
    )


def _pid(post: PostP | None) -> str | None:
    return str(post.pid) if post is not None else None
