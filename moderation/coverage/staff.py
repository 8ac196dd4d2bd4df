"""Who was staff on which day. Days are days of UTC, the last one included."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from moderation.ids import Kind, Ref

_EPOCH = date(1970, 1, 1)
_DAY_MS = 86_400_000
ALWAYS = (-(1 << 62), 1 << 62)
Span = tuple[int, int]
"""From (included) to (not included), in milliseconds of Unix time."""


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """A time on the staff: ``first`` and ``last`` day, both included; ``None``: since ever, until further notice."""

    first: date | None = None
    last: date | None = None

    @property
    def span(self) -> Span:
        """The same in milliseconds."""
        start = ALWAYS[0] if self.first is None else (self.first - _EPOCH).days * _DAY_MS
        end = ALWAYS[1] if self.last is None else (self.last + timedelta(days=1) - _EPOCH).days * _DAY_MS
        return start, end


@dataclass(frozen=True)
class StaffDays:
    """The staff with their days, and accounts that are programs. Members are ids (``community:member:native``).

    ``confirmed``: a person has said that this is the staff; else it is what the platform's groups say today.
    """

    terms: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)
    bots: frozenset[str] = frozenset()
    confirmed: bool = False

    @classmethod
    def of_groups(cls, members: Iterable[Ref], bots: Iterable[Ref] = ()) -> "StaffDays":
        """What the platform says today, taken as if it had always been so: nobody has confirmed it."""
        return cls({str(member): (Term(),) for member in members}, frozenset(map(str, bots)))

    def was_staff(self, member: str, at: datetime) -> bool:
        """Was this member on the staff on that day (of UTC)?"""
        day = at.astimezone(UTC).date()
        return any((t.first is None or t.first <= day) and (t.last is None or day <= t.last) for t in self._of(member))

    def _of(self, member: str) -> tuple[Term, ...]:
        return self.terms.get(member, ())

    def crew(self, community: str) -> "Crew":
        """The same for the members of one community, by native id, ready for many questions."""
        spans: dict[str, tuple[Span, ...]] = {}
        for member, terms in self.terms.items():
            ref = Ref.parse(member)
            if ref.community == community and ref.kind is Kind.MEMBER and terms:
                spans[ref.native] = tuple(sorted(term.span for term in terms))
        bots = (Ref.parse(bot) for bot in self.bots)
        return Crew(spans, frozenset(bot.native for bot in bots if bot.community == community))


@dataclass(frozen=True)
class Crew:
    """Staff and programs of one community by native id, staff with the times (ms) in which they were."""

    spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    bots: frozenset[str] = frozenset()

    def was(self, member: str | None, at_ms: int) -> bool:
        """Was this member on the staff then?"""
        if member is None:
            return False
        return any(start <= at_ms < end for start, end in self.spans.get(member, ()))

    @cached_property
    def stamp(self) -> str:
        """Names this staff: what was computed for another one is worth nothing."""
        said = repr((sorted(self.spans.items()), sorted(self.bots)))
        return hashlib.sha256(said.encode()).hexdigest()[:16]
