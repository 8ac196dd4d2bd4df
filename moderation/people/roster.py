"""A roster entry, the text of its dates, and the staff of each day as figures need it."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum

from moderation.coverage.hours import Hours
from moderation.coverage.staff import StaffDays, Term
from moderation.errors import NotAllowedError
from moderation.ids import Ref


class Consent(StrEnum):
    """How a colleague may be shown to the public: by name, as a part of the team, or not at all. Their own choice."""

    NAME = "name"
    TEAM = "team"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Person:
    """One of the staff. ``accounts`` are members of communities, none where the person has no account yet.

    ``terms`` are the days on the staff (UTC, both ends included); without one a confirmed person always was.
    ``confirmed_by`` is the lead's member id, empty as long as nobody said that this is staff: then no figure counts it.
    ``bot`` is an account that is a program.
    """

    id: str
    name: str
    accounts: tuple[Ref, ...] = ()
    terms: tuple[Term, ...] = ()
    team: str = ""
    title: str = ""
    languages: tuple[str, ...] = ()
    hours: Hours = field(default_factory=Hours)
    consent: Consent = Consent.TEAM
    bot: bool = False
    confirmed_by: str = ""
    confirmed_at: datetime | None = None

    @property
    def confirmed(self) -> bool:
        """True when the lead has said that this is staff."""
        return bool(self.confirmed_by)

    def on_staff(self, at: datetime) -> bool:
        """Is this person on the staff on that day (of UTC)?"""
        day = at.astimezone(UTC).date()
        terms = self.terms or (Term(),)
        return any((t.first is None or t.first <= day) and (t.last is None or day <= t.last) for t in terms)

    def account(self, community: str) -> Ref | None:
        """The account in a community, ``None`` without one there."""
        return next((one for one in self.accounts if one.community == community), None)


def staff_days(roster: Iterable[Person]) -> StaffDays:
    """Who was staff on which day, for figures: only whom the lead has confirmed; programs apart."""
    known = [person for person in roster if person.confirmed]
    terms = {
        str(account): person.terms or (Term(),) for person in known if not person.bot for account in person.accounts
    }
    bots = frozenset(str(account) for person in known if person.bot for account in person.accounts)
    return StaffDays(terms, bots, confirmed=bool(known))


def parse_terms(texts: Sequence[str]) -> tuple[Term, ...]:
    """``2024-03-01..2025-06-30``, ``2024-03-01..``, ``..2025-06-30``, ``always``, in the order of time.

    Raises ``NotAllowedError`` ``term_odd`` for anything else, ``terms_overlap`` where two share a day.
    """
    terms = sorted((_term(text) for text in texts), key=lambda term: term.span)
    for earlier, later in itertools.pairwise(terms):
        if later.span[0] < earlier.span[1]:
            raise NotAllowedError("terms_overlap", first=terms_text((earlier,)), second=terms_text((later,)))
    return tuple(terms)


def _term(text: str) -> Term:
    if text.strip() == "always":
        return Term()
    first, dots, last = text.strip().partition("..")
    try:
        term = Term(date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None)
    except ValueError:
        raise NotAllowedError("term_odd", text=text[:60]) from None
    wrong_way = term.first is not None and term.last is not None and term.last < term.first
    if not dots or wrong_way or (term.first is None and term.last is None):
        raise NotAllowedError("term_odd", text=text[:60])
    return term


def terms_text(terms: Sequence[Term]) -> str:
    """The same as :func:`parse_terms` reads it, several with a comma between them."""
    return ", ".join(
        "always"
        if term.first is None and term.last is None
        else f"{term.first.isoformat() if term.first else ''}..{term.last.isoformat() if term.last else ''}"
        for term in terms or (Term(),)
    )
