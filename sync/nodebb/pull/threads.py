"""Threads: the first walk through every forum, what changed since, and what no feed reports.

``/api/recent`` reaches back 200 topics only (a site setting) and leaves out the categories that the account ignores;
edits, moves, locks and posts accepted with an old time do not move a topic in it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from moderation.errors import NotAllowedError, PayloadError
from moderation.ids import Kind, Ref
from moderation.records import Batch, Records
from sync.connector import Known, ThreadFacts, Urgency
from sync.nodebb import endpoints
from sync.nodebb.context import Context
from sync.nodebb.decode import dated, maybe_moment
from sync.nodebb.decoders import TOPIC, TOPIC_LIST
from sync.nodebb.ids import room_of
from sync.nodebb.payloads import TopicP
from sync.nodebb.pull.forums import ignored_forums, public_forums, reader_for, walkable
from sync.nodebb.pull.posts import ThreadPosts, Wanted, people
from sync.nodebb.pull.rooms import RoomLines
from sync.nodebb.reading import set_aside
from sync.parts.revisits import Revisits
from sync.parts.times import in_ms

RECENT = "recent.until"
AGAIN = "threads.again"
TURN = "ignored.turn"
_STAND_IN = "[[topic:topic-is-deleted]]"
_STALE_AT_ONCE = 40
_MOST_TRIES = 4


@dataclass(frozen=True, slots=True)
class ForumPage:
    """A page of topics; ``unfit``: it does not fit at all."""

    seq: int
    topics: list[TopicP]
    problems: tuple[str, ...]
    last: bool
    not_modified: bool = False
    unfit: bool = False


class Threads:
    """Reads topics, and through :class:`ThreadPosts` their posts."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._posts = ThreadPosts(context)
        self._rooms = RoomLines(context)
        self._revisits = Revisits(_STALE_AT_ONCE)
        self._broken_off: set[Ref] = set()

    def walk(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        """Every forum down to the horizon, newest first, page by page in turn; resumable after each page.

        Pages of the forums that come next are asked for while one forum's posts are read. A page that does not fit is
        left for the next walk, and so are those behind it.
        """
        whole = set(walkable(known))
        open_pages = {forum: page for forum in walkable(known) if (page := _next_page(known, forum, horizon))}
        public = public_forums(known)
        while open_pages:
            turn = list(open_pages.items())
            pages = self._context.together(lambda one: self.forum_page(public, *one, Urgency.BACKGROUND), turn)
            for (forum, page), found in zip(turn, pages, strict=True):
                done = found is None or found.last or beyond(found.topics, horizon)
                if found is not None and found.unfit:
                    yield Batch((), {}, found.problems)
                    del open_pages[forum]
                    whole.clear()
                    continue
                if found is not None:
                    yield from self._read(found, known, Urgency.BACKGROUND, thorough_after=-1, horizon=horizon)
                cursor = f"done:{horizon.isoformat()}" if done else f"page:{page + 1}:{horizon.isoformat()}"
                yield Batch((), {_cursor(forum): cursor})
                if done:
                    del open_pages[forum]
                else:
                    open_pages[forum] = page + 1
        if whole:
            yield Batch((), {}, complete_since=horizon)

    def learn_heads(self, known: Known, horizon: datetime, most_pages: int) -> None:
        """Remember where topics stand, twenty a request, before flags in full would ask for each of them."""
        public = public_forums(known)
        turn = [(forum, 1) for forum in walkable(known)]
        while turn and most_pages > 0:
            turn, most_pages = turn[:most_pages], most_pages - len(turn)
            pages = self._context.together(lambda one: self.forum_page(public, *one, Urgency.BACKGROUND), turn)
            following = []
            for (forum, page), found in zip(turn, pages, strict=True):
                for topic in found.topics if found is not None else ():
                    self._context.note_head(topic)
                if found is not None and not found.last and not beyond(found.topics, horizon):
                    following.append((forum, page + 1))
            turn = following

    def recent(self, known: Known) -> Iterator[Batch]:
        """What was replied to since the last poll; one request when nothing was.

        The cursor moves once all of it has been read: what broke off in the middle is read whole the next time, though
        its head says nothing new then. A thread whose answer did not fit is tried again at a few polls more.
        """
        until = int(known.cursor(RECENT) or 0)
        tries: dict[str, int] = json.loads(known.cursor(AGAIN) or "{}")
        newest = until
        page = 1
        while True:
            found = self._list(endpoints.recent(page), Urgency.POLL, conditional=page == 1)
            newest = max([newest, *(_shown(topic) for topic in found.topics)])
            if page == 1 and found.not_modified and until == newest and not tries:
                return
            changed = self._changed(found, known, thorough_after=until)
            yield from self._read(found, known, Urgency.POLL, thorough_after=until)
            tries |= {str(topic.tid): 0 for topic, _ in changed}
            if not changed or found.last or min(map(_shown, found.topics), default=0) < until:
                break
            page += 1
        yield from self.whole(self._refs(name for name, tried in tries.items() if tried), known, Urgency.POLL)
        cursors = {RECENT: str(newest)} | self._again(known, tries)
        if until and found.last and changed and min(map(_shown, found.topics), default=0) > until:
            cursors |= {_cursor(forum): None for forum in known.forums()}
        if any(known.cursor(name) != value for name, value in cursors.items()):
            yield Batch((), cursors)

    def _again(self, known: Known, tries: Mapping[str, int]) -> dict[str, str | None]:
        """The cursor of threads that are still not whole, with how often that was tried."""
        facts = known.threads(self._refs(tries))
        lacking = {ref.native for ref, one in facts.items() if not one.complete}
        left = {name: tried + 1 for name, tried in tries.items() if name in lacking and tried + 1 < _MOST_TRIES}
        return {AGAIN: json.dumps(left, separators=(",", ":")) if left else None}

    def _refs(self, natives: Iterable[str]) -> list[Ref]:
        return [self._context.names.ref(Kind.THREAD, native) for native in natives]

    def ignored(self, known: Known) -> Iterator[Batch]:
        """First page of one of the categories that the account ignores, each in its turn: one request a poll.

        Where reading it broke off, the next 304 does not mean that everything was read.
        """
        cids = ignored_forums(known)
        if not cids:
            return
        turn = int(known.cursor(TURN) or 0) % len(cids)
        forum = self._context.names.ref(Kind.FORUM, cids[turn])
        found = self.forum_page(public_forums(known), forum, 1, Urgency.POLL)
        anew = forum in self._broken_off
        if found is not None and (anew or not found.not_modified):
            self._broken_off.add(forum)
            yield from self._read(found, known, Urgency.POLL, thorough_after=-1 if anew else None)
        self._broken_off.discard(forum)
        if len(cids) > 1:
            yield Batch((), {TURN: str((turn + 1) % len(cids))})

    def stale(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        """A few of the threads that were not read for a day, the oldest reading first."""
        now = self._context.now()
        refs = self._revisits.due(known, now, horizon)
        yield from self.whole(refs, known, Urgency.BACKGROUND)
        self._revisits.looked_at(refs, known, now, horizon)

    def unread(self, refs: Sequence[Ref], known: Known) -> Iterator[Batch]:
        """Those of these threads whose posts have not all been read."""
        facts = known.threads(refs)
        rest = [ref for ref in refs if ref not in facts or not facts[ref].complete]
        yield from self.whole(rest, known, Urgency.BACKGROUND)

    def whole(self, refs: Sequence[Ref], known: Known, urgency: Urgency) -> Iterator[Batch]:
        """These threads with all their posts, chat rooms with their lines."""
        wanted = []
        rooms = [ref for ref in refs if room_of(ref) is not None]
        yield from self._rooms.batches(rooms, urgency)
        facts = known.threads(refs)
        for ref in (one for one in refs if one not in rooms):
            place = self._context.heads.get(ref.native) or facts.get(ref)
            wanted.append(Wanted(ref, place.forum if place is not None else None))
        yield from self._posts.batches(wanted, known, urgency)

    def _read(
        self,
        page: ForumPage,
        known: Known,
        urgency: Urgency,
        *,
        thorough_after: int | None = None,
        horizon: datetime | None = None,
    ) -> Iterator[Batch]:
        """Heads of a page's changed topics, then their posts; see :meth:`_changed`."""
        changed = self._changed(page, known, thorough_after=thorough_after)
        for topic, _ in changed:
            self._context.note_head(topic)
        heads = [self._context.thread_records(topic, known, page.seq) for topic, _ in changed]
        members = tuple(people(self._context, [topic.user for topic, _ in changed]))
        if heads or page.problems:
            yield Batch((*heads, Records(page.seq, members=members)), {}, page.problems)
        wanted = [
            Wanted(
                self._context.names.ref(Kind.THREAD, topic.tid),
                self._context.names.maybe(Kind.FORUM, topic.cid),
                facts,
                topic.postcount,
            )
            for topic, facts in changed
            if horizon is None or _shown(topic) >= in_ms(horizon)
        ]
        yield from self._posts.batches(wanted, known, urgency)

    def _changed(
        self, page: ForumPage, known: Known, *, thorough_after: int | None = None
    ) -> list[tuple[TopicP, ThreadFacts | None]]:
        """Topics of which the list says something new; of those with a last post after that time (ms) also the ones
        that were not read whole.
        """
        refs = [self._context.names.ref(Kind.THREAD, topic.tid) for topic in page.topics]
        facts = known.threads(refs)
        return [
            (topic, facts.get(ref))
            for topic, ref in zip(page.topics, refs, strict=True)
            if differs(topic, facts.get(ref), thorough=thorough_after is not None and _shown(topic) > thorough_after)
        ]

    def forum_page(self, public: frozenset[Ref], forum: Ref, page: int, urgency: Urgency) -> ForumPage | None:
        """A page of a forum, read as anonymous visitor where that is enough; ``None`` where it may not be read.

        Where a visitor is shown that a topic was deleted and no more, the account asks itself.
        """
        best: ForumPage | None = None
        reader = reader_for(self._context, public, forum, urgency)
        path = endpoints.category(forum.native, page)
        for each in dict.fromkeys((reader, self._context.reader)):
            try:
                read = each.find(path, TOPIC_LIST, urgency, conditional=page == 1)
            except NotAllowedError:
                continue
            except PayloadError as error:
                return ForumPage(0, [], (f"{error.facts['endpoint']} {error.facts['field']}",), last=True, unfit=True)
            if read.value is not None:
                topics, problems = set_aside(read.value.topics, TOPIC, dated, read.endpoint)
                last, shown = page >= read.value.pagination.pageCount, [one for one in topics if one.title != _STAND_IN]
                best = ForumPage(read.seq, shown, tuple(problems), last, read.not_modified)
                if len(shown) == len(topics):
                    break
        return best

    def _list(self, path: str, urgency: Urgency, *, conditional: bool) -> ForumPage:
        read = self._context.reader.get(path, TOPIC_LIST, urgency, conditional=conditional)
        topics, problems = set_aside(read.value.topics, TOPIC, dated, read.endpoint)
        last = read.value.pagination.currentPage >= read.value.pagination.pageCount or not read.value.topics
        return ForumPage(read.seq, topics, tuple(problems), last, read.not_modified)


def differs(topic: TopicP, facts: ThreadFacts | None, *, thorough: bool) -> bool:
    """True when a list says anything of a topic that the mirror does not; ``thorough``: or it was not read whole."""
    if facts is None:
        return True
    if (facts.last_post_at, facts.post_count) != (maybe_moment(topic.lastposttime), topic.postcount):
        return True
    return thorough and not facts.complete


def _shown(topic: TopicP) -> int:
    """Time (ms) of the last post; a scheduled topic stands in the future and says nothing."""
    return 0 if topic.scheduled else round(topic.lastposttime)


def beyond(topics: Sequence[TopicP], horizon: datetime) -> bool:
    """True for a whole page older than the horizon; pinned topics stand on top whatever their age."""
    loose = [topic for topic in topics if not topic.pinned]
    return bool(loose) and all(_shown(topic) < in_ms(horizon) for topic in loose)


def _cursor(forum: Ref) -> str:
    return f"walk.{forum.native}"


def _next_page(known: Known, forum: Ref, horizon: datetime) -> int:
    """The page to go on with; 0 where the forum was walked down to this horizon already."""
    kind, _, rest = (known.cursor(_cursor(forum)) or "").partition(":")
    if kind == "done":
        return 0 if datetime.fromisoformat(rest) <= horizon else 1
    number, _, _ = rest.partition(":")
    return int(number) if kind == "page" and number.isdigit() else 1
