"""Ports of the desk in memory: a mirror of a few rows, a team of one machine, an engine that only counts."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime

from moderation.cases import Case, CaseState, CaseStep
from moderation.changes import ChangeRecord
from moderation.content import Following, Forum, Group, Level, Member, Post, Thread, Unreadable
from moderation.following.grid import CODE, Answerer, Grid
from moderation.ids import Ref
from moderation.items import Item, ItemState
from moderation.ports import AuditEntry, CommunityRow, CommunityStatus, Pending, PictureHeard, PutOff, TeamNote
from moderation.priority import prioritise
from moderation.privacy.dismissals import Found, NotPrivate
from moderation.queries import PageKey, QueueCounts, QueueIndex, QueueQuery, QueueRow, SearchHit
from tests.fakes.factory import community, later
from tests.fakes.looks import FakeLooks
from tests.fakes.people import FakePeople


class FakeMirror:
    """Implements :class:`moderation.ports.Mirror` over dictionaries; full text is a plain ``in``."""

    def __init__(self) -> None:
        self.items: dict[Ref, Item] = {}
        self.thread_rows: dict[Ref, Thread] = {}
        self.post_rows: dict[Ref, Post] = {}
        self.members: dict[Ref, Member] = {}
        self.forum_rows: list[Forum] = []
        self.rows_of: list[CommunityRow] = [community()]
        self.overlay: dict[str, Pending] = {}
        self.finds: dict[str, Found] = {}
        self.seen: set[str] = set()
        self.levels: dict[tuple[Ref, Ref], Level] = {}
        self.followed: dict[Ref, datetime] = {}
        self.present: dict[tuple[Ref, Ref], datetime] = {}
        self.refused: list[Unreadable] = []
        self.group_rows: dict[str, list[Group]] = {}
        self.answering: dict[Ref, list[Answerer]] = {}

    def add(self, *things: Item | Thread | Post | Member | Forum) -> None:
        """Put records in."""
        for thing in things:
            match thing:
                case Item():
                    self.items[thing.id] = thing
                case Thread():
                    self.thread_rows[thing.id] = thing
                case Post():
                    self.post_rows[thing.id] = thing
                case Member():
                    self.members[thing.id] = thing
                case Forum():
                    self.forum_rows.append(thing)

    def change(self, item: Ref, **fields: object) -> None:
        """A pull brought news of an item."""
        self.items[item] = replace(self.items[item], **fields)  # type: ignore[arg-type]

    def lay_over(self, pending: Iterable[Pending]) -> None:
        """Replace what is pending."""
        self.overlay = {entry.item: entry for entry in pending}

    def page(self, query: QueueQuery, *, after: PageKey | None = None, limit: int = 100) -> list[QueueRow]:
        """Rows after a key."""
        rows = self._ordered(query)
        if after is not None:
            rows = [row for row in rows if _order(row.page_key) > _order(after)]
        return rows[:limit]

    def rows(self, keys: Sequence[int]) -> list[QueueRow]:
        """Rows by key."""
        known = {row.key: row for row in self._all()}
        return [known[key] for key in keys if key in known]

    def find(self, ids: Sequence[str]) -> list[QueueRow]:
        """Rows by id."""
        known = {row.id: row for row in self._all()}
        return [known[one] for one in ids if one in known]

    def matching(self, query: QueueQuery, keys: Sequence[int]) -> set[int]:
        """Which of these the query has."""
        return {row.key for row in self._ordered(query)} & set(keys)

    def count(self, query: QueueQuery) -> int:
        """How many rows."""
        return len(self._ordered(query))

    def counts(self, query: QueueQuery) -> QueueCounts:
        """Numbers of the sidebar."""
        rows = self._ordered(query)
        return QueueCounts(open=len(rows), held=sum(row.state is ItemState.HELD for row in rows))

    def index(self, query: QueueQuery, cancelled: Callable[[], bool] = lambda: False) -> QueueIndex:
        """The whole order."""
        answer = QueueIndex()
        for row in self._ordered(query):
            answer.keys.append(row.key)
            answer.priorities.append(row.priority)
            answer.created_ms.append(row.created_ms)
        return answer

    def mark_seen(self, item: str) -> None:
        """Remember."""
        self.seen.add(item)

    def together(self) -> AbstractContextManager[None]:
        """It is one state anyway."""
        return nullcontext()

    def item(self, item: Ref) -> Item | None:
        """One item."""
        return self.items.get(item)

    def thread(self, thread: Ref) -> Thread | None:
        """One thread."""
        return self.thread_rows.get(thread)

    def posts(self, thread: Ref, *, around: Ref | None = None, limit: int = 50, staff: bool = False) -> list[Post]:
        """Posts of a thread."""
        found = [post for post in self.post_rows.values() if post.thread == thread]
        return [post for post in found if staff or not post.staff_only][:limit]

    def post(self, post: Ref) -> Post | None:
        """One post."""
        return self.post_rows.get(post)

    def member(self, member: Ref) -> Member | None:
        """One member."""
        return self.members.get(member)

    def known_members(self, members: Sequence[Ref]) -> dict[Ref, Member]:
        """Several members."""
        return {member: self.members[member] for member in members if member in self.members}

    def items_by_author(self, author: Ref, limit: int = 20) -> list[QueueRow]:
        """Items about this member."""
        return [row for row in self._all() if row.author == str(author)][:limit]

    def threads_by_author(self, author: Ref, limit: int = 5) -> list[Thread]:
        """Threads of this member."""
        return [thread for thread in self.thread_rows.values() if thread.author == author][:limit]

    def forums(self, community: str) -> list[Forum]:
        """All forums."""
        return [forum for forum in self.forum_rows if forum.id.community == community]

    def following(self, community: str) -> list[Following]:
        """What a test says."""
        return [
            Following(who, forum, level, self.followed[who])
            for (forum, who), level in sorted(self.levels.items())
            if who.community == community
        ]

    def followers(self, community: str) -> dict[Ref, datetime]:
        """Of whom a test says that it is known."""
        return {who: at for who, at in self.followed.items() if who.community == community}

    def unreadable(self, community: str) -> list[Unreadable]:
        """Of whom it could not be read."""
        return [one for one in self.refused if one.member.community == community]

    def grid(self, forums: Sequence[Ref], members: Sequence[Ref]) -> Grid:
        """Cell by cell."""
        found = Grid.empty(forums, members)
        for at, (forum, member) in enumerate((f, m) for f in forums for m in members):
            found.levels[at] = CODE[self.levels.get((forum, member))]
            when = self.present.get((forum, member))
            found.last_ms[at] = round(when.timestamp() * 1000) if when is not None else 0
        return found

    def posts_there(self, member: Ref, forum: Ref, since: datetime, limit: int = 100) -> list[Post]:
        """What a member wrote there."""
        own = [post for post in self.post_rows.values() if (post.author, post.forum) == (member, forum)]
        found = [post for post in own if post.created_at >= since]
        return sorted(found, key=lambda post: post.created_at, reverse=True)[:limit]

    def groups(self, community: str) -> list[Group]:
        """The server's groups."""
        return self.group_rows.get(community, [])

    def answerers(self, forum: Ref, since: datetime, limit: int = 20) -> list[Answerer]:
        """Who answers there."""
        return [one for one in self.answering.get(forum, []) if one.last_at >= since][:limit]

    def communities(self) -> list[CommunityRow]:
        """Connected communities."""
        return list(self.rows_of)

    def search(
        self, text: str, *, limit: int = 50, communities: tuple[str, ...] = (), private: bool = False
    ) -> list[SearchHit]:
        """Posts that contain the text."""
        hits = [post for post in self.post_rows.values() if text in (post.body or "")]
        return [SearchHit(str(p.id), str(p.thread), None, p.author_name, p.created_at, "") for p in hits][:limit]

    def found(self, posts: Sequence[Ref]) -> dict[str, Found]:
        """What a test says was found."""
        return {str(post): self.finds[str(post)] for post in posts if str(post) in self.finds}

    def finder_lag(self) -> int:
        """Nothing waits."""
        return 0

    def index_lag(self) -> int:
        """Nothing waits."""
        return 0

    def close(self) -> None:
        """Nothing to close."""

    def _all(self) -> list[QueueRow]:
        return [self._row(key, item) for key, item in enumerate(self.items.values(), 1)]

    def _ordered(self, query: QueueQuery) -> list[QueueRow]:
        rows = [row for row in self._all() if row.state in query.states and query.text in row.excerpt]
        return sorted(rows, key=lambda row: _order(row.page_key))

    def _row(self, key: int, item: Item) -> QueueRow:
        priority, over = prioritise(item), self.overlay.get(str(item.id))
        state = ItemState(over.effective) if over is not None and over.effective else item.state
        return QueueRow(
            key=key,
            id=str(item.id),
            state=state,
            priority=priority.score,
            level=priority.level,
            why=priority.why,
            created_ms=later(item.created_at),
            report_count=item.report_count,
            excerpt=item.body or "",
            reason=priority.reason,
            author_name=item.author_name or "",
            forum_name="",
            forum=_text(item.forum),
            thread=_text(item.thread),
            post=_text(item.post),
            author=_text(item.author),
            assignee=_text(item.assignee),
            assignee_name=item.assignee_name,
            claimed_by=None,
            claimed_name=None,
            version=item.version,
            detail=item.detail,
            seen=str(item.id) in self.seen,
            pending=str(over.state) if over else None,
            pending_action=over.action if over else None,
            pending_intent=over.intent if over else None,
        )


class FakeCases:
    """Implements :class:`moderation.cases.Cases` in memory."""

    def __init__(self) -> None:
        self.opened: dict[tuple[str, str], Case] = {}
        self.steps: dict[str, CaseStep] = {}

    def open_case(self, case: Case) -> Case:
        """First come, first served."""
        return self.opened.setdefault((case.community, case.key), case)

    def note_step(self, step: CaseStep) -> None:
        """The last word on an intent."""
        self.steps[step.intent] = step

    def set_case_state(
        self, community: str, key: str, state: CaseState, *, instead_of: CaseState | None = None
    ) -> bool:
        """Let it stand otherwise."""
        known = self.opened.get((community, key))
        if known is None or instead_of not in {None, known.state}:
            return False
        self.opened[community, key] = replace(known, state=state)
        return True

    def case_state(self, community: str, key: str) -> CaseState | None:
        """How it stands."""
        found = self.opened.get((community, key))
        return None if found is None else found.state

    def cases(self, *, community: str | None = None, thread: str | None = None) -> list[Case]:
        """Those that fit, newest first."""
        found = [c for c in self.opened.values() if community in {None, c.community} and thread in {None, c.thread}]
        steps = list(self.steps.values())
        return [replace(c, steps=tuple(s for s in steps if s.case == c.key)) for c in reversed(found)]


class FakeTeam(FakeCases, FakePeople, FakeLooks):
    """Implements :class:`moderation.ports.Team` in memory; several desks may share one object as colleagues do."""

    def __init__(self) -> None:
        super().__init__()
        FakePeople.__init__(self)
        FakeLooks.__init__(self)
        self.held: dict[str, tuple[str, str, datetime]] = {}
        self.turns: dict[tuple[str, str], str] = {}
        self.later: dict[tuple[str, str], PutOff] = {}
        self.dismissed: dict[tuple[str, bytes], NotPrivate] = {}
        self.written: list[TeamNote] = []
        self.entries: dict[tuple[str, str], AuditEntry] = {}

    @property
    def shared(self) -> bool:
        """One machine."""
        return False

    def claim(self, item: str, member: str, member_name: str, at: datetime) -> str | None:
        """First come, first served."""
        holder = self.held.setdefault(item, (member, member_name, at))[0]
        return None if holder == member else holder

    def dismiss(self, what: NotPrivate) -> bool:
        """Once for each find."""
        return self.dismissed.setdefault((what.post, what.print), what) is what

    def take_back(self, post: str, print_: bytes) -> bool:
        """It is private after all."""
        return self.dismissed.pop((post, print_), None) is not None

    def not_private(self) -> list[NotPrivate]:
        """All of them."""
        return list(self.dismissed.values())

    def forget_dismissals(self, gone: Iterable[Ref]) -> int:
        """Posts were erased."""
        ids = {str(ref) for ref in gone}
        lost = [key for key in self.dismissed if key[0] in ids]
        for key in lost:
            del self.dismissed[key]
        return len(lost)

    def release(self, item: str, member: str) -> bool:
        """Give up an own claim."""
        if self.held.get(item, ("",))[0] != member:
            return False
        del self.held[item]
        return True

    def claims(self, items: Sequence[str]) -> dict[str, tuple[str, str, datetime]]:
        """Claims of these."""
        return {item: self.held[item] for item in items if item in self.held}

    def take_turn(self, item: str, version: str, intent: str) -> str | None:
        """First come, first served."""
        holder = self.turns.setdefault((item, version), intent)
        return None if holder == intent else holder

    def put_off(self, what: PutOff) -> None:
        """Instead of what was said before."""
        self.later[what.item, what.member] = what

    def take_up(self, item: str, member: str) -> bool:
        """Take it back."""
        return self.later.pop((item, member), None) is not None

    def put_off_by(self, members: Sequence[str]) -> list[PutOff]:
        """Soonest first."""
        return sorted((each for each in self.later.values() if each.member in members), key=lambda each: each.until)

    def add_note(self, note: TeamNote) -> None:
        """Keep a note."""
        self.written.append(note)

    def notes(self, item: str) -> list[TeamNote]:
        """Notes of an item."""
        return [note for note in self.written if note.item == item]

    def log(self, entry: AuditEntry) -> None:
        """Once for an intent and outcome."""
        self.entries.setdefault((entry.intent, entry.outcome), entry)

    def audit(self, *, item: str | None = None, since: datetime | None = None, limit: int = 200) -> list[AuditEntry]:
        """The log, newest first."""
        found = [entry for entry in self.entries.values() if item in {None, entry.item}]
        return [entry for entry in reversed(found) if since is None or entry.at >= since][:limit]


class FakeEngine:
    """Implements :class:`moderation.ports.Engine`: remembers what it was asked."""

    def __init__(self) -> None:
        self.woken: list[str] = []
        self.wanted: list[Ref] = []

    def wake(self, reason: str = "") -> None:
        """Remember."""
        self.woken.append(reason)

    def want(self, refs: Sequence[Ref]) -> None:
        """Remember."""
        self.wanted.extend(refs)

    def refresh(self, community: str | None = None) -> None:
        """Remember."""
        self.woken.append("refresh")

    def status(self) -> list[CommunityStatus]:
        """It has not spoken."""
        return []

    def picture(self, community: str, address: str, heard: PictureHeard) -> Callable[[], None]:
        """Never comes."""
        return lambda: None

    def listen(self, heard: Callable[[list[ChangeRecord]], None]) -> Callable[[], None]:
        """Never speaks."""
        return lambda: None


def _order(key: PageKey) -> tuple[float, int, int]:
    return (-key.priority, -key.created_ms, -key.key)


def _text(thing: Ref | None) -> str | None:
    return str(thing) if thing is not None else None
