"""What is wrong with a forum or a thread, and the alarm that says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from moderation.ids import Ref

Number = int | float


class AlarmKind(StrEnum):
    """``due_soon`` and ``overdue``: a thread without an answer of the staff, by the forum's goal; ``unusual_wait``: one
    that nobody answered for longer than is usual there. ``uncovered``: nobody looks after a forum; ``only_absent``: all
    who do are away. ``unusual_volume``: many more reports, or unhappy posts, than at this hour otherwise.
    """

    UNUSUAL_VOLUME = "unusual_volume"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    UNUSUAL_WAIT = "unusual_wait"
    UNCOVERED = "uncovered"
    ONLY_ABSENT = "only_absent"


ABOUT_THREADS = frozenset({AlarmKind.OVERDUE, AlarmKind.DUE_SOON, AlarmKind.UNUSUAL_WAIT})


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that is so now. ``subject`` is a thread or a forum, ``facts`` are numbers alone (seconds, counts): no
    text that anybody wrote is kept with an alarm.
    """

    kind: AlarmKind
    subject: Ref
    forum: Ref
    facts: Mapping[str, Number] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The same for the same thing, whoever looks and whenever."""
        return f"{self.kind}:{self.subject}"


@dataclass(frozen=True, slots=True)
class Observed:
    """What a look found. ``undecided`` are keys of what neither begins nor ends now: it cannot be read, or lies between
    what begins an alarm and what ends it. ``unseen`` are kinds that this look could not judge at all.
    """

    conditions: tuple[Condition, ...] = ()
    undecided: frozenset[str] = frozenset()
    unseen: frozenset[AlarmKind] = frozenset()


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm. ``number`` counts the times that the same thing happened anew.

    ``clear_at`` is since when the condition is gone, ``ended_at`` when that ended the alarm. ``owner`` is the member
    who sees to it. ``silenced_until`` is ``None`` for as long as it lasts; ``reason`` says why it was silenced.
    """

    key: str
    number: int
    kind: AlarmKind
    subject: Ref
    forum: Ref
    facts: Mapping[str, Number]
    raised_at: datetime
    seen_at: datetime
    clear_at: datetime | None = None
    ended_at: datetime | None = None
    owner: str = ""
    owner_name: str = ""
    owned_at: datetime | None = None
    silenced_by: str = ""
    silenced_name: str = ""
    silenced_at: datetime | None = None
    silenced_until: datetime | None = None
    reason: str = ""

    @property
    def id(self) -> str:
        """Names this alarm and no other: its key, and its number where there was one before."""
        return self.key if self.number == 1 else f"{self.key}.{self.number}"

    @property
    def community(self) -> str:
        """Where it is."""
        return self.subject.community

    @property
    def active(self) -> bool:
        """True until it has ended."""
        return self.ended_at is None

    def silenced(self, now: datetime) -> bool:
        """Is it silenced now?"""
        return bool(self.silenced_by) and (self.silenced_until is None or self.silenced_until > now)
