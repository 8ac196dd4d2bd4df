"""Locking, pinning, moving, hiding and restoring threads.

Each leaves an event in the topic's trail, with an id of its own: that is the receipt. Locking twice is 200 and a
second event. Moving into a category that does not exist is answered 200 and makes the topic unreachable (measured),
so the category is looked up first.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from moderation.actions import Action
from moderation.errors import MarqueeError, NotAllowedError, RefusedError, UnclearError
from moderation.ids import Kind, Ref
from moderation.intents import Intent, Receipt
from moderation.records import Records
from sync.connector import Answer, Before, Evidence, Standing, Urgency
from sync.nodebb import endpoints
from sync.nodebb.decode import moment
from sync.nodebb.decoders import CATEGORY_ANSWER, EVENT, EVENTS, NOTHING, TOPIC_ANSWER
from sync.nodebb.ids import in_path, native
from sync.nodebb.payloads import EventP, TopicP
from sync.nodebb.push.categories import check_closed
from sync.nodebb.push.returning import Returning
from sync.nodebb.push.tools import Tools, until_ms
from sync.nodebb.reading import set_aside
from sync.parts.intents import Taken, closed_first, joined, on

_VERBS = {
    Action.LOCK: ("PUT", "lock", "lock"),
    Action.UNLOCK: ("DELETE", "lock", "unlock"),
    Action.PIN: ("PUT", "pin", "pin"),
    Action.UNPIN: ("DELETE", "pin", "unpin"),
    Action.MOVE: ("PUT", "move", "move"),
    Action.HIDE: ("DELETE", "state", "delete"),
    Action.RESTORE: ("PUT", "state", "restore"),
}
"""Method, verb of the path, type of the event."""


class ChangeThread:
    """Lock, unlock, pin, unpin, move, hide, restore.

    ``private`` in the payload of a move: only where an anonymous visitor cannot read. A move that leads back into the
    public (``was_public``): only while nothing stands there that was never public (:class:`Returning`), and only while
    it is ``closed`` for replies, where the payload says so.
    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._returning = Returning(tools)

    def before(self, intent: Intent) -> Before:
        """How the thread stands, and the newest event of its trail."""
        topic, records = self._topic(on(intent, Kind.THREAD))
        if topic is None:
            return self._tools.beside_item(intent, Before(Standing.GONE, {}))
        if intent.payload.get("private") and intent.action is Action.MOVE:
            check_closed(self._tools, forum_of(intent))
        events = self._events(intent.target)
        there = _stands(intent, topic)
        baseline = {"event": max((int(one.id) for one in events), default=0), "forum": str(topic.cid)}
        moved = _moved(intent, topic)
        found = Before(Standing.ALREADY if there else Standing.CLEAR, baseline, changed=moved, records=records)
        if closed_first(intent) and not there and not moved and not topic.locked:
            found = replace(found, refused=RefusedError("thread_not_closed", thread=str(intent.target)))
        elif intent.action is Action.MOVE and not there and not moved:
            refused, read = self._returning.refusal(intent)
            found = replace(found, refused=refused, records=joined(records, read))
        return self._tools.beside_item(intent, found)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Write once."""
        method, verb, _ = _VERBS[intent.action]
        path = endpoints.topic_verb(in_path(intent.target), verb)
        self._tools.writer.send(method, path, self._body(intent), NOTHING)
        if intent.action is Action.MOVE:
            self._hide_latecomers(intent)
        return {"done": True}

    def _hide_latecomers(self, intent: Intent) -> None:
        """What was said in the moment between look and move is taken out of sight at once."""
        try:
            receipt = self._receipt(intent, lambda server_id: False)
            for post in self._returning.latecomers(intent, receipt.at) if receipt is not None else ():
                self._tools.writer.send("DELETE", endpoints.post_state(in_path(post)), {}, NOTHING)
        except UnclearError:
            raise
        except MarqueeError as error:
            raise UnclearError("private_words_shown", cause=error.code, thread=str(intent.target)) from error

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the trail has an own event of this kind since the baseline."""
        topic, records = self._topic(intent.target)
        receipt = self._receipt(intent, taken) if topic is not None else None
        moved = receipt is not None and intent.action is Action.MOVE
        if moved and receipt is not None and self._returning.latecomers(intent, receipt.at):
            return Evidence(Answer.UNCLEAR, records=(records,), where=("posts of the topic",))
        return self._tools.evidence(intent, receipt, records, where="topic events")

    def _receipt(self, intent: Intent, taken: Taken) -> Receipt | None:
        kind = _VERBS[intent.action][2]
        last = int((intent.baseline or {}).get("event", 0))
        for event in sorted(self._events(intent.target), key=lambda one: int(one.id)):
            server_id = f"event:{event.id}"
            own = event.type == kind and str(event.uid) == self._tools.me.native and int(event.id) > last
            if own and not taken(server_id):
                return Receipt(server_id, str(self._tools.me), moment(event.timestamp))
        return None

    def _topic(self, ref: Ref) -> tuple[TopicP | None, Records]:
        read = self._tools.context.reader.find(endpoints.topic(in_path(ref)), TOPIC_ANSWER, Urgency.FLUSH)
        if read.value is None:
            return None, Records(read.seq)
        return read.value.response, self._tools.context.thread_records(read.value.response, None, read.seq)

    def _events(self, ref: Ref) -> list[EventP]:
        read = self._tools.context.reader.find(endpoints.topic_events(in_path(ref)), EVENTS, Urgency.FLUSH)
        if read.value is None:
            return []
        found, _ = set_aside(read.value.response.events, EVENT, lambda one: one, read.endpoint)
        return [one for one in found if str(one.id).isdigit()]

    def _body(self, intent: Intent) -> dict[str, Any]:
        if intent.action is Action.MOVE:
            forum = forum_of(intent)
            read = self._tools.context.reader.find(
                endpoints.category_head(in_path(forum)), CATEGORY_ANSWER, Urgency.FLUSH
            )
            if read.value is None or read.value.response.cid is None:
                raise RefusedError("forum_unknown", forum=str(forum))
            return {"cid": int(native(forum)) if native(forum).lstrip("-").isdigit() else native(forum)}
        if intent.action is Action.PIN and (expiry := until_ms(intent)) is not None:
            return {"expiry": expiry}
        return {}


def forum_of(intent: Intent) -> Ref:
    """The forum to move to."""
    wanted = str(intent.payload.get("forum") or "")
    if not wanted:
        raise NotAllowedError("payload_missing", action=intent.action.value, field="forum")
    return Ref.parse(wanted) if ":" in wanted else intent.target.sibling(Kind.FORUM, wanted)


def _stands(intent: Intent, topic: TopicP) -> bool:
    match intent.action:
        case Action.LOCK | Action.UNLOCK:
            return topic.locked == (intent.action is Action.LOCK)
        case Action.PIN | Action.UNPIN:
            return topic.pinned == (intent.action is Action.PIN)
        case Action.HIDE | Action.RESTORE:
            return topic.deleted == (intent.action is Action.HIDE)
        case _:
            return str(topic.cid) == native(forum_of(intent))


def _moved(intent: Intent, topic: TopicP) -> dict[str, str]:
    """For a move: the forum where the thread is now, when it is neither where the person moved it from nor to."""
    origin = str(intent.payload.get("from_forum") or "").rpartition(":")[2]
    if intent.action is Action.MOVE and origin and origin != str(topic.cid) and not _stands(intent, topic):
        return {"forum": str(topic.cid)}
    return {}
