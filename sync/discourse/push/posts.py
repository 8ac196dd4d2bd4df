"""Editing posts, taking them out of sight and bringing them back.

Outside of a review nothing hides a post but deleting it, which staff can take back. An edit carries the text that it
was made on, so that the server refuses one that is stale.
"""

from collections.abc import Mapping
from typing import Any

from moderation.actions import Action
from moderation.errors import RefusedError
from moderation.ids import Kind
from moderation.intents import Intent, Receipt
from sync.connector import Before, Evidence, Standing, Urgency
from sync.discourse import endpoints
from sync.discourse.canonical import same_text
from sync.discourse.decode import utc
from sync.discourse.decoders import EDITED
from sync.discourse.payloads import PostP
from sync.discourse.pull.single import Posts
from sync.discourse.push.tools import Tools, needed
from sync.discourse.versions import ReviewVersion
from sync.parts.answers import Read
from sync.parts.intents import Taken, on
from sync.parts.times import in_ms


class EditPost:
    """Change the text of a post."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._posts = Posts(tools.context)

    def before(self, intent: Intent) -> Before:
        """Was it edited since the person looked; ``already`` when it has the wanted text."""
        read = self._posts.one(on(intent, Kind.POST), Urgency.FLUSH)
        post = read.value
        if post is None:
            return self._tools.beside_item(intent, Before(Standing.GONE, {}))
        there = same_text(post.raw, str(intent.payload.get("text", "")))
        found = Before(
            Standing.ALREADY if there else Standing.CLEAR,
            {"version": post.version, "edited": in_ms(utc(post.updated_at or post.created_at))},
            version=f"p{post.version}",
            changed=_changed(intent, post),
            records=self._posts.record(intent.target, read),
        )
        return self._tools.beside_item(intent, found)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Write the text, with the one that it replaces."""
        text = str(intent.payload.get("text", ""))
        if not text.strip():
            raise RefusedError("text_empty")
        posts = before.records.posts if before.records is not None else ()
        replaced = next((post.body for post in posts if post.id == intent.target and post.body is not None), None)
        body: dict[str, Any] = {"raw": text}
        if reason := str(intent.payload.get("reason") or ""):
            body["edit_reason"] = reason
        if replaced is not None:
            body["original_text"] = replaced
        self._tools.writer.send("PUT", endpoints.post(intent.target.native), {"post": body}, EDITED)
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the post has the text, in a version that came after the baseline."""
        read = self._posts.one(intent.target, Urgency.FLUSH)
        receipt = self._receipt(intent, read.value, taken) if read.value is not None else None
        return self._tools.evidence(intent, receipt, self._posts.record(intent.target, read), where="post")

    def _receipt(self, intent: Intent, post: PostP, taken: Taken) -> Receipt | None:
        baseline, at = intent.baseline or {}, utc(post.updated_at or post.created_at)
        # an own edit soon after posting makes no version of its own, but moves the time
        later = post.version > int(baseline.get("version", 0)) or in_ms(at) > int(baseline.get("edited", 0))
        if not later or not same_text(post.raw, str(intent.payload.get("text", ""))):
            return None
        server_id = f"post:{intent.target.native}@edit.{post.version}.{in_ms(at)}"
        return None if taken(server_id) else Receipt(server_id, str(self._tools.me), at)


class DeletePost:
    """Take a post out of sight and bring it back. Deleting the first post deletes the topic."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._posts = Posts(tools.context)

    def before(self, intent: Intent) -> Before:
        """Is it out of sight already."""
        read = self._posts.one(on(intent, Kind.POST), Urgency.FLUSH)
        if read.value is None:
            return self._tools.beside_item(intent, Before(Standing.GONE, {}))
        away = _away(read.value)
        there = away == (intent.action is Action.HIDE)
        found = Before(
            Standing.ALREADY if there else Standing.CLEAR,
            {"deleted": read.value.deleted_at is not None},
            records=self._posts.record(intent.target, read),
        )
        return self._tools.beside_item(intent, found)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Delete; or recover what was deleted, unhide what was hidden. All answer with an empty body."""
        native = intent.target.native
        if intent.action is Action.HIDE:
            self._tools.writer.do("DELETE", endpoints.post(native), {})
        else:
            verb = "recover" if before.baseline.get("deleted") else "unhide"
            self._tools.writer.do("PUT", endpoints.post_verb(native, verb), {})
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the post is as wanted. One that is not found may as well be one that this account may not see
        any more: only the server's own answer tells that it was taken away.
        """
        read = self._posts.one(intent.target, Urgency.FLUSH)
        receipt = self._receipt(intent, read, bool(hints.get("done")), taken)
        return self._tools.evidence(intent, receipt, self._posts.record(intent.target, read), where="post")

    def _receipt(self, intent: Intent, read: Read[PostP | None], answered: bool, taken: Taken) -> Receipt | None:
        hide, post = intent.action is Action.HIDE, read.value
        done = hide and answered if post is None else _away(post) == hide and not self._by_others(intent, post)
        at = self._tools.time_of(read.server_time)
        return self._tools.receipt(intent.target, "hidden" if hide else "restored", at, taken) if done else None

    def _by_others(self, intent: Intent, post: PostP) -> bool:
        """For a step that only wants a post to be away (``ensure``): a colleague has deleted it, so that its way back
        must not bring it back.
        """
        by = post.deleted_by.get("id") if isinstance(post.deleted_by, dict) else None
        hides = intent.action is Action.HIDE and bool(intent.payload.get("ensure"))
        return hides and by is not None and str(by) != self._tools.me.native


class EditHeld:
    """Change the text of a held post."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def before(self, intent: Intent) -> Before:
        """Is it still waiting, and with the text that the person saw."""
        item, records = self._tools.item(on(intent, Kind.REVIEW))
        if item is None:
            return Before(Standing.GONE, {})
        now, seen = ReviewVersion.parse(item.version), ReviewVersion.parse(intent.seen_version)
        moved = now is not None and seen is not None and now.version != seen.version
        there = same_text(item.body, str(intent.payload.get("text", "")))
        return Before(
            Standing.ALREADY if there else Standing.CLEAR,
            {"version": now.version if now is not None else 0},
            version=item.version,
            state=item.state,
            changed={"text": "edited"} if moved else {},
            records=records,
        )

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Write the text; 409 means that somebody else has edited it."""
        version = ReviewVersion.parse(before.version)
        path = endpoints.edit_reviewable(intent.target.native, version.version if version is not None else 0)
        body = {"reviewable": {"payload": {"raw": needed(intent, "text")}}}
        self._tools.writer.do("PUT", path, body)
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the queue shows the wanted text."""
        item, records = self._tools.item(intent.target)
        done = item is not None and same_text(item.body, str(intent.payload.get("text", "")))
        at = self._tools.context.now()
        receipt = self._tools.receipt(intent.target, "edit", at, taken) if done else None
        return self._tools.evidence(intent, receipt, records, where="review queue")


def _away(post: PostP) -> bool:
    return post.hidden or post.user_deleted or post.deleted_at is not None


def _changed(intent: Intent, post: PostP) -> dict[str, str]:
    """``edited`` when the text is not the one that the person saw: by the version of the item, or, for a post that is
    no item's, by an edit after the decision.
    """
    seen = ReviewVersion.parse(intent.seen_version)
    edited = utc(post.updated_at or post.created_at)
    if seen is not None and seen.post:
        differs = post.version != seen.post
    else:
        differs = post.version > 1 and edited > intent.created_at
    return {"edited": edited.isoformat()} if differs else {}
