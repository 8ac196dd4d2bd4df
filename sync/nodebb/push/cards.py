"""Texts of presence cards: written only over what is known to stand there, and taken out of the history.

After an edit any member reads the earlier text at ``/api/v3/posts/:pid/diffs`` (observed on NodeBB 4.15.1); a moderator
may delete the oldest version, again and again, until only the present one is left.
"""

from collections.abc import Mapping
from typing import Any

from moderation.errors import MarqueeError, RefusedError, UnclearError
from moderation.ids import Kind, Ref
from moderation.intents import Intent, Receipt
from moderation.presence.text import digest
from sync.connector import Before, Evidence, Standing, Urgency
from sync.nodebb import endpoints
from sync.nodebb.canonical import same_text
from sync.nodebb.decode import maybe_moment, moment
from sync.nodebb.decoders import DIFFS, NOTHING
from sync.nodebb.ids import in_path
from sync.nodebb.payloads import PostP
from sync.nodebb.pull.single import Singles
from sync.nodebb.push.tools import Tools
from sync.parts.answers import Read
from sync.parts.cards import may_replace
from sync.parts.intents import Taken, on

_MOST = 200


class WriteCard:
    """Change the text of a card; one that somebody edited by hand is a conflict."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._singles = Singles(tools.context)

    def before(self, intent: Intent) -> Before:
        """Does what is known to stand there still do so."""
        read = self._head(intent)
        post = read.value
        if post is None or post.deleted:
            return Before(Standing.GONE, {})
        edited = maybe_moment(round(post.edited or 0))
        there = same_text(post.content, _text(intent))
        changed = (
            {} if there or may_replace(intent, digest(post.content or ""), edited) else {"edited": str(edited or "")}
        )
        standing = Standing.ALREADY if there else Standing.CLEAR
        records = self._singles.record(intent.target, read, Urgency.FLUSH)
        return Before(standing, {"edited": round(post.edited or 0)}, changed=changed, records=records)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Write it."""
        if not _text(intent).strip():
            raise RefusedError("text_empty")
        path = endpoints.post(in_path(intent.target))
        self._tools.writer.send("PUT", path, {"content": _text(intent)}, NOTHING)
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when it stands there, edited since the baseline."""
        read = self._head(intent)
        receipt = self._receipt(intent, read.value, taken)
        records = self._singles.record(intent.target, read, Urgency.FLUSH)
        return self._tools.evidence(intent, receipt, records, where="post")

    def _head(self, intent: Intent) -> Read[PostP | None]:
        return self._singles.head(on(intent, Kind.POST), Urgency.FLUSH)

    def _receipt(self, intent: Intent, post: PostP | None, taken: Taken) -> Receipt | None:
        edited = round(post.edited or 0) if post is not None else 0
        if post is None or not same_text(post.content, _text(intent)):
            return None
        server_id = f"post:{intent.target.native}@edit.{edited}"
        later = edited > int((intent.baseline or {}).get("edited", 0))
        return Receipt(server_id, str(self._tools.me), moment(edited)) if later and not taken(server_id) else None


class ForgetVersions:
    """Take every earlier version of a card out of its post's history."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._singles = Singles(tools.context)

    def before(self, intent: Intent) -> Before:
        """How many there are."""
        ref = on(intent, Kind.POST)
        if self._singles.head(ref, Urgency.FLUSH).value is None:
            return Before(Standing.GONE, {})
        count = len(self._versions(ref)) - 1
        return Before(Standing.CLEAR if count > 0 else Standing.ALREADY, {"versions": count})

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Delete the oldest until none is left; what breaks off after the first is unclear, and looked at again."""
        begun = False
        for _ in range(_MOST):
            versions = self._versions(intent.target)
            if len(versions) <= 1:
                break
            try:
                path = endpoints.post_version(in_path(intent.target), versions[-1])
                self._tools.writer.send("DELETE", path, {}, NOTHING)
            except UnclearError:
                raise
            except MarqueeError as error:
                if not begun:
                    raise
                raise UnclearError("versions_not_hidden", cause=error.code, post=str(intent.target)) from error
            begun = True
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when nothing but the present version is left."""
        clean = len(self._versions(intent.target)) <= 1
        at = self._tools.context.now()
        receipt = self._tools.receipt(intent.target, "versions_gone", at, taken) if clean else None
        return self._tools.evidence(intent, receipt, where="history of the post")

    def _versions(self, post: Ref) -> list[str]:
        """Times of all versions, newest first; the last is that of the post itself."""
        read = self._tools.context.reader.find(endpoints.post_versions(in_path(post)), DIFFS, Urgency.FLUSH)
        return [] if read.value is None else [str(at) for at in read.value.response.timestamps]


def _text(intent: Intent) -> str:
    return str(intent.payload.get("text", ""))
