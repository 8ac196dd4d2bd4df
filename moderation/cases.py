"""Cases: what the team remembers of a conversion, so that any colleague can go on with it or take it back.

A case keeps no text of members: its steps name what was done where, with the receipt that proves it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from moderation.ids import Kind, Ref
from moderation.intents import Intent, IntentState

_KEY = re.compile(r"(?:case|card)-[A-Za-z0-9_.]+(?:-(\d+))?")
_OPENING = re.compile(r"@post\.(\w+)")
BRINGS_BACK = frozenset({"answer", "answer_mark"})
"""What the steps do that bring the answer back: how the conversion itself stands, they do not say."""
STOOD = "@stood."
"""In a receipt: it was so already, nothing was done."""
TAKES_BACK = "takes_back"
"""In a payload: the step of the same plan (its ``what``) that this one takes back; where that did nothing, nothing is
sent.
"""
CLOSED = "closed"
"""In the payload of a step that leads into the public: only while its thread is closed for replies."""
UNSURE = "unsure"
"""Fact of a step: it was sent, and closed before anybody knew whether it had arrived."""


class CaseState(StrEnum):
    """Where a case stands: being moved or moved, being taken back, back as it was, closed by a person."""

    OPEN = "open"
    UNDOING = "undoing"
    UNDONE = "undone"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One step as it ended.

    ``made`` is what the step gave to those after it (``forum``, ``thread``, ``pointer``, empty for nothing), ``facts``
    what taking it back needs beside the receipt.
    """

    intent: str
    case: str
    community: str
    action: str
    target: str
    state: IntentState
    made: str = ""
    receipt: str = ""
    at: datetime | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        """True when it took effect, or was so already."""
        return self.state is IntentState.CONFIRMED

    @property
    def acted(self) -> bool:
        """True when it changed something."""
        return self.done and STOOD not in self.receipt

    def result(self) -> Ref | None:
        """What it made, read from its receipt."""
        return made_by(self.receipt, self.community) if self.done else None


@dataclass(frozen=True, slots=True)
class Case:
    """A conversion: which thread of whom went where, and by whom. ``shape`` and ``place`` are codes of
    :mod:`moderation.conversion`.
    """

    key: str
    community: str
    thread: str
    title: str
    customer: str
    customer_name: str
    shape: str
    place: str
    opened_by: str
    opened_by_name: str
    opened_at: datetime
    state: CaseState = CaseState.OPEN
    steps: tuple[CaseStep, ...] = ()

    def opening_post(self, what: str) -> Ref | None:
        """The opening post of a thread that a step made, where its receipt names it."""
        step = next((one for one in reversed(self.steps) if one.made == what and one.result()), None)
        found = _OPENING.search(step.receipt) if step is not None else None
        return Ref(self.community, Kind.POST, found[1]) if found is not None else None

    def forum(self) -> Ref | None:
        """The customer's private forum of this case: made by it, or where its copy was opened."""
        opened = (step for step in self.steps if step.done and step.made == "thread" and ":forum:" in step.target)
        targets = (Ref.parse(step.target) for step in opened)
        return self.made("forum") or next((one for one in targets if one.native != self.key), None)

    def made(self, what: str) -> Ref | None:
        """What a step gave: the private ``forum`` or ``thread``, the ``pointer``."""
        return next((ref for step in reversed(self.steps) if step.made == what and (ref := step.result())), None)


WAS_PUBLIC, SERVER_AT, EDITED, UPTO = "was_public", "server_at", "edited", "upto"
"""Facts of a step: native ids of the posts that everybody read when it was planned; the server's time of it (ISO 8601);
when its post had been edited last before it (ms, 0 for never); in cases of earlier versions, the last post that
everybody read.
"""
_KEPT = ("what", "from_forum", "place", WAS_PUBLIC, UPTO, "ends", "back", "readers", "system", "back_text")


def step_of(intent: Intent, key: str, now: datetime) -> CaseStep:
    """What a case keeps of a step: where it acted and its receipt, nothing that anybody wrote."""
    facts = {name: intent.payload[name] for name in _KEPT if name in intent.payload}
    if intent.receipt is not None:
        facts[SERVER_AT] = intent.receipt.at.isoformat()
    if EDITED in (intent.baseline or {}):
        facts[EDITED] = (intent.baseline or {})[EDITED]
    if intent.state is IntentState.CANCELLED and intent.attempts:
        facts[UNSURE] = True
    return CaseStep(
        intent=intent.id,
        case=key,
        community=intent.community,
        action=str(intent.action),
        target=str(intent.target),
        state=intent.state,
        made=str(intent.payload.get("made") or ""),
        receipt=intent.receipt.server_id if intent.receipt else "",
        at=intent.changed_at or now,
        facts=facts,
    )


@runtime_checkable
class Cases(Protocol):
    """Where cases are kept; the team's store. Safe to use from several threads and processes."""

    def open_case(self, case: Case) -> Case:
        """Keep a new case; gives the one that has this key in this community already, whoever opened it."""

    def note_step(self, step: CaseStep) -> None:
        """Keep how a step ended; the same intent again replaces what was kept of it."""

    def set_case_state(
        self, community: str, key: str, state: CaseState, *, instead_of: CaseState | None = None
    ) -> bool:
        """Let a case stand otherwise; with ``instead_of`` only where it stands so now. ``False``: it does not."""

    def case_state(self, community: str, key: str) -> CaseState | None:
        """How a case stands, ``None`` for one that is not known."""

    def cases(self, *, community: str | None = None, thread: str | None = None) -> list[Case]:
        """Cases with their steps in the order in which these ended, newest case first."""


def key_for(thread: Ref, known: Sequence[Case]) -> str:
    """The key of a new case on this thread: the same on every machine, numbered after those that were undone."""
    first = f"case-{thread.native}"
    taken = {case.key for case in known if case.thread == str(thread)}
    if first not in taken:
        return first
    return next(f"{first}-{number}" for number in range(2, len(taken) + 3) if f"{first}-{number}" not in taken)


def stand_in(community: str, kind: Kind, key: str) -> Ref:
    """What stands for a place that is still to be made: an id that no server has."""
    return Ref(community, kind, key)


def is_stand_in(ref: Ref, key: str) -> bool:
    """True for an id that stands for what a step of this case (or of a card's plan) makes."""
    return ref.native == key and _KEY.fullmatch(key) is not None


def made_by(receipt: str, community: str) -> Ref | None:
    """What a receipt says was made: ``forum:17@place.…``, ``thread:88``, ``post:9``."""
    kind, _, native = receipt.partition("@")[0].partition(":")
    if kind not in {str(Kind.FORUM), str(Kind.THREAD), str(Kind.POST)} or not native:
        return None
    return Ref(community, Kind(kind), native)
