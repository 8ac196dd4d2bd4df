"""A community in memory with its own truth, and a connection to it whose faults can be ordered.

The fake behaves as a NodeBB does where that matters to the outbox: last write wins, setting the same state twice makes
no entry, a reply sent twice is posted twice. Every change that took effect is in :attr:`FakeCommunity.effects` with the
id of the intent that caused it, which no connector could know: tests count with it.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moderation.actions import SPECS, Action
from moderation.capabilities import Capability
from moderation.content import CommunityInfo, Identity
from moderation.errors import (
    ConflictError,
    NotAllowedError,
    PayloadError,
    RefusedError,
    SignInError,
    TryLaterError,
    UnclearError,
    UnreachableError,
)
from moderation.ids import Ref
from moderation.intents import Intent, Receipt
from moderation.items import Change, HistoryEntry, Item, ItemState
from moderation.records import Batch, Records
from moderation.text import canonical
from sync.connector import Answer, Before, Evidence, Known, Push, Standing, Urgency
from tests.fakes import factory
from tests.fakes.clock import START, FakeClock
from tests.fakes.factory import COLLEAGUE, ME

Hook = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Effect:
    """A change that took effect: on what, what it is on the server, and which intent asked for it (if any did)."""

    target: Ref
    server_id: str
    by: Ref
    intent: str | None


@dataclass(slots=True)
class Line:
    """A line that somebody wrote: a post of a thread, or a note on an item."""

    number: int
    by: Ref
    text: str
    at: datetime


@dataclass(slots=True)
class ServerItem:
    """An item as the server has it."""

    state: ItemState = ItemState.OPEN
    assignee: Ref | None = None
    history: list[HistoryEntry] = field(default_factory=list)

    @property
    def version(self) -> str:
        """How many entries there are."""
        return f"v{len(self.history)}"


class FakeCommunity:
    """The server's side."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.items: dict[Ref, ServerItem] = {}
        self.lines: dict[Ref, list[Line]] = {}
        self.effects: list[Effect] = []
        self.identity: Ref | None = ME
        self.late: list[tuple[float, Hook]] = []
        self._numbers = itertools.count(1)

    def item(self, ref: Ref) -> ServerItem:
        """An item, open until somebody decides."""
        return self.items.setdefault(ref, ServerItem())

    def thread(self, ref: Ref) -> list[Line]:
        """Posts of a thread, or notes of an item."""
        return self.lines.setdefault(ref, [])

    def arrive(self) -> None:
        """Requests that were stuck on the way and whose time has come land now."""
        due = [pair for pair in self.late if pair[0] <= self.clock.monotonic()]
        self.late = [pair for pair in self.late if pair[0] > self.clock.monotonic()]
        for _, act in due:
            act()

    def decide(self, ref: Ref, changes: dict[Change, str], by: Ref = COLLEAGUE, intent: str | None = None) -> None:
        """Set state or assignee; what is so already makes no entry."""
        item = self.item(ref)
        now = {Change.STATE: item.state.value, Change.ASSIGNEE: str(item.assignee or "")}
        made = {change: value for change, value in changes.items() if now.get(change) != value}
        if not made:
            return
        entry = HistoryEntry(f"h{next(self._numbers)}", self._tick(), by, by.native, made)
        item.history.append(entry)
        item.state = ItemState(made.get(Change.STATE, item.state.value))
        if Change.ASSIGNEE in made:
            item.assignee = Ref.parse(made[Change.ASSIGNEE]) if made[Change.ASSIGNEE] else None
        self.effects.append(Effect(ref, f"{ref}@{entry.key}", by, intent))

    def report(self, ref: Ref, by: Ref = factory.CUSTOMER) -> None:
        """A further report."""
        item = self.item(ref)
        made = {Change.REPORT: "added"}
        if item.state in {ItemState.RESOLVED, ItemState.DISMISSED}:
            item.state = ItemState.OPEN
            made[Change.STATE] = ItemState.OPEN.value
        item.history.append(HistoryEntry(f"h{next(self._numbers)}", self._tick(), by, by.native, made))

    def write(self, ref: Ref, text: str, by: Ref = COLLEAGUE, intent: str | None = None) -> None:
        """Post a line."""
        line = Line(next(self._numbers), by, canonical(text), self._tick())
        self.thread(ref).append(line)
        self.effects.append(Effect(ref, f"{ref}#{line.number}", by, intent))

    def of(self, intent: Intent | str) -> list[Effect]:
        """What an intent did."""
        ident = intent if isinstance(intent, str) else intent.id
        return [effect for effect in self.effects if effect.intent == ident]

    def _tick(self) -> datetime:
        self.clock.advance(0.001)
        return self.clock.now()


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong once, at ``send``, ``before``, ``look`` or ``identify``; ``seconds`` belongs to it."""

    kind: str
    at: str = "send"
    seconds: float = 0.0


SEND_FAULTS = (
    "lost_before",  # the answer never comes, nothing was done
    "lost_after",  # done, the answer is lost
    "late",  # no answer; it lands after `seconds`
    "stored_400",  # done, answered with an unknown 400
    "unfit",  # done, answered with something that does not parse
    "refused",  # a clear no
    "unreachable",  # nothing left
    "later",  # 429 for the whole community
    "later_alone",  # a post delay that concerns this intent alone
    "ignored",  # answered with a yes, nothing was done
    "conflict",  # the platform itself saw the conflict
    "sign_in",  # 401 or 403, and the key turned out to be worthless
    "bug",  # the push breaks before it sends
    "bug_after",  # the push breaks after the server acted
)
READ_FAULTS = ("unreachable", "later", "unfit", "unclear", "refused", "bug", "sign_in")
"""``unsure`` besides them: a look that answers, but cannot tell."""


def _error(kind: str, seconds: float) -> Exception:
    made: dict[str, Exception] = {
        "lost_before": UnclearError("answer_broke_off"),
        "lost_after": UnclearError("answer_broke_off"),
        "late": UnclearError("answer_timed_out"),
        "stored_400": UnclearError("answer_unknown", status=400),
        "unclear": UnclearError("answer_unfit"),
        "unfit": PayloadError("answer_unfit", endpoint="/x", field="y"),
        "refused": RefusedError("forbidden"),
        "unreachable": UnreachableError("connection_refused"),
        "later": TryLaterError("too_many_requests", seconds=seconds),
        "later_alone": TryLaterError("post_delay", seconds=seconds, scope="intent"),
        "conflict": ConflictError("version_differs"),
        "sign_in": SignInError("signed_out"),
        "bug": KeyError("a bug"),
        "bug_after": KeyError("a bug"),
    }
    return made[kind]


class FakeConnection:
    """Implements :class:`sync.connector.Connection` for one account, as far as the outbox asks."""

    capabilities = frozenset(Capability)

    def __init__(self, server: FakeCommunity, me: Ref = ME) -> None:
        self.server = server
        self.me = me
        self.faults: list[Fault] = []
        self.between: list[Hook] = []
        self.sent: list[str] = []
        self.identified = 0
        self.guarded: frozenset[Action] = frozenset()

    def info(self) -> CommunityInfo:
        """Facts of the community."""
        return factory.community().info

    def identify(self) -> Identity:
        """Who the key speaks for."""
        self.identified += 1
        self.trip("identify")
        who = self.server.identity if self.me == ME else self.me
        if who is None:
            raise SignInError("signed_out")
        return Identity(who, who.native)

    def poll(self, known: Known) -> Iterator[Batch]:
        """Nothing."""
        return iter(())

    def catch_up(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        """Nothing."""
        return iter(())

    def same_server(self, anchors: Sequence[tuple[Ref, datetime]]) -> bool:
        """Always the same."""
        return True

    def fetch(self, refs: Iterable[Ref], known: Known, urgency: Urgency = Urgency.PERSON) -> Iterator[Batch]:
        """Nothing."""
        return iter(())

    def push(self, action: Action) -> Push:
        """One of the two kinds of write; raises ``NotAllowedError`` for actions that this fake does not know."""
        if SPECS[action].once:
            return _Writing(self)
        if action in _DECIDES or action in {Action.ASSIGN, Action.RELEASE}:
            return _Deciding(self)
        raise NotAllowedError("action_unknown", action=str(action))

    def guards_repeats(self, action: Action) -> bool:
        """What the test says."""
        return action in self.guarded

    def usage(self) -> dict[str, int]:
        """Not counted."""
        return {"requests": 0, "bytes": 0}

    def poll_pause(self) -> float:
        return 0.0

    def budget_left(self) -> float | None:
        """No limit."""
        return None

    def close(self) -> None:
        """Nothing to close."""

    def trip(self, at: str) -> None:
        """Raise the next fault ordered for this place."""
        fault = self.take(at)
        if fault is not None:
            raise _error(fault.kind, fault.seconds)

    def unsure(self) -> bool:
        """Look, under whatever fault is ordered; true when it cannot tell."""
        fault = self.take("look")
        if fault is not None and fault.kind != "unsure":
            raise _error(fault.kind, fault.seconds)
        return fault is not None

    def take(self, at: str) -> Fault | None:
        """The next fault ordered for this place."""
        self.server.arrive()
        fault = next((fault for fault in self.faults if fault.at == at), None)
        if fault is not None:
            self.faults.remove(fault)
        return fault

    def transmit(self, intent: Intent, act: Hook) -> None:
        """Send ``act`` to the server under whatever fault is ordered."""
        self.sent.append(intent.id)
        fault = self.take("send")
        kind = fault.kind if fault is not None else ""
        while self.between:
            self.between.pop(0)()
        if kind == "sign_in":
            self.server.identity = None
        if kind in {"", "lost_after", "stored_400", "unfit", "bug_after"}:
            act()
        if fault is None or kind == "ignored":
            return
        if kind == "late":
            self.server.late.append((self.server.clock.monotonic() + fault.seconds, act))
        raise _error(kind, fault.seconds)


_DECIDES = {
    Action.RESOLVE: ItemState.RESOLVED,
    Action.DISMISS: ItemState.DISMISSED,
    Action.TAKE: ItemState.IN_PROGRESS,
    Action.REOPEN: ItemState.OPEN,
    Action.APPROVE: ItemState.RESOLVED,
    Action.REJECT: ItemState.RESOLVED,
}


class _Deciding:
    """State and assignee of an item: read the history, write, read the history."""

    def __init__(self, connection: FakeConnection) -> None:
        self._connection = connection
        self._server = connection.server

    def before(self, intent: Intent) -> Before:
        """What stands there now."""
        self._connection.trip("before")
        item, wanted = self._server.item(intent.target), self._wanted(intent)
        if item.state is ItemState.GONE:
            return Before(Standing.GONE, {})
        now = {Change.STATE: item.state.value, Change.ASSIGNEE: str(item.assignee or "")}
        already = all(now[change] == value for change, value in wanted.items())
        return Before(
            Standing.ALREADY if already else Standing.CLEAR,
            {"entries": len(item.history)},
            item.version,
            tuple(item.history[_seen(intent) :]),
            item.state,
            item.assignee,
            records=self._records(intent.target),
        )

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Write."""
        act = lambda: self._server.decide(intent.target, self._wanted(intent), self._connection.me, intent.id)  # noqa: E731
        self._connection.transmit(intent, act)
        return {}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Callable[[str], bool]) -> Evidence:
        """An own entry since the baseline that makes the change and is nobody's receipt."""
        if self._connection.unsure():
            return Evidence(Answer.UNCLEAR)
        item, wanted = self._server.item(intent.target), self._wanted(intent)
        if item.state is ItemState.GONE:
            return Evidence(Answer.UNCLEAR)
        receipt = None
        for entry in item.history[(intent.baseline or {})["entries"] :]:
            server_id = f"{intent.target}@{entry.key}"
            if entry.by == self._connection.me and entry.changes.items() & wanted.items() and not taken(server_id):
                receipt = Receipt(server_id, str(entry.by), entry.at)
                break
        return Evidence(
            Answer.HAPPENED if receipt else Answer.ABSENT,
            receipt,
            (self._records(intent.target),),
            entries=tuple(item.history[_seen(intent) :]),
        )

    def _wanted(self, intent: Intent) -> dict[Change, str]:
        if intent.action in _DECIDES:
            return {Change.STATE: _DECIDES[intent.action].value}
        return {Change.ASSIGNEE: str(intent.payload.get("member", ""))}

    def _records(self, ref: Ref) -> Records:
        item = self._server.item(ref)
        return Records(0, items=(Item(ref, item.state, START, item.version, assignee=item.assignee),))


class _Writing:
    """A line in a thread, on an item, or to a member: no key that makes it safe to repeat."""

    def __init__(self, connection: FakeConnection) -> None:
        self._connection = connection
        self._server = connection.server

    def before(self, intent: Intent) -> Before:
        """The newest own line."""
        self._connection.trip("before")
        own = [line.number for line in self._server.thread(intent.target) if line.by == self._connection.me]
        return Before(Standing.CLEAR, {"newest": max(own, default=0)})

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Write."""
        text = str(intent.payload["text"])
        act = lambda: self._server.write(intent.target, text, self._connection.me, intent.id)  # noqa: E731
        self._connection.transmit(intent, act)
        return {"line": max((line.number for line in self._server.thread(intent.target)), default=0)}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Callable[[str], bool]) -> Evidence:
        """An own line with this text, newer than the baseline, or the one that the answer named."""
        if self._connection.unsure():
            return Evidence(Answer.UNCLEAR)
        text, newest = canonical(str(intent.payload["text"])), (intent.baseline or {})["newest"]
        for line in self._server.thread(intent.target):
            server_id = f"{intent.target}#{line.number}"
            own = line.by == self._connection.me and line.number > newest
            meant = line.text == text or line.number == hints.get("line")
            if own and meant and not taken(server_id):
                return Evidence(Answer.HAPPENED, Receipt(server_id, str(line.by), line.at))
        return Evidence(Answer.ABSENT)


def _seen(intent: Intent) -> int:
    """How many entries the person had seen."""
    return int(intent.seen_version.removeprefix("v") or 0)
