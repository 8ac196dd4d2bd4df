"""Ports: what the desk needs from the outside. ``sync`` and ``console`` implement them; ``views`` and the command
line see only these.

All times are aware UTC, all durations seconds. Readers are cheap enough for the window unless a docstring says
otherwise.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from moderation.changes import ChangeRecord
from moderation.content import (
    CommunityInfo,
    Following,
    Forum,
    Group,
    Identity,
    Member,
    PictureFile,
    Post,
    Thread,
    Unreadable,
)
from moderation.errors import MarqueeError
from moderation.following.grid import Answerer, Grid
from moderation.ids import Ref
from moderation.intents import Intent, IntentState, Plan
from moderation.items import Item
from moderation.privacy.dismissals import Found
from moderation.queries import PageKey, QueueCounts, QueueIndex, QueueQuery, QueueRow, SearchHit


class Clock(Protocol):
    """Time, so that tests can move it."""

    def now(self) -> datetime:
        """Wall clock, aware UTC."""

    def monotonic(self) -> float:
        """Seconds that never go back; deadlines are counted on it."""


class Ids(Protocol):
    """Source of time-ordered unique ids."""

    def new(self) -> str:
        """A fresh UUID version 7."""


PUT_OFF = "later"
NOT_PRIVATE = "not_private"


@dataclass(frozen=True, slots=True)
class Pending:
    """An intent as the reader lays it over mirror rows.

    Or an item put off: ``action`` is then :data:`PUT_OFF`, ``intent`` the time until when (ISO 8601). Or a find in a
    post that is not private: :data:`NOT_PRIVATE`, ``item`` the post, ``intent`` the find's print (hexadecimal).
    """

    intent: str
    item: str
    action: str
    state: IntentState
    effective: str | None


@dataclass(frozen=True, slots=True)
class CommunityRow:
    """A connected community as stores know it; ``info`` is what the server said of itself, ``identity`` who is signed
    in.

    ``official`` is the company account's member, if one is connected. ``as_of`` is when it was last read,
    ``complete_since`` down to when its threads are complete, ``trouble`` the code of what keeps it from being read
    now, with facts, ``None`` when all is well.
    """

    name: str
    url: str
    info: CommunityInfo
    identity: Identity
    capabilities: frozenset[str]
    official: Identity | None = None
    as_of: datetime | None = None
    complete_since: datetime | None = None
    trouble: dict[str, Any] | None = None


class QueueReader(Protocol):
    """Queue pages and counts. One instance belongs to one thread."""

    def lay_over(self, pending: Iterable[Pending]) -> None:
        """Replace the set of pending intents that every query below takes into account."""

    def page(self, query: QueueQuery, *, after: PageKey | None = None, limit: int = 100) -> list[QueueRow]:
        """Rows after that key, in order (keyset, no offset); fewer than ``limit`` rows means the end."""

    def rows(self, keys: Sequence[int]) -> list[QueueRow]:
        """Rows by key in the order asked, those that do not exist left out; at most 500 a call."""

    def find(self, ids: Sequence[str]) -> list[QueueRow]:
        """Rows by id, whatever their state, those that do not exist left out."""

    def matching(self, query: QueueQuery, keys: Sequence[int]) -> set[int]:
        """Which of these rows the query contains now."""

    def count(self, query: QueueQuery) -> int:
        """Exactly the number of rows that :meth:`page` would give in all."""

    def counts(self, query: QueueQuery) -> QueueCounts:
        """Numbers for the sidebar under the communities of this query."""

    def index(self, query: QueueQuery, cancelled: Callable[[], bool] = lambda: False) -> QueueIndex:
        """The whole order; up to a second at half a million rows: never on the window's thread."""

    def mark_seen(self, item: str) -> None:
        """Remember on this machine that the person has had this item before their eyes."""


class ContentReader(Protocol):
    """Items and threads in full. One instance belongs to one thread. ``None`` where nothing is known."""

    def together(self) -> AbstractContextManager[None]:
        """One state of the mirror for all that is read inside, and the cost of opening it once."""

    def item(self, item: Ref) -> Item | None:
        """The item in full."""

    def thread(self, thread: Ref) -> Thread | None:
        """The thread's head; looks in mirror and private store."""

    def posts(self, thread: Ref, *, around: Ref | None = None, limit: int = 50, staff: bool = False) -> list[Post]:
        """Posts in thread order; with ``around`` the ``limit`` posts nearest to that one.

        With ``staff`` those among them that only the staff can read, for staff to see and never to be passed on.
        """

    def post(self, post: Ref) -> Post | None:
        """One post."""

    def member(self, member: Ref) -> Member | None:
        """One member."""

    def known_members(self, members: Sequence[Ref]) -> dict[Ref, Member]:
        """Those of these members, all of one community, that are known."""

    def items_by_author(self, author: Ref, limit: int = 20) -> list[QueueRow]:
        """Other items about this member's posts, newest first, whatever their state."""

    def threads_by_author(self, author: Ref, limit: int = 5) -> list[Thread]:
        """Newest threads of this member."""

    def forums(self, community: str) -> list[Forum]:
        """All forums, in the community's order."""

    def following(self, community: str) -> list[Following]:
        """How staff follow forums, by forum and member, as far as it could be read."""

    def followers(self, community: str) -> dict[Ref, datetime]:
        """Of whom that is known, and since when; of anybody else it is unknown, which is not the same as nothing."""

    def unreadable(self, community: str) -> list[Unreadable]:
        """Of whom it could not be read, and what stood in the way."""

    def grid(self, forums: Sequence[Ref], members: Sequence[Ref]) -> Grid:
        """Levels and last posts of these members in these forums, all of one community."""

    def posts_there(self, member: Ref, forum: Ref, since: datetime, limit: int = 100) -> list[Post]:
        """What a member wrote in a forum since then, newest first; reads the forum's threads of that time."""

    def groups(self, community: str) -> list[Group]:
        """The server's groups, by name."""

    def answerers(self, forum: Ref, since: datetime, limit: int = 20) -> list[Answerer]:
        """Who answered others there since then, whoever answered most first; reads the forum's threads of that time."""

    def communities(self) -> list[CommunityRow]:
        """Connected communities, by name."""

    def search(
        self, text: str, *, limit: int = 50, communities: tuple[str, ...] = (), private: bool = False
    ) -> list[SearchHit]:
        """Newest hits of the local full text; every word must occur; two Japanese characters are enough."""

    def index_lag(self) -> int:
        """Posts that are stored but not yet in the full text."""

    def found(self, posts: Sequence[Ref]) -> dict[str, Found]:
        """Private data found in these public posts and titles, by id; those not looked at yet are left out."""

    def finder_lag(self) -> int:
        """Public posts and titles that nobody has looked at for private data yet."""


class Mirror(QueueReader, ContentReader, Protocol):
    """All reading of the local copy. ``close`` ends the connection."""

    def close(self) -> None:
        """Close the connection."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Unsent text; ``place`` names where it was typed (``reply:ID``, ``note:ID``), ``facts`` what stood beside it."""

    place: str
    text: str
    changed_at: datetime
    facts: dict[str, Any] = field(default_factory=dict)


class Journal(Protocol):
    """The person's intents, receipts and drafts: never lost. Safe to use from several threads and processes."""

    def add(self, *plans: Plan) -> None:
        """Write plans with their intents in one transaction; on return all of them are on the disk."""

    def intent(self, intent: str) -> Intent | None:
        """One intent, or ``None``."""

    def plan(self, plan: str) -> Plan | None:
        """A plan with its intents in order."""

    def plans(self, *, since: datetime | None = None, limit: int = 200) -> list[Plan]:
        """Plans, newest first."""

    def unfinished(self, community: str | None = None) -> list[Intent]:
        """Intents that are not final, oldest first (by id)."""

    def attention(self) -> list[Intent]:
        """Intents for the screen: not final, or conflict or refused and not closed by a person, newest first."""

    def ended(self, limit: int) -> list[Intent]:
        """Confirmed, refused and conflicting intents, the one that ended last first."""

    def move(self, intent: str, expected: IntentState, to: IntentState, **facts: Any) -> Intent | None:
        """Change state if it is still ``expected`` (compare and set, one transaction); ``None`` if it was not.

        ``facts`` are fields of :class:`~moderation.intents.Intent`. Confirming writes the receipt (a conflict that
        overwrote a colleague has one too); a ``server_id`` that already is the receipt of another intent raises
        :class:`~moderation.errors.ConflictError` ``receipt_taken``. Confirming a step moves the step after it from
        ``blocked`` to ``waiting`` in the same transaction.
        """

    def update(self, intent: str, **facts: Any) -> Intent:
        """Change fields that are not the state (``next_try``, ``trouble``, ``looks``, ``question``, ``held_at``)."""

    def move_all(self, intents: Sequence[Intent], to: IntentState, **facts: Any) -> int:
        """:meth:`move` for many in one transaction, but not to an end with a receipt: those that still are in the
        state that they have here; gives how many were.
        """

    def cancel_held(self) -> list[Plan]:
        """Cancel every plan that has a step in its undo window, in one transaction; gives them, oldest first."""

    def close_plan(self, plan: str) -> list[Intent]:
        """A person is done with it: blocked and unsent steps are cancelled, final ones leave the attention list."""

    def prune(self, before: datetime, limit: int = 200) -> int:
        """Let go of up to ``limit`` plans that were over before then; gives how many, 0 when none is left.

        Never of what is unfinished or needs a person, nor of what ended after the oldest of those began.
        """

    def receipts(self, target: Ref) -> list[Intent]:
        """Confirmed intents on this target or item, newest first."""

    def receipt_taken(self, server_id: str, community: str | None = None) -> bool:
        """True when this server id is the receipt of an intent, of that community where one is named.

        Two communities give the same numbers to their posts.
        """

    def retire_receipts(self, community: str) -> None:
        """The server will give these ids again: receipts keep them with a mark behind, and take them no more."""

    def version(self) -> int:
        """A number that grows with every change by anyone; cheap to poll."""

    def save_draft(self, draft: Draft) -> None:
        """Keep unsent text; an empty text removes the draft."""

    def draft(self, place: str) -> Draft | None:
        """The draft of a place."""

    def drafts(self) -> list[Draft]:
        """All drafts, newest first."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit log: who decided what on which item, why, and what became of it."""

    at: datetime
    actor: str
    action: str
    item: str | None
    target: str
    reason: str
    policy: str
    outcome: str
    intent: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TeamNote:
    """A note that lives with the team, not on the server."""

    id: str
    item: str
    author: str
    author_name: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class PutOff:
    """An item that a person has put off ``until`` a time, with as many reports as it had then: a further one brings it
    back at once.
    """

    item: str
    member: str
    until: datetime
    at: datetime
    reports: int = 0


class Team(Protocol):
    """What the team shares. Safe to use from several threads and processes."""

    def claim(self, item: str, member: str, member_name: str, at: datetime) -> str | None:
        """Claim an item; gives the member who holds it already, or ``None`` when the claim is now this member's."""

    def release(self, item: str, member: str) -> bool:
        """Give up an own claim; ``False`` when it was not this member's."""

    def claims(self, items: Sequence[str]) -> dict[str, tuple[str, str, datetime]]:
        """Claims of these items: member id, name, since."""

    def take_turn(self, item: str, version: str, intent: str) -> str | None:
        """Take (item, version) before sending where the platform has no claim.

        Gives the intent that holds it, ``None`` if it is ours now.
        """

    def put_off(self, what: PutOff) -> None:
        """Put an item off for a person, instead of what was said before."""

    def take_up(self, item: str, member: str) -> bool:
        """Take it back into this person's queue; ``False`` when it was not put off."""

    def put_off_by(self, members: Sequence[str]) -> list[PutOff]:
        """What these members (one person, a member of several communities) have put off, soonest first, the past
        included.
        """

    def add_note(self, note: TeamNote) -> None:
        """Keep a note."""

    def notes(self, item: str) -> list[TeamNote]:
        """Notes of an item, oldest first."""

    def log(self, entry: AuditEntry) -> None:
        """Append to the audit log; the same intent and outcome twice is one entry."""

    def audit(self, *, item: str | None = None, since: datetime | None = None, limit: int = 200) -> list[AuditEntry]:
        """The log, newest first."""

    @property
    def shared(self) -> bool:
        """True when more than this machine uses the store: clashes are then prevented, not only detected."""


@dataclass(frozen=True, slots=True)
class CommunityStatus:
    """How a community stands with the engine: ``state`` is ``connected``, ``offline``, ``sign_in``, ``paused`` or
    ``unknown``. ``live`` is ``on`` where the server tells of changes by itself, the code of why not, or empty where it
    never does.
    """

    community: str
    state: str
    read_at: datetime | None = None
    since: datetime | None = None
    next_try: datetime | None = None
    budget_left: float | None = None
    trouble: dict[str, Any] | None = None
    live: str = ""


PictureHeard = Callable[[PictureFile | MarqueeError], None]


class Engine(Protocol):
    """The engine as window and commands see it: another process, reached over a local socket.

    Losing every message loses nothing.
    """

    def wake(self, reason: str = "") -> None:
        """Ask it to look at the journal now; starts it if it does not run. Never blocks on the network."""

    def want(self, refs: Sequence[Ref]) -> None:
        """Ask for these in full now, before background work: what is on the screen and next."""

    def refresh(self, community: str | None = None) -> None:
        """Ask for a poll now (``Ctrl R``)."""

    def status(self) -> list[CommunityStatus]:
        """The last statuses heard; empty when the engine has not spoken yet."""

    def picture(self, community: str, address: str, heard: PictureHeard) -> Callable[[], None]:
        """Fetch a picture that a post of this community names. ``heard`` gets it, or why it does not come, once and on
        a thread of its own; the result says that it is not wanted any more, and then nothing is heard.
        """

    def listen(self, heard: Callable[[list[ChangeRecord]], None]) -> Callable[[], None]:
        """Call ``heard`` on a thread of its own for every bundle of changes; the result ends it."""
