"""Opening a topic, once; and tagging one.

The private copy of a thread carries the tag ``case-<n>`` from its first moment, by which it is found again whatever
happened to the answer; a pointer that is a topic carries it in its title. Any other topic is found as a reply is: by
author, time and text.
"""

from collections.abc import Mapping
from typing import Any

from moderation.errors import NotAllowedError, PayloadError, RefusedError, UnclearError
from moderation.ids import Kind, Ref
from moderation.intents import Intent, Receipt
from moderation.presence.text import marked
from sync.connector import Answer, Before, Evidence, Standing, Urgency
from sync.nodebb import endpoints
from sync.nodebb.canonical import same_text
from sync.nodebb.decode import moment, title_of
from sync.nodebb.decoders import CATEGORY_ANSWER, NOTHING, OPENED, TOPIC, TOPIC_ANSWER, TOPIC_LIST
from sync.nodebb.ids import in_path, native
from sync.nodebb.payloads import HeldP, PostP, TopicP
from sync.nodebb.pull.single import Singles
from sync.nodebb.push.categories import check_closed
from sync.nodebb.push.reply import Places
from sync.nodebb.push.tools import Tools
from sync.nodebb.reading import set_aside
from sync.parts.answers import Read
from sync.parts.cards import check_public, of_card
from sync.parts.intents import Taken, on
from sync.parts.times import in_ms

_MOST_PAGES = 10
_PAGES_HERE = 3


class Open:
    """Open a topic in a category: ``title``, ``text``, ``tags`` of the payload.

    ``private``: only where an anonymous visitor cannot read. ``public`` of a card: only where one can. ``customer``: a
    topic of that member is never taken for ours, whatever its tags.
    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._places = Places(tools)

    def before(self, intent: Intent) -> Before:
        """Is the category there (and closed, where it must be); the newest own post; a topic with the tag."""
        context, forum = self._tools.context, on(intent, Kind.FORUM)
        read = context.reader.find(endpoints.category_head(in_path(forum)), CATEGORY_ANSWER, Urgency.FLUSH)
        if read.value is None or read.value.response.cid is None:
            return Before(Standing.GONE, {})
        if intent.payload.get("private"):
            check_closed(self._tools, forum)
        if of_card(intent):
            check_public(intent, open_to_all=self._is_open(forum))
        own = self._places.own_posts(0, pages=1)
        baseline = {
            "post": max((int(one.pid) for one in own), default=0),
            "held": [one.id for one in self._places.held()],
            "at": in_ms(read.server_time or context.now()),
            "thread": self._tagged(intent) or self._titled(intent) or self._card(intent),
        }
        return Before(Standing.CLEAR, baseline)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Open it, unless it is there; hints hold the topic, or the id of what is held."""
        if before.baseline.get("thread"):
            return {"thread": before.baseline["thread"]}
        text = str(intent.payload.get("text", ""))
        if not text.strip():
            raise RefusedError("text_empty")
        cid = native(intent.target)
        body: dict[str, Any] = {"cid": int(cid) if cid.isdigit() else cid, "content": text}
        body["title"] = str(intent.payload["title"])
        if tags := tags_of(intent, "tags"):
            body["tags"] = tags
        opened = self._tools.writer.send("POST", endpoints.TOPICS, body, OPENED)[0].response
        if opened.tid is not None:
            return {"thread": str(opened.tid)}
        if opened.queued and opened.id is not None:
            return {"held": str(opened.id)}
        raise UnclearError("answer_unfit", endpoint=endpoints.TOPICS)

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when there is a topic of the case's tag, or an own one with this text since the baseline."""
        baseline = intent.baseline or {}
        if "post" not in baseline:
            return Evidence(Answer.UNCLEAR, where=("no baseline",))
        where = ("tag", "posts of the author", "post queue")
        try:
            tid = hints.get("thread") or self._tagged(intent) or self._alike(intent, int(baseline["post"]), taken)
            if tid is not None:
                return self._opened(str(tid), taken)
            held = self._held(intent, hints, baseline, taken)
        except (NotAllowedError, PayloadError):
            return Evidence(Answer.UNCLEAR, where=where)
        return held or Evidence(Answer.ABSENT, where=where)

    def _tagged(self, intent: Intent) -> str | None:
        """The topic with the first of the tags, in this category, of anybody but the customer."""
        tags = tags_of(intent, "tags")
        if not tags:
            return None
        customer = str(intent.payload.get("customer") or "").rpartition(":")[2]
        read = self._tools.context.reader.find(endpoints.tagged(tags[0]), TOPIC_LIST, Urgency.FLUSH)
        rows = read.value.topics if read.value is not None else []
        topics, _ = set_aside(rows, TOPIC, lambda one: one, read.endpoint)
        here = [one for one in topics if str(one.cid) == native(intent.target) and str(one.uid) != customer]
        return str(min(int(one.tid) for one in here)) if here else None

    def _titled(self, intent: Intent) -> str | None:
        """An own visible topic, of those with the newest replies here, that has the case's key in its title."""
        key, title = str(intent.payload.get("case") or ""), str(intent.payload.get("title"))
        if not key or key not in title:
            return None
        for page in range(1, _PAGES_HERE + 1):
            path = endpoints.category(in_path(intent.target), page)
            read = self._tools.context.reader.find(path, TOPIC_LIST, Urgency.FLUSH)
            rows = read.value.topics if read.value is not None else []
            topics, _ = set_aside(rows, TOPIC, lambda one: one, read.endpoint)
            found = next((str(one.tid) for one in topics if self._is_titled(one, intent, title)), None)
            if found is not None or not topics:
                return found
        return None

    def _is_open(self, forum: Ref) -> bool:
        """Can an anonymous visitor read this category?"""
        read = self._tools.context.guest.find(endpoints.category_head(in_path(forum)), CATEGORY_ANSWER, Urgency.FLUSH)
        return read.value is not None and read.value.response.cid is not None

    def _card(self, intent: Intent) -> str | None:
        """An own visible topic here that is this forum's card already. One with another text is not ours to double:
        raises ``RefusedError`` ``card_there_already``.
        """
        if not of_card(intent):
            return None
        read = self._tools.context.reader.find(endpoints.category(in_path(intent.target), 1), TOPIC_LIST, Urgency.FLUSH)
        topics, _ = set_aside(
            read.value.topics if read.value is not None else [], TOPIC, lambda one: one, read.endpoint
        )
        own = [one for one in topics if str(one.uid) == self._tools.me.native and not one.deleted and one.mainPid]
        for topic in own:
            ref = self._tools.context.names.ref(Kind.POST, str(topic.mainPid))
            stored = Singles(self._tools.context).head(ref, Urgency.FLUSH).value
            text = (stored.content if stored is not None else None) or ""
            if same_text(text, str(intent.payload.get("text", ""))):
                return str(topic.tid)
            if marked(text, intent.target):
                raise RefusedError("card_there_already", forum=str(intent.target), thread=str(topic.tid))
        return None

    def _is_titled(self, topic: TopicP, intent: Intent, title: str) -> bool:
        if topic.deleted or title_of(topic) != title:
            return False
        return str(topic.cid) == native(intent.target) and str(topic.uid) == self._tools.me.native

    def _alike(self, intent: Intent, after: int, taken: Taken) -> str | None:
        text = str(intent.payload.get("text", ""))
        own = self._places.own_posts(after, pages=_MOST_PAGES)
        for post in sorted((one for one in own if int(one.pid) > after), key=lambda one: int(one.pid)):
            opened = f"thread:{post.tid}@post.{post.pid}"
            if post.tid is not None and not taken(opened) and self._is_it(post, intent, text):
                return str(post.tid)
        return None

    def _is_it(self, post: PostP, intent: Intent, text: str) -> bool:
        stored = self._post(post).value
        topic = self._topic(str(post.tid)).value
        opens = topic is not None and str(topic.mainPid) == str(post.pid) and str(topic.cid) == native(intent.target)
        return opens and stored is not None and same_text(stored.content, text)

    def _post(self, post: PostP) -> Read[PostP | None]:
        ref = self._tools.context.names.ref(Kind.POST, post.pid)
        return Singles(self._tools.context).head(ref, Urgency.FLUSH)

    def _topic(self, tid: str) -> Read[TopicP | None]:
        read = self._tools.context.reader.find(endpoints.topic(tid), TOPIC_ANSWER, Urgency.FLUSH)
        value = read.value.response if read.value is not None else None
        return Read(value, read.seq, read.endpoint, read.server_time)

    def _opened(self, tid: str, taken: Taken) -> Evidence:
        """The receipt names the opening post too. A topic that another intent of the same case has opened already is a
        receipt of its own.
        """
        read = self._topic(tid)
        if read.value is None:
            return Evidence(Answer.UNCLEAR, where=("topic",))
        context, server_id = self._tools.context, f"thread:{tid}@post.{read.value.mainPid}"
        receipt = Receipt(server_id, str(self._tools.me), moment(read.value.timestamp))
        if taken(server_id):
            receipt = self._tools.receipt(context.names.ref(Kind.THREAD, tid), "opened", context.now(), taken)
        records = context.thread_records(read.value, None, read.seq)
        return Evidence(Answer.HAPPENED, receipt, (records,), where=("topic",))

    def _held(
        self, intent: Intent, hints: Mapping[str, Any], baseline: Mapping[str, Any], taken: Taken
    ) -> Evidence | None:
        for held in self._places.held():
            fresh = held.id not in baseline.get("held", ()) and not taken(f"held:{held.id}")
            if hints.get("held") == held.id or (fresh and self._waits(held, intent)):
                ref = self._tools.context.names.ref(Kind.HELD, held.id)
                receipt = Receipt(f"held:{held.id}", str(self._tools.me), moment(held.data.timestamp))
                return Evidence(Answer.HAPPENED, receipt, held_id=str(ref), where=("post queue",))
        return None

    def _waits(self, held: HeldP, intent: Intent) -> bool:
        here = str(held.data.cid) == native(intent.target)
        return here and same_text(held.data.rawContent, str(intent.payload.get("text", "")))


class TagThread:
    """Add ``tags`` to a topic, and take ``without`` away; the others stay."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def before(self, intent: Intent) -> Before:
        """The tags now."""
        topic = self._topic(intent)
        if topic is None:
            return Before(Standing.GONE, {})
        now = [tag.value for tag in topic.tags]
        return Before(Standing.ALREADY if self._stands(intent, now) else Standing.CLEAR, {"tags": now})

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Write them all: NodeBB replaces the list."""
        without, more = tags_of(intent, "without"), tags_of(intent, "tags")
        kept = [tag for tag in before.baseline["tags"] if tag not in without]
        tags = [*kept, *(tag for tag in more if tag not in kept)]
        path = endpoints.topic_verb(in_path(intent.target), "tags")
        self._tools.writer.send("PUT", path, {"tags": tags}, NOTHING)
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the topic has those and not these."""
        topic = self._topic(intent)
        if topic is None or not self._stands(intent, [tag.value for tag in topic.tags]):
            return Evidence(Answer.ABSENT, where=("tags",))
        receipt = self._tools.receipt(intent.target, "tagged", self._tools.context.now(), taken)
        return Evidence(Answer.HAPPENED, receipt, where=("tags",))

    def _topic(self, intent: Intent) -> TopicP | None:
        path = endpoints.topic(in_path(on(intent, Kind.THREAD)))
        read = self._tools.context.reader.find(path, TOPIC_ANSWER, Urgency.FLUSH)
        return read.value.response if read.value is not None else None

    def _stands(self, intent: Intent, now: list[str]) -> bool:
        there = set(tags_of(intent, "tags")) <= set(now)
        return there and not set(tags_of(intent, "without")) & set(now)


def tags_of(intent: Intent, field: str) -> list[str]:
    """A list of tags in the payload."""
    tags = intent.payload.get(field)
    return [str(tag) for tag in tags] if isinstance(tags, list) else []
