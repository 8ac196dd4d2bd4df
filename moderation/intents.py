"""Intents: a wanted effect, journalled before it is sent, and the states it goes through (DESIGN section 5)."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from moderation.actions import SPECS, Action
from moderation.ids import Ref
from moderation.items import ItemState

Json = dict[str, Any]


class IntentState(StrEnum):
    """Where an intent stands; the last four are final."""

    HELD = "held"
    APPROVAL = "approval"
    BLOCKED = "blocked"
    WAITING = "waiting"
    SENDING = "sending"
    IN_DOUBT = "in_doubt"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    CONFLICT = "conflict"
    CANCELLED = "cancelled"


_S = IntentState
FINAL = frozenset({_S.CONFIRMED, _S.REFUSED, _S.CONFLICT, _S.CANCELLED})
UNSENT = frozenset({_S.HELD, _S.APPROVAL, _S.BLOCKED, _S.WAITING})
NEXT: dict[IntentState, frozenset[IntentState]] = {
    _S.HELD: frozenset({_S.WAITING, _S.APPROVAL, _S.CANCELLED}),
    _S.APPROVAL: frozenset({_S.HELD, _S.WAITING, _S.REFUSED, _S.CANCELLED}),
    _S.BLOCKED: frozenset({_S.HELD, _S.WAITING, _S.CANCELLED}),
    _S.WAITING: frozenset({_S.SENDING, _S.APPROVAL, _S.REFUSED, _S.CONFLICT, _S.CANCELLED, _S.IN_DOUBT}),
    _S.SENDING: frozenset({_S.CONFIRMED, _S.REFUSED, _S.CONFLICT, _S.IN_DOUBT, _S.WAITING}),
    _S.IN_DOUBT: frozenset({_S.CONFIRMED, _S.REFUSED, _S.CONFLICT, _S.WAITING, _S.CANCELLED}),
    _S.CANCELLED: frozenset(),
    _S.CONFIRMED: frozenset(),
    _S.REFUSED: frozenset(),
    _S.CONFLICT: frozenset(),
}


class Identities(StrEnum):
    """As whom a community is spoken to: intents are sent as one of :data:`SENDERS`, the others only look."""

    ME = "me"
    OFFICIAL = "official"
    PROBE = "probe"
    BYSTANDER = "bystander"


SENDERS = (Identities.ME, Identities.OFFICIAL)
PROBES = (Identities.PROBE, Identities.BYSTANDER)
"""Ordinary members as whom it is looked at what outsiders can read; nothing is ever sent as one of them."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that an effect happened, read back from the server.

    ``server_id`` names the effect on the server (a post, a history entry, an event) and is the receipt of at most one
    intent; ``by`` is the member id under whom the server records it; ``at`` the server's time for it.
    """

    server_id: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Intent:
    """A wanted effect.

    ``target`` is what is acted on (item, post, thread or member), ``item`` the item under decision if any,
    ``seen_version`` the version of that item (or of the target) that the person saw. ``account`` is the member id
    under whom it is sent, never another. ``payload`` holds what the action needs: ``text``, ``reason``, ``policy``,
    ``until`` (ISO 8601), ``forum``, ``to_post``, ``title``, ``message``, and ``only_in``: the forum without which
    an answer is not sent. ``hold_seconds`` is the undo window; its deadline lives in the process that counts it
    (monotonic clock), ``held_at`` is when it began. ``baseline`` is what was read before sending. ``offer``,
    ``leads_to`` and ``prepares`` belong to what a server names itself (see :mod:`moderation.plans`). ``question``
    is set when a person must say something before it goes on (``stale``: older than 30 minutes, ``absent``: proven
    absent, send again?, ``unclear``: no look can tell, ``restored``: the journal came from a backup,
    ``server_restored``: the server did, ``paused``: its bulk is). ``looks`` counts the looks since it is in doubt;
    ``trouble`` is the last error's code with its facts.
    """

    id: str
    plan: str
    step: int
    community: str
    account: str
    identity: Identities
    action: Action
    target: Ref
    created_at: datetime
    state: IntentState
    item: Ref | None = None
    thread: Ref | None = None
    seen_version: str = ""
    payload: Json = field(default_factory=dict)
    hold_seconds: float = 0.0
    held_at: datetime | None = None
    baseline: Json | None = None
    attempts: int = 0
    looks: int = 0
    sent_at: datetime | None = None
    next_try: datetime | None = None
    question: str | None = None
    trouble: Json | None = None
    receipt: Receipt | None = None
    undo_of: str | None = None
    changed_at: datetime | None = None

    @property
    def final(self) -> bool:
        """True when nothing more happens to it by itself."""
        return self.state in FINAL

    @property
    def leads_to(self) -> ItemState | None:
        """The state in which it leaves its item, where it decides that."""
        told = self.payload.get("leads_to")
        return ItemState(told) if told else SPECS[self.action].closes

    def moved(self, state: IntentState, **facts: Any) -> "Intent":
        """A copy in another state; raises ``ValueError`` for a step that the states do not allow."""
        if state not in NEXT[self.state]:
            raise ValueError(f"{self.state} does not lead to {state}")
        return replace(self, state=state, **facts)


@dataclass(frozen=True, slots=True)
class Plan:
    """A chain of intents; each waits for the receipt of the one before it."""

    id: str
    created_at: datetime
    intents: tuple[Intent, ...]
    title: str = ""

    @property
    def state(self) -> IntentState:
        """State of the first step that is not confirmed; ``confirmed`` when all are."""
        return next((intent.state for intent in self.intents if intent.state is not _S.CONFIRMED), _S.CONFIRMED)

    @property
    def done(self) -> bool:
        """True when nothing more happens by itself: all confirmed, or a step ended and leaves the rest blocked."""
        return self.state in FINAL
