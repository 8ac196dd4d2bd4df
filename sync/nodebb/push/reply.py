"""Replying in a thread, once.

NodeBB keeps no idempotency keys: two identical replies are two posts, and an answer of 400 may have stored the post.
A reply may be held (status 200 without ``pid``). So a look compares the text at three places: the thread, the
author's posts, and the post queue; only posts newer than the baseline count.
"""

from collections.abc import Callable, Mapping
from typing import Any

from moderation.errors import MarqueeError, NotAllowedError, PayloadError, RefusedError, UnclearError
from moderation.ids import Kind, Ref
from moderation.intents import Intent, Receipt
from sync.connector import Answer, Before, Evidence, Standing, Urgency
from sync.nodebb import endpoints
from sync.nodebb.canonical import same_text
from sync.nodebb.decode import moment
from sync.nodebb.decoders import HELD, POST, QUEUE, REPLY, TOPIC_ANSWER, TOPIC_PAGE, USER_POSTS
from sync.nodebb.ids import in_path, native
from sync.nodebb.payloads import HeldP, PostP
from sync.nodebb.pull.single import Singles
from sync.nodebb.push.tools import Tools
from sync.nodebb.reading import set_aside
from sync.parts.intents import Taken, check_open, elsewhere, on
from sync.parts.times import in_ms

_MOST_PAGES = 10


class Reply:
    """Reply as the account of the context: the person, or the company."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._places = Places(tools)

    def before(self, intent: Intent) -> Before:
        """The thread's head, and the newest own post and held posts, behind which a look will search.

        What a case says here stands once, whoever began it anew: an own post with the same text is it (``there``).
        """
        context = self._tools.context
        read = context.reader.find(endpoints.topic(in_path(on(intent, Kind.THREAD))), TOPIC_ANSWER, Urgency.FLUSH)
        if read.value is None:
            return Before(Standing.GONE, {})
        check_open(intent, locked=read.value.response.locked, hidden=read.value.response.deleted)
        here = self._places.in_thread(intent.target)
        own = [*self._places.own_posts(0, pages=1), *here]
        earlier = own if intent.payload.get("unsure") else here
        there = self._said(intent, earlier) if intent.payload.get("case") else None
        baseline = {
            "post": int(there) - 1 if there else max((int(one.pid) for one in own), default=0),
            "there": there,
            "held": [one.id for one in self._places.held()],
            "at": in_ms(read.server_time or context.now()),
        }
        records = context.thread_records(read.value.response, None, read.seq)
        forum = context.names.maybe(Kind.FORUM, read.value.response.cid)
        return Before(Standing.CLEAR, baseline, changed=elsewhere(intent, forum), records=records)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Post once; hints hold the new post's id, or the id of what is held."""
        if before.baseline.get("there"):
            return {"post": before.baseline["there"]}
        body: dict[str, Any] = {"content": str(intent.payload.get("text", ""))}
        if not body["content"].strip():
            raise RefusedError("text_empty")
        if parent := str(intent.payload.get("to_post") or ""):
            pid = native(Ref.parse(parent)) if ":" in parent else parent
            body["toPid"] = int(pid) if pid.isdigit() else pid
        answer, _ = self._tools.writer.send("POST", endpoints.topic(in_path(intent.target)), body, REPLY)
        posted = answer.response
        if posted.pid is not None:
            return {"post": str(posted.pid)}
        if posted.queued and posted.id is not None:
            return {"held": str(posted.id)}
        raise UnclearError("answer_unfit", endpoint=endpoints.topic(intent.target.native))

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when an own post (or held post) with this text has come since the baseline.

        Absent only where every place could be read whole, and the answer did not name a post.
        """
        text, baseline = str(intent.payload.get("text", "")), intent.baseline or {}
        if "post" not in baseline:
            return Evidence(Answer.UNCLEAR, where=("no baseline",))
        posted, complete = self._posted(intent, hints, int(baseline["post"]))
        for post in sorted(posted, key=lambda one: int(one.pid)):
            if not taken(f"post:{post.pid}"):
                named = hints.get("post") == str(post.pid)
                found = self._confirmed(post, text, intent.target, named)
                if found is not None:
                    return found
        try:
            waiting = self._places.held()
        except MarqueeError:
            waiting, complete = [], False
        for held in waiting:
            if self._is_held(held, intent, hints, taken):
                return self._held(held)
        where = ("thread", "posts of the author", "post queue")
        absent = complete and not hints.get("post") and not hints.get("held")
        return Evidence(Answer.ABSENT if absent else Answer.UNCLEAR, where=where)

    def _said(self, intent: Intent, here: list[PostP]) -> str | None:
        """An own visible post of the thread with this text."""
        singles, text = Singles(self._tools.context), str(intent.payload.get("text", ""))
        mine = {str(one.pid): one for one in here if str(one.tid) == native(intent.target) and not one.deleted}
        for post in mine.values():
            stored = singles.head(intent.target.sibling(Kind.POST, post.pid), Urgency.FLUSH).value
            if stored is not None and same_text(stored.content, text):
                return str(post.pid)
        return None

    def _posted(self, intent: Intent, hints: Mapping[str, Any], after: int) -> tuple[list[PostP], bool]:
        """Own posts in this thread since then, and whether every place could be read."""
        found: dict[str, PostP] = {}
        complete = True
        if hints.get("post"):
            found[str(hints["post"])] = PostP(pid=str(hints["post"]), tid=intent.target.native)
        reads: tuple[Callable[[], list[PostP]], ...] = (
            lambda: self._places.in_thread(intent.target),
            lambda: self._places.own_posts(after, pages=_MOST_PAGES),
        )
        for read in reads:
            try:
                posts = read()
            except (NotAllowedError, PayloadError):
                complete = False
                continue
            found |= {str(one.pid): one for one in posts if str(one.tid) == native(intent.target)}
        return [one for pid, one in found.items() if int(pid) > after], complete

    def _confirmed(self, post: PostP, text: str, thread: Ref, named: bool) -> Evidence | None:
        """The post read by itself, with the text as it was stored; the one that the server's answer ``named`` has
        been posted, whatever a plugin or a colleague made of its text.
        """
        ref = thread.sibling(Kind.POST, post.pid)
        singles = Singles(self._tools.context)
        read = singles.head(ref, Urgency.FLUSH)
        stored = read.value
        if stored is None or str(stored.uid) != self._tools.me.native:
            return None
        if not named and not same_text(stored.content, text):
            return None
        receipt = Receipt(f"post:{post.pid}", str(self._tools.me), moment(stored.timestamp))
        return Evidence(Answer.HAPPENED, receipt, (singles.record(ref, read, Urgency.FLUSH),), where=("thread",))

    def _is_held(self, held: HeldP, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> bool:
        if taken(f"held:{held.id}") or str(held.uid) != self._tools.me.native:
            return False
        if hints.get("held") == held.id:
            return True
        fresh = held.id not in (intent.baseline or {}).get("held", ())
        here = str(held.data.tid) == native(intent.target)
        return fresh and here and same_text(held.data.rawContent, str(intent.payload.get("text", "")))

    def _held(self, held: HeldP) -> Evidence:
        ref = self._tools.context.names.ref(Kind.HELD, held.id)
        receipt = Receipt(f"held:{held.id}", str(self._tools.me), moment(held.data.timestamp))
        return Evidence(Answer.HAPPENED, receipt, held_id=str(ref), where=("post queue",))


class Places:
    """Where a reply may be."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def in_thread(self, thread: Ref) -> list[PostP]:
        """Own posts among the newest of the thread (its opening post comes first, whatever the order)."""
        path = endpoints.topic_page(in_path(thread), 1, "newest_to_oldest")
        read = self._tools.context.reader.find(path, TOPIC_PAGE, Urgency.FLUSH)
        return [] if read.value is None else self._own(read.value.posts, read.endpoint)

    def own_posts(self, after: int, pages: int) -> list[PostP]:
        """The account's own posts, newest first, page by page until one is older than ``after``.

        Raises ``PayloadError`` where several pages do not reach that: then they prove nothing.
        """
        page_path = endpoints.user_page(self._tools.context.rights(Urgency.FLUSH).slug, "posts")
        found: list[PostP] = []
        for page in range(1, pages + 1):
            read = self._tools.context.reader.find(endpoints.query(page_path, page=page), USER_POSTS, Urgency.FLUSH)
            if read.value is None:
                break
            posts = self._own(read.value.posts, read.endpoint)
            found.extend(posts)
            if not posts or min(int(one.pid) for one in posts) <= after:
                return found
        if pages > 1:
            raise PayloadError("endpoint_missing", connector="nodebb", endpoint=page_path, field="$")
        return found

    def held(self) -> list[HeldP]:
        """Own held posts; everybody may see those."""
        return [one for one in self.waiting() if str(one.uid) == self._tools.me.native]

    def waiting(self) -> list[HeldP]:
        """Held posts that the account may see."""
        found: list[HeldP] = []
        for page in range(1, _MOST_PAGES + 1):
            read = self._tools.context.reader.find(endpoints.post_queue(page), QUEUE, Urgency.FLUSH)
            if read.value is None:
                break
            posts, _ = set_aside(read.value.posts, HELD, lambda one: one, read.endpoint)
            found.extend(posts)
            if page >= read.value.pagination.pageCount:
                break
        return found

    def _own(self, raws: list[Any], endpoint: str) -> list[PostP]:
        posts, _ = set_aside(raws, POST, lambda one: one, endpoint)
        return [one for one in posts if str(one.uid) == self._tools.me.native and str(one.pid).isdigit()]
