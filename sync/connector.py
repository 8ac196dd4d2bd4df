"""What a connector is: declared capabilities, and the small protocols that go with them.

A connector is a package ``sync/<platform>/`` found by entry point (group ``marquee.connectors``) whose ``CONNECTOR``
is a :class:`ConnectorSpec`. One conformance suite (``tests/conformance``) runs against each of them. A connector
knows nothing of stores: it reads facts through :class:`Known` and gives :class:`~moderation.records.Batch`; it never
writes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from moderation.actions import Action
from moderation.capabilities import Capability
from moderation.content import CommunityInfo, Identity
from moderation.errors import RefusedError
from moderation.ids import Ref
from moderation.intents import Identities, Intent, Receipt
from moderation.items import HistoryEntry, ItemState
from moderation.proof import Finding, Subject, Viewer
from moderation.records import Batch, Records

if TYPE_CHECKING:
    from sync.http.answer import Answer as HttpAnswer


class Urgency(IntEnum):
    """Who goes first in a community's request budget."""

    PERSON = 0
    FLUSH = 1
    POLL = 2
    BACKGROUND = 3


@dataclass(frozen=True, slots=True)
class Account:
    """A key to act with. ``token`` never appears in ``repr``, logs or errors. ``acts_as`` is the native member id
    that a master token speaks for (NodeBB ``_uid``), ``None`` for a person's own token.
    """

    identity: Identities
    token: str = field(repr=False)
    acts_as: str | None = None


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What the mirror knows of an item, for a connector to see whether a list row is news."""

    state: ItemState
    assignee: str | None
    report_count: int
    detail: bool
    version: str


@dataclass(frozen=True, slots=True)
class ThreadFacts:
    """What the mirror knows of a thread."""

    last_post_at: datetime | None
    post_count: int
    stored_posts: int
    complete: bool
    forum: Ref | None = field(default=None, compare=False)
    locked: bool = field(default=False, compare=False)
    hidden: bool = field(default=False, compare=False)


class Known(Protocol):
    """The mirror, as far as a connector may ask."""

    def cursor(self, name: str) -> str | None:
        """A saved cursor of this community."""

    def items(self, refs: Sequence[Ref]) -> dict[Ref, ItemFacts]:
        """Facts of the items that are known."""

    def pending_items(self) -> dict[Ref, ItemFacts]:
        """All items that the mirror holds as open, in progress or held."""

    def undetailed(self, limit: int) -> list[Ref]:
        """Pending items without detail, highest priority and newest first."""

    def threads(self, refs: Sequence[Ref]) -> dict[Ref, ThreadFacts]:
        """Facts of the threads that are known."""

    def forums(self) -> dict[Ref, bool | None]:
        """Known forums and whether each is private."""

    def active_threads(self, since: datetime) -> list[Ref]:
        """Known threads with a post since then."""

    def stale_threads(self, before: datetime, limit: int, since: datetime) -> list[Ref]:
        """Threads not read since ``before``, oldest reading first, for what no feed reports; of those without a post
        since ``since`` only where something of them waits, for the others are about to be forgotten.
        """


class Standing(StrEnum):
    """What a look before sending found."""

    CLEAR = "clear"
    ALREADY = "already"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Before:
    """The server's truth just before a send.

    ``entries`` are history entries after ``intent.seen_version`` (empty where the platform has no history of that
    thing); ``state`` and ``assignee`` are the item's now; ``version`` its version now. ``baseline`` is stored in the
    journal and given to :meth:`Push.look` (JSON; server clock). ``standing`` is ``already`` when the target is in the
    wanted state, whoever did it; ``gone`` when it does not exist any more. ``changed`` names, for things without
    history (an edited post, a moved thread), what differs from ``seen_version``: field to value now. ``refused``: what
    stands in its way on the server; ``records`` enter the mirror all the same.
    """

    standing: Standing
    baseline: dict[str, Any]
    version: str = ""
    entries: tuple[HistoryEntry, ...] = ()
    state: ItemState | None = None
    assignee: Ref | None = None
    changed: dict[str, str] = field(default_factory=dict)
    records: Records | None = None
    refused: RefusedError | None = None


class Answer(StrEnum):
    """What a look after a send found."""

    HAPPENED = "happened"
    ABSENT = "absent"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Did it happen? ``receipt`` with ``happened``; ``records`` are what was read, to enter the mirror before the
    receipt is journalled.

    ``held_id`` is set when the platform put a reply into its post queue instead of posting it. ``where`` names the
    places looked at. ``entries`` are the history entries after ``intent.seen_version`` (own ones included), so that a
    colleague's entry that slipped in between look and write is seen.
    """

    answer: Answer
    receipt: Receipt | None = None
    records: tuple[Records, ...] = ()
    held_id: str | None = None
    entries: tuple[HistoryEntry, ...] = ()
    where: tuple[str, ...] = ()


class Push(Protocol):
    """One kind of write.

    Every method may raise the errors of :mod:`moderation.errors`; none repeats a request that may have acted.
    """

    def before(self, intent: Intent) -> Before:
        """Read the server's truth and the baseline; sends nothing that has an effect."""

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Send once. Returns hints (JSON) for :meth:`look`, such as the new post's id.

        A ``TryLaterError`` that concerns this intent alone (a post delay) carries the fact ``scope="intent"``; any
        other pauses the whole community. Raises ``RefusedError``, ``TryLaterError``, ``SignInError`` only when it is
        certain that nothing happened, and ``UnclearError`` in every other case without a clear answer.
        """

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Callable[[str], bool]) -> Evidence:
        """Read whether it happened since ``intent.baseline``.

        ``taken`` tells ids that are receipts of other intents.
        """


class Connection(Protocol):
    """A community, as one account sees it.

    Blocking; may be used from several threads unless a method says otherwise.
    """

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What this platform can do; rights of the person come from :meth:`identify`."""

    def info(self) -> CommunityInfo:
        """Platform, version and limits.

        Raises ``NotAllowedError`` ``not_a_community`` when this platform does not live there.
        """

    def identify(self) -> Identity:
        """Who the token speaks for; raises ``SignInError`` when nobody."""

    def poll(self, known: Known) -> Iterator[Batch]:
        """What changed lately, in few requests (NodeBB: at most 8 when nothing is new).

        Stopping between batches is safe.
        """

    def catch_up(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        """Everything down to the horizon that is not known yet, queue first, resumable through cursors."""

    def same_server(self, anchors: Sequence[tuple[Ref, datetime]]) -> bool:
        """False when known posts (with their times) are now other posts: the server was restored from a backup.

        Posts that merely vanished do not count unless all of several did. Costs one request an anchor at the most.
        """

    def fetch(self, refs: Iterable[Ref], known: Known, urgency: Urgency = Urgency.PERSON) -> Iterator[Batch]:
        """These things in full; a thing that is not there any more comes back in ``gone``."""

    def push(self, action: Action) -> Push:
        """The write for an action; raises ``NotAllowedError`` ``action_unknown`` where the platform has none."""

    def guards_repeats(self, action: Action) -> bool:
        """True where the platform itself refuses an identical repeat of this action."""

    def usage(self) -> dict[str, int]:
        """Requests begun and bytes of answers read by all connections of the community: ``requests``, ``bytes``."""

    def budget_left(self) -> float | None:
        """Requests that may still go out in the current period; ``None`` where the platform sets no limit."""

    def poll_pause(self) -> float:
        """Seconds after which a poll by itself is worth its requests; a person may always ask for one earlier."""

    def close(self) -> None:
        """Give up sockets."""


@runtime_checkable
class FetchesPictures(Protocol):
    """What a connection may offer besides: pictures of posts from the community's own server, where its key matters."""

    def picture(self, url: str, *, seconds: float, most: int) -> "HttpAnswer":
        """A file of this server by its whole address, as a person's click; redirects are given back, not followed.

        The key goes along only to where members' uploads lie. At most so many seconds in all, and bytes.
        """


@dataclass(frozen=True, slots=True)
class Heard:
    """What a server hints at by itself: things to be read anew, and lists in which something is new.

    ``claims`` are threads whose items changed hands; ``asked``: a person wants it read now, whenever it was read last.
    Nothing in here is true before it was read.
    """

    items: frozenset[Ref] = frozenset()
    threads: frozenset[Ref] = frozenset()
    claims: frozenset[Ref] = frozenset()
    queue: bool = False
    feed: bool = False
    messages: bool = False
    asked: bool = False

    def __bool__(self) -> bool:
        return bool(self.items or self.threads or self.claims or self.queue or self.feed or self.messages)

    def __or__(self, other: "Heard") -> "Heard":
        return Heard(
            self.items | other.items,
            self.threads | other.threads,
            self.claims | other.claims,
            self.queue or other.queue,
            self.feed or other.feed,
            self.messages or other.messages,
            self.asked or other.asked,
        )


class Listens(Protocol):
    """An ear at a server that tells of changes by itself. One thread listens; the others may close it."""

    def hindered(self, wanted: bool) -> str:
        """Why not to listen now, as a code, empty when nothing speaks against it: what it costs of the key's limits.

        ``wanted``: a person asked for it, and knows the limits better than the program's guess.
        """

    def wait(self, threads: Sequence[Ref]) -> Heard:
        """Until the server tells something or has nothing to tell for a while; ``threads`` are open on the screen.

        Raises ``NotAllowedError`` where that will not change, ``TryLaterError`` and others for a failure that may pass.
        """

    def pause(self) -> float:
        """Seconds between the beginnings of two waits that the limits leave, however much there is to tell."""

    def close(self) -> None:
        """End :meth:`wait` at once, whoever is in it."""


@runtime_checkable
class TellsAtOnce(Protocol):
    """What a :class:`Connection` may offer besides: hints of the server, so that a change shows before the next poll.

    Polls remain the truth: losing every hint loses nothing.
    """

    def ear(self) -> Listens:
        """The one ear of this connection; opens nothing yet."""

    def read_heard(self, heard: Heard, known: Known) -> Iterator[Batch]:
        """Read what was hinted at, as far as the limits leave it."""


@runtime_checkable
class LooksAgain(Protocol):
    """What a :class:`Connection` may offer besides: looking again at all threads for what no feed reports."""

    def look_again(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        """Heads of all threads down to the horizon; what was locked, hidden or moved since, and what is listed no
        more, is read anew. One request for some twenty threads: how often that is worth it, the caller says.
        """


@dataclass(frozen=True, slots=True)
class ThreadsTold:
    """Which threads a member follows, those of the last activity first; ``whole``: there are no more. ``why`` is the
    code of what stood in the way. ``records`` are their heads.
    """

    threads: tuple[Ref, ...] = ()
    whole: bool = True
    why: str = ""
    records: tuple[Records, ...] = ()


@runtime_checkable
class TellsThreads(Protocol):
    """What a :class:`Connection` may offer besides: which threads a member follows."""

    def threads_followed(self, member: Ref, name: str, known: Known) -> ThreadsTold | None:
        """What one member follows, in a few requests of the background, none where it is clear that this account may
        not ask; ``name`` is the one by which the server knows the member. ``None``: not now, the budget has to last.
        """


class Prober(Protocol):
    """Looks at a community as an outsider would, for a text that must not be readable any more. Blocking."""

    def gather(self, subject: Subject) -> Subject:
        """The subject with what staff can still read of it: earlier wordings, files, places where it could show.

        What is gone already stays as the subject knew it. Raises ``SignInError`` and ``TryLaterError``.
        """

    def findings(self, subject: Subject) -> Iterator[Finding]:
        """One a place and viewer. A place that could not be asked is an answer too: nothing is raised for it."""

    def close(self) -> None:
        """Give up sockets."""


@runtime_checkable
class Proves(Protocol):
    """What a :class:`Connection` may offer besides; the one method beyond those that every connector has."""

    def prober(self, others: Mapping[Viewer, Connection]) -> Prober:
        """A prober that gathers as this account, and looks as a visitor and as those others (ordinary members)."""


@dataclass(frozen=True, slots=True)
class KeyWish:
    """A person's wish for a key of their own, alive in this process only. ``code`` and ``url`` are for the person.

    ``by_device``: the key is fetched with :meth:`KeySource.poll` (every ``interval`` seconds, ``expires_in`` seconds
    long); else the server shows a text, to be pasted into :meth:`KeySource.opened`.
    """

    base_url: str
    url: str
    secret: Any = field(repr=False)
    code: str = ""
    by_device: bool = False
    interval: float = 5.0
    expires_in: float = 600.0


class KeySource(Protocol):
    """Getting a key by agreeing in the browser, where a platform has that."""

    def start(self, base_url: str, client_id: str) -> KeyWish:
        """Ask for a key. ``client_id`` names this program on this machine, always the same."""

    def poll(self, wish: KeyWish) -> str | None:
        """Ask once whether the person has agreed: the key, or ``None`` while not.

        Raises ``SignInError`` when it was denied or took too long.
        """

    def opened(self, wish: KeyWish, text: str) -> str:
        """The key from a pasted text; raises ``SignInError`` ``payload_not_ours``."""

    def revoke(self, base_url: str, token: str) -> bool:
        """Give a key up on the server; ``False`` where it was none any more."""


@dataclass(frozen=True, slots=True)
class ConnectorSpec:
    """A connector's door.

    ``open`` builds a connection without any request; ``recognise`` asks the server once whether it is this platform.
    ``budget`` makes the request budget of a key, where the platform limits keys; ``keys`` gives the way to a key by
    browser. ``keys_of_site``: a key that is nobody's own may be the site's, which acts as the member whom
    ``member_named`` names.
    """

    platform: str
    capabilities: frozenset[Capability]
    open: Callable[..., Connection]
    recognise: Callable[..., bool]
    member_named: Callable[[str, str], str | None] | None = None
    budget: Callable[[Account], Any] | None = None
    keys: Callable[[], KeySource] | None = None
    keys_of_site: bool = False
