"""Hiding, restoring, purging and editing posts.

Hiding (and purging) resolves the post's flag under one's own name; restoring does not re-open it. An edit has no
version check on the server: what was edited since the person looked is found by the post's ``edited``.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from moderation.actions import Action
from moderation.cases import EDITED
from moderation.errors import RefusedError
from moderation.ids import Kind, Ref
from moderation.intents import Intent, Receipt
from moderation.items import Change, HistoryEntry, ItemState
from moderation.records import Records
from sync.connector import Answer, Before, Evidence, Standing, Urgency
from sync.nodebb import endpoints
from sync.nodebb.canonical import same_text
from sync.nodebb.decode import maybe_moment, moment
from sync.nodebb.decoders import NOTHING
from sync.nodebb.ids import in_path
from sync.nodebb.payloads import PostP
from sync.nodebb.pull.single import Singles
from sync.nodebb.push.flags import own_receipt
from sync.nodebb.push.tools import Tools
from sync.nodebb.versions import FlagVersion
from sync.parts.answers import Read
from sync.parts.intents import Taken, on
from sync.parts.times import in_ms

_ALREADY = r"already been (deleted|restored)|post-already-(deleted|restored)"


class _Posts:
    """Reading of posts for the pushes of this module."""

    def __init__(self, tools: Tools) -> None:
        self._context = tools.context
        self._singles = Singles(tools.context)

    def head(self, ref: Ref) -> Read[PostP | None]:
        """The post now."""
        return self._singles.head(ref, Urgency.FLUSH)

    def record(self, ref: Ref, read: Read[PostP | None]) -> Records:
        """Its record."""
        return self._singles.record(ref, read, Urgency.FLUSH)

    def time_of(self, read: Read[PostP | None]) -> datetime:
        """The server's time of a reading."""
        return read.server_time or self._context.now()


class ShowOrHide:
    """Hide and restore a post; what a case hid (``edited``) only as it was hidden."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._posts = _Posts(tools)

    def before(self, intent: Intent) -> Before:
        """Is it hidden already; and what the reported item tells."""
        read = self._posts.head(on(intent, Kind.POST))
        if read.value is None:
            return self._tools.beside_item(intent, Before(Standing.GONE, {}))
        there, edited = read.value.deleted == (intent.action is Action.HIDE), round(read.value.edited or 0)
        found = Before(Standing.ALREADY if there else Standing.CLEAR, {"hidden": read.value.deleted, EDITED: edited})
        if intent.action is Action.RESTORE and not there and edited > int(intent.payload.get(EDITED, edited)):
            refused = RefusedError("changed_while_hidden", post=str(intent.target))
            found = replace(found, refused=refused, records=self._posts.record(intent.target, read))
        return self._tools.beside_item(intent, found)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Hide or restore; a 400 "already" means that somebody else was first."""
        method = "DELETE" if intent.action is Action.HIDE else "PUT"
        path = endpoints.post_state(in_path(intent.target))
        self._tools.writer.send(method, path, {}, NOTHING, overtaken=_ALREADY)
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the post is as wanted; a hidden one tells who hid it.

        Unclear where it is visible and its report was closed under one's own name, as hiding does: perhaps somebody has
        brought it back since, and it must not be hidden again over their head.
        """
        read = self._posts.head(intent.target)
        receipt = self._receipt(intent, read, taken) if read.value is not None else None
        found = self._tools.evidence(intent, receipt, self._posts.record(intent.target, read), where="post")
        closed = receipt is None and intent.action is Action.HIDE and self._report_closed(intent, found, taken)
        return replace(found, answer=Answer.UNCLEAR) if closed else found

    def _report_closed(self, intent: Intent, found: Evidence, taken: Taken) -> bool:
        items = [item for records in found.records for item in records.items if item.id == intent.item]
        return any(own_receipt(intent, item, self._tools.me, taken, _resolves) is not None for item in items)

    def _receipt(self, intent: Intent, read: Read[PostP | None], taken: Taken) -> Receipt | None:
        post = read.value
        if post is None or post.deleted != (intent.action is Action.HIDE):
            return None
        if post.deleted and str(post.deleterUid) != self._tools.me.native:
            return None
        effect = "hidden" if post.deleted else "restored"
        return self._tools.receipt(intent.target, effect, self._posts.time_of(read), taken)


def _resolves(entry: HistoryEntry) -> bool:
    return entry.changes.get(Change.STATE) == ItemState.RESOLVED


class Purge:
    """Take a post away for good. Its flag stays, resolved, with nothing in it; a first post is refused."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._posts = _Posts(tools)

    def before(self, intent: Intent) -> Before:
        """Is it still there."""
        read = self._posts.head(on(intent, Kind.POST))
        standing = Standing.GONE if read.value is None else Standing.CLEAR
        return self._tools.beside_item(intent, Before(standing, {"there": read.value is not None}))

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Purge."""
        self._tools.writer.send("DELETE", endpoints.post(in_path(intent.target)), {}, NOTHING)
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the post that was there is not there any more, for this account and not for a guest."""
        read = self._posts.head(intent.target)
        receipt = None
        if read.value is None:
            self._tools.context.identity.still_me()
            receipt = self._tools.receipt(intent.target, "purged", self._posts.time_of(read), taken)
        return self._tools.evidence(intent, receipt, self._posts.record(intent.target, read), where="post")


class EditPost:
    """Change the text of a post (and the title, of a first post)."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._posts = _Posts(tools)

    def before(self, intent: Intent) -> Before:
        """Who edited it since the person looked; ``already`` when it has the wanted text."""
        read = self._posts.head(on(intent, Kind.POST))
        post = read.value
        if post is None:
            return self._tools.beside_item(intent, Before(Standing.GONE, {}))
        there = same_text(post.content, _text(intent))
        edited = round(post.edited or 0)
        found = Before(
            Standing.ALREADY if there and "title" not in intent.payload else Standing.CLEAR,
            {"edited": edited},
            version=f"p{edited}",
            changed=self._changed(intent, post, edited),
            records=self._posts.record(intent.target, read),
        )
        return self._tools.beside_item(intent, found)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Write the text."""
        body = {"content": _text(intent)}
        if not body["content"].strip():
            raise RefusedError("text_empty")
        if intent.payload.get("title"):
            body["title"] = str(intent.payload["title"])
        self._tools.writer.send("PUT", endpoints.post(in_path(intent.target)), body, NOTHING)
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the post has the text, edited by this account since the baseline."""
        read = self._posts.head(intent.target)
        receipt = self._receipt(intent, read.value, taken) if read.value is not None else None
        return self._tools.evidence(intent, receipt, self._posts.record(intent.target, read), where="post")

    def _receipt(self, intent: Intent, post: PostP, taken: Taken) -> Receipt | None:
        edited = round(post.edited or 0)
        own = editor_of(post) == self._tools.me.native and edited > int((intent.baseline or {}).get("edited", 0))
        server_id = f"post:{intent.target.native}@edit.{edited}"
        if not own or not same_text(post.content, _text(intent)) or taken(server_id):
            return None
        return Receipt(server_id, str(self._tools.me), moment(edited))

    def _changed(self, intent: Intent, post: PostP, edited: int) -> dict[str, str]:
        """``edited`` when the text is not the one that the person saw: by the version of the item, or, for a post
        that is no item's, by an edit of somebody else after the decision.
        """
        seen = FlagVersion.parse(intent.seen_version)
        if seen is not None and seen.newest is not None:
            differs = edited != seen.edited
        else:
            differs = edited > in_ms(intent.created_at)
        at = maybe_moment(edited)
        if not differs or at is None or editor_of(post) == self._tools.me.native:
            return {}
        return {"edited": at.isoformat()}


def editor_of(post: PostP) -> str:
    """The uid of who edited last, ``""`` for nobody."""
    editor = post.editor.get("uid") if isinstance(post.editor, dict) else post.editor
    return "" if editor in (None, 0, "") else str(editor)


def _text(intent: Intent) -> str:
    return str(intent.payload.get("text", ""))
