"""Texts of presence cards: written only over what is known to stand there, and taken out of the history.

A card is the opening post of a topic of its own, or the last part of the text about its category (``about`` names the
forum), of which nothing else is touched. Earlier versions are hidden from everybody but staff, as a redaction does.
"""

from collections.abc import Mapping
from typing import Any

from moderation.errors import MarqueeError, RefusedError, UnclearError
from moderation.ids import Kind, Ref
from moderation.intents import Intent, Receipt
from moderation.presence.text import digest, section_of, with_section
from sync.connector import Before, Evidence, Standing, Urgency
from sync.discourse import endpoints
from sync.discourse.canonical import same_text
from sync.discourse.decode import utc
from sync.discourse.decoders import CATEGORY_ANSWER, EDITED
from sync.discourse.payloads import PostP
from sync.discourse.pull.single import Posts
from sync.discourse.push.redacting import FIRST, Versions
from sync.discourse.push.tools import Tools
from sync.parts.answers import Read
from sync.parts.cards import check_public, may_replace
from sync.parts.intents import Taken
from sync.parts.times import in_ms


class _Where:
    """Finding the post that holds a card."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self.posts = Posts(tools.context)

    def post(self, intent: Intent) -> tuple[Ref | None, Read[PostP | None] | None]:
        """The post, by id or as the opening post about a category."""
        ref = self._about(intent) if intent.target.kind is Kind.FORUM else intent.target
        return (ref, self.posts.one(ref, Urgency.FLUSH)) if ref is not None else (None, None)

    def _about(self, intent: Intent) -> Ref | None:
        context = self._tools.context
        path = endpoints.category(intent.target.native)
        answer = context.reader.find(path, CATEGORY_ANSWER, Urgency.FLUSH).value
        if answer is None:
            return None
        category = answer.category
        check_public(intent, open_to_all=category.read_restricted is False)
        topic = (category.topic_url or "").rpartition("/")[2]
        if not topic.isdigit():
            raise RefusedError("about_missing", forum=str(intent.target))
        page = self._tools.threads.head(context.names.ref(Kind.THREAD, topic), Urgency.FLUSH).value
        if page is None:
            raise RefusedError("about_missing", forum=str(intent.target))
        return context.names.ref(Kind.POST, min(page.post_stream.stream, default=0))


class WriteCard:
    """Change the text of a card; one that somebody edited by hand is a conflict."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._where = _Where(tools)

    def before(self, intent: Intent) -> Before:
        """Does what is known to stand there still do so."""
        ref, read = self._where.post(intent)
        post = read.value if read is not None else None
        if ref is None or read is None or post is None or post.deleted_at is not None or post.user_deleted:
            return Before(Standing.GONE, {})
        edited, raw = utc(post.updated_at or post.created_at), post.raw or ""
        stands = section_of(raw, intent.target) if intent.payload.get("about") else raw
        there = same_text(raw, _wanted(intent, raw))
        ours = may_replace(intent, digest(stands) if stands else "", edited)
        return Before(
            Standing.ALREADY if there else Standing.CLEAR,
            {"version": post.version, "edited": in_ms(edited), "post": ref.native},
            changed={} if there or ours else {"edited": edited.isoformat()},
            records=self._where.posts.record(ref, read),
        )

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Write it, with the text that it replaces, so that the server refuses a stale one."""
        ref = self._ref(before.baseline)
        posts = before.records.posts if before.records is not None else ()
        old = next((post.body for post in posts if post.id == ref and post.body is not None), None)
        if old is None:
            raise RefusedError("about_missing", forum=str(intent.target))
        body = {"raw": _wanted(intent, old), "original_text": old}
        if not body["raw"].strip():
            raise RefusedError("text_empty")
        self._tools.writer.send("PUT", endpoints.post(ref.native), {"post": body}, EDITED)
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when it stands there, in a version that came after the baseline."""
        ref, read = self._where.post(intent)
        post = read.value if read is not None else None
        receipt = self._receipt(intent, ref, post, taken) if ref is not None and post is not None else None
        records = [self._where.posts.record(ref, read)] if ref is not None and read is not None else []
        return self._tools.evidence(intent, receipt, *records, where="post")

    def _receipt(self, intent: Intent, ref: Ref, post: PostP, taken: Taken) -> Receipt | None:
        baseline, at = intent.baseline or {}, utc(post.updated_at or post.created_at)
        later = post.version > int(baseline.get("version", 0)) or in_ms(at) > int(baseline.get("edited", 0))
        if not later or not same_text(post.raw, _wanted(intent, post.raw or "")):
            return None
        server_id = f"post:{ref.native}@edit.{post.version}.{in_ms(at)}"
        return None if taken(server_id) else Receipt(server_id, str(self._tools.me), at)

    def _ref(self, baseline: Mapping[str, Any]) -> Ref:
        return self._tools.context.names.ref(Kind.POST, str(baseline["post"]))


class ForgetVersions:
    """Hide every earlier version of a card from all but staff."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._where = _Where(tools)
        self._versions = Versions(tools)

    def before(self, intent: Intent) -> Before:
        """Which of them show."""
        ref, read = self._where.post(intent)
        post = read.value if read is not None else None
        if ref is None or post is None:
            return Before(Standing.GONE, {})
        shows = self._shown(ref, post)
        return Before(Standing.CLEAR if shows else Standing.ALREADY, {"post": ref.native, "shown": shows})

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Hide them; what breaks off after the first is unclear, and looked at again."""
        for place, number in enumerate(before.baseline["shown"]):
            try:
                self._versions.mark(str(before.baseline["post"]), number, "hide")
            except UnclearError:
                raise
            except MarqueeError as error:
                if not place:
                    raise
                raise UnclearError("versions_not_hidden", cause=error.code, post=str(intent.target)) from error
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when none shows."""
        ref, read = self._where.post(intent)
        post = read.value if read is not None else None
        clean = ref is not None and post is not None and not self._shown(ref, post)
        at = self._tools.context.now()
        receipt = self._tools.receipt(ref, "versions_gone", at, taken) if clean and ref is not None else None
        return self._tools.evidence(intent, receipt, where="history of the post")

    def _shown(self, ref: Ref, post: PostP) -> list[int]:
        marks = self._versions.hidden(ref.native, post.version) if post.version >= FIRST else {}
        return [number for number, hidden in marks.items() if not hidden]


def _wanted(intent: Intent, stands: str) -> str:
    """The whole text of the post as it is to be."""
    text = str(intent.payload.get("text", ""))
    return with_section(stands, Ref.parse(str(intent.payload["about"])), text) if intent.payload.get("about") else text
