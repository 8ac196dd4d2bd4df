"""Marking a post as the answer of its topic, where the plugin Solved is there."""

from collections.abc import Mapping
from typing import Any

from moderation.errors import RefusedError
from moderation.ids import Kind
from moderation.intents import Intent
from sync.connector import Before, Evidence, Standing, Urgency
from sync.discourse import endpoints
from sync.discourse.pull.single import Posts
from sync.discourse.push.tools import Tools
from sync.parts.intents import Taken, on


class MarkAnswer:
    """One answer a topic: another one that was marked before is never replaced unseen."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._posts = Posts(tools.context)

    def before(self, intent: Intent) -> Before:
        """Is it marked already, or another post of the topic. Raises ``RefusedError`` ``answers_not_marked`` where the
        server knows no such mark.
        """
        read = self._posts.one(on(intent, Kind.POST), Urgency.FLUSH)
        post = read.value
        if post is None:
            return Before(Standing.GONE, {})
        if post.accepted_answer is None and post.can_accept_answer is None:
            raise RefusedError("answers_not_marked")
        records = self._posts.record(intent.target, read)
        if post.accepted_answer:
            return Before(Standing.ALREADY, {}, records=records)
        changed = {"answer": "other"} if post.topic_accepted_answer else {}
        return Before(Standing.CLEAR, {}, changed=changed, records=records)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Mark it."""
        self._tools.writer.do("POST", endpoints.ACCEPT, {"id": int(intent.target.native)})
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the post says that it is the answer."""
        read = self._posts.one(intent.target, Urgency.FLUSH)
        marked = read.value is not None and bool(read.value.accepted_answer)
        at = self._tools.time_of(read.server_time)
        receipt = self._tools.receipt(intent.target, "answer", at, taken) if marked else None
        return self._tools.evidence(intent, receipt, self._posts.record(intent.target, read), where="post")
