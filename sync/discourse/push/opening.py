"""Opening a topic in a category, once.

With a key of the site the topic of a case, or of a presence card, has an id of ours, by which the server refuses a
second one. With any key it is found by author and by the case's key in its title, or by the card's mark, among the
category's topics of late.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from moderation.errors import MarqueeError, NotAllowedError, PayloadError, RefusedError, UnclearError
from moderation.ids import Kind
from moderation.intents import Intent, Receipt
from moderation.items import Item
from moderation.presence.text import marked
from sync.connector import Answer, Before, Evidence, Standing, Urgency
from sync.discourse import endpoints
from sync.discourse.canonical import same_text
from sync.discourse.decode import utc
from sync.discourse.decoders import CATEGORY_ANSWER, CREATED, POST, TOPIC, TOPIC_PAGE, TOPICS
from sync.discourse.payloads import TopicPageP
from sync.discourse.push.places import named
from sync.discourse.push.tools import Tools, needed
from sync.discourse.reading import set_aside
from sync.parts.cards import check_public, of_card
from sync.parts.intents import Taken, on

_MOST_PAGES = 5


class Open:
    """Open a topic: ``title`` and ``text`` of the payload."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def before(self, intent: Intent) -> Before:
        """Is the category there, and a topic of this case in it, or one that waits for approval."""
        category = on(intent, Kind.FORUM).native
        answer = self._tools.context.reader.find(endpoints.category(category), CATEGORY_ANSWER, Urgency.FLUSH).value
        if answer is None:
            return Before(Standing.GONE, {})
        check_public(intent, open_to_all=answer.category.read_restricted is False)
        there = self._there(intent)
        if there is None and (other := next(self._cards(intent), None)) is not None:
            raise RefusedError("card_there_already", forum=str(intent.target), thread=str(other[0].id))
        waits = self._waits(intent) if there is None else None
        baseline = {
            "thread": str(there.id) if there is not None else None,
            "held": waits.id.native if waits is not None else None,
        }
        return Before(Standing.CLEAR, baseline)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Open it, unless it is there; hints hold the topic, or the id of what is held."""
        for known in ("thread", "held"):
            if before.baseline.get(known):
                return {known: before.baseline[known]}
        body: dict[str, Any] = {
            "title": needed(intent, "title"),
            "raw": needed(intent, "text"),
            "category": int(intent.target.native),
            "nested_post": True,
        }
        if self._tools.context.is_admin_key:
            body |= {"external_id": _external_id(intent), "auto_track": False}
        try:
            answer, _ = self._tools.writer.send("POST", endpoints.POSTS, body, CREATED)
        except RefusedError:
            there = self._there(intent)
            if there is None:
                raise
            return {"thread": str(there.id)}
        if answer.post is not None and answer.post.topic_id:
            return {"thread": str(answer.post.topic_id)}
        if answer.action == "enqueued":
            return {"held": answer.pending_post.id if answer.pending_post is not None else None, "enqueued": True}
        raise UnclearError("answer_unfit", endpoint=endpoints.POSTS)

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the topic is there, or waits for approval."""
        where = ("category", "review queue")
        try:
            page = self._page(str(hints["thread"])) if hints.get("thread") else self._there(intent)
        except (NotAllowedError, PayloadError):
            return Evidence(Answer.UNCLEAR, where=where)
        if page is not None:
            return self._opened(page, taken)
        waits = self._waits(intent)
        held = hints.get("held") or (waits.id.native if waits is not None else None)
        if held or hints.get("enqueued"):
            ref = self._tools.context.names.ref(Kind.REVIEW, held) if held else None
            at = self._tools.context.now()
            receipt = self._tools.receipt(intent.target, f"held.{held or intent.id}", at, taken)
            return Evidence(Answer.HAPPENED, receipt, held_id=str(ref or ""), where=where)
        return Evidence(Answer.UNCLEAR if hints.get("thread") else Answer.ABSENT, where=where)

    def _opened(self, page: TopicPageP, taken: Taken) -> Evidence:
        """The receipt names the opening post too."""
        server_id = f"thread:{page.id}@post.{min(page.post_stream.stream, default=0)}"
        receipt = Receipt(server_id, str(self._tools.me), utc(page.created_at))
        if taken(server_id):
            thread = self._tools.context.names.ref(Kind.THREAD, page.id)
            receipt = self._tools.receipt(thread, "opened", self._tools.context.now(), taken)
        return Evidence(Answer.HAPPENED, receipt, where=("category",))

    def _there(self, intent: Intent) -> TopicPageP | None:
        """The topic of this case in this category, by this account, that can be read."""
        if self._tools.context.is_admin_key:
            path = endpoints.topic_named(_external_id(intent))
            page = self._tools.context.reader.find(path, TOPIC_PAGE, Urgency.FLUSH).value
            if page is not None:
                return page if page.deleted_at is None else None
        if of_card(intent):
            text = str(intent.payload.get("text", ""))
            return next((page for page, raw in self._cards(intent) if same_text(raw, text)), None)
        key, category = str(intent.payload.get("case") or ""), intent.target.native
        for number in range(_MOST_PAGES if key else 0):
            path = endpoints.latest_of(f"-/{category}", number)
            read = self._tools.context.reader.get(path, TOPICS, Urgency.FLUSH)
            rows, _ = set_aside(read.value.topic_list.topics, TOPIC, lambda one: one, read.endpoint)
            for row in rows:
                page = self._page(str(row.id)) if named(key, row.title) else None
                if page is not None and self._is_own(page):
                    return page
            if not rows or not read.value.topic_list.more_topics_url:
                break
        return None

    def _cards(self, intent: Intent) -> Iterator[tuple[TopicPageP, str]]:
        """Own topics of the category that are its card, with what was typed: pinned, or with the card's title."""
        if not of_card(intent):
            return
        path, title = endpoints.latest_of(f"-/{intent.target.native}", 0), str(intent.payload.get("title"))
        read = self._tools.context.reader.get(path, TOPICS, Urgency.FLUSH)
        rows, _ = set_aside(read.value.topic_list.topics, TOPIC, lambda one: one, read.endpoint)
        for row in rows:
            if not row.pinned and row.title != title:
                continue
            ref = self._tools.context.names.ref(Kind.THREAD, row.id)
            page = self._tools.threads.head(ref, Urgency.FLUSH, raw=True).value
            if page is None or not self._is_own(page):
                continue
            posts, _ = set_aside(page.post_stream.posts[:1], POST, lambda one: one, "")
            raw = (posts[0].raw if posts else None) or ""
            if marked(raw, intent.target):
                yield page, raw

    def _is_own(self, page: TopicPageP) -> bool:
        posts, _ = set_aside(page.post_stream.posts[:1], POST, lambda one: one, "")
        return any(str(post.user_id) == self._tools.me.native for post in posts) and page.deleted_at is None

    def _waits(self, intent: Intent) -> Item | None:
        """An own post with this text waits for approval; who may not look cannot tell."""
        rights = self._tools.context.rights(Urgency.FLUSH)
        if not rights.moderates:
            return None
        try:
            waiting = self._tools.queue.held_by(rights.username, Urgency.FLUSH)
        except MarqueeError:
            return None
        text = str(intent.payload.get("text", ""))
        return next((item for item in waiting if same_text(item.body, text)), None)

    def _page(self, thread: str) -> TopicPageP | None:
        ref = self._tools.context.names.ref(Kind.THREAD, thread)
        return self._tools.threads.head(ref, Urgency.FLUSH).value


def _external_id(intent: Intent) -> str:
    """An id of ours: the case's pointer, the card's publication, or the intent."""
    if of_card(intent):
        return str(intent.payload["card"])
    key = str(intent.payload.get("case") or "")
    return f"{key}-pointer" if key else intent.id
