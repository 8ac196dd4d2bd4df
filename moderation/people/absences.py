"""When somebody is away, as a calendar says, and how far that calendar can be trusted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

OLD_AFTER = timedelta(days=30)
"""A calendar that was read longer ago says little about who is away today."""


@dataclass(frozen=True, slots=True, order=True)
class Absence:
    """A time away, UTC, the end not included. What for is nobody's business and is not kept."""

    start: datetime
    end: datetime
    person: str = ""


class CalendarState(StrEnum):
    """How far a calendar can be trusted: ``old`` was read long ago, ``over`` ends in the past, ``broken`` could not be
    read the last time (what was read before stays), ``ahead`` was read by a clock that is ahead of this one.
    """

    FRESH = "fresh"
    OLD = "old"
    OVER = "over"
    BROKEN = "broken"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class CalendarImport:
    """Where a person's absences come from: ``source`` is a file's name or an address. ``covers_until`` is the end of
    its last event, ``trouble`` the code of why the last try failed, at ``tried_at``; empty when it went well.
    """

    person: str
    source: str
    imported_at: datetime | None = None
    covers_until: datetime | None = None
    count: int = 0
    tried_at: datetime | None = None
    trouble: str = ""

    def age(self, now: datetime) -> timedelta | None:
        """How long ago it was read; never below zero, whatever the clocks say. ``None``: never."""
        return None if self.imported_at is None else max(timedelta(), now - self.imported_at)

    def state(self, now: datetime) -> CalendarState:
        """How far it can be trusted now."""
        if self.trouble or self.imported_at is None:
            return CalendarState.BROKEN
        if self.imported_at - now > timedelta(minutes=5):
            return CalendarState.AHEAD
        if now - self.imported_at > OLD_AFTER:
            return CalendarState.OLD
        over = self.covers_until is not None and self.covers_until < now - OLD_AFTER
        return CalendarState.OVER if over else CalendarState.FRESH


def absent_until(absences: Iterable[Absence], at: datetime) -> datetime | None:
    """Until when somebody is away who is away then, ``None`` for one who is there. Absences that touch are one."""
    end: datetime | None = None
    for one in sorted(absences):
        if one.start <= (end or at) and one.end > (end or at):
            end = one.end
    return end
