"""Which private places of cases are to be read: what is said in a chat or a message no feed tells.

A place is read as soon as it was made, then the more often the fresher its last word is, a few at a time. Where the
platform limits requests, one place at every third poll, whatever waits.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from moderation.cases import Case, Cases, CaseState
from moderation.conversation import private_place
from moderation.errors import TryLaterError
from moderation.ids import Kind, Ref
from moderation.ports import Clock, Team
from moderation.records import Batch
from sync.connector import Connection, Known, ThreadFacts, Urgency

AT_ONCE, MOST_ASKED = 4, 20
FORUM_AGAIN = 600.0
_FRESH = ((timedelta(hours=1), 60.0), (timedelta(days=1), 300.0))
_QUIET = 1800.0
_POLLS = 3
_ACTIVE = frozenset({CaseState.OPEN, CaseState.UNDOING})
_NO_ROOM = frozenset({"budget_used_up", "day_limit_reached"})


class CasePlaces:
    """Reads the private places of the cases of one community that are not over, each in its time."""

    def __init__(self, community: str, team: Team, clock: Clock) -> None:
        self._community = community
        self._team = team
        self._clock = clock
        self._read: dict[Ref, float] = {}
        self._asked: dict[Ref, float] = {}
        self._last = -1e9
        self._all = False

    def asked(self) -> None:
        """A person asks for what is new: the next reading takes all of them, whenever they were read last."""
        self._all = True

    def read(self, connection: Connection, known: Known) -> Iterator[Batch]:
        """Those that are due; nothing where the plan of the day has no request left for it."""
        due = self._due(known, connection.poll_pause())
        if not due:
            return
        now = self._clock.monotonic()
        self._last = now
        self._read |= dict.fromkeys(due, now)
        try:
            yield from connection.fetch(due, known, Urgency.POLL)
        except TryLaterError as error:
            if error.code not in _NO_ROOM:
                raise

    def _due(self, known: Known, pause: float) -> list[Ref]:
        now = self._clock.monotonic()
        everything, self._all = self._all, False
        if pause and now - self._last < _POLLS * pause and not everything:
            return []
        cases = self._cases()
        places = [place for case in cases if (place := private_place(case)) is not None]
        facts = known.threads(places)
        late = [(self._lateness(place, facts.get(place), now), place) for place in dict.fromkeys(places)]
        chosen = [
            place
            for lateness, place in sorted(late, reverse=True, key=lambda one: one[0])
            if everything or lateness >= 0
        ]
        self._forget(set(places))
        most = MOST_ASKED if everything else 1 if pause else AT_ONCE
        return [*chosen[:most], *self._forums(cases, known, now)]

    def _cases(self) -> list[Case]:
        if not isinstance(self._team, Cases):
            return []
        return [case for case in self._team.cases(community=self._community) if case.state in _ACTIVE]

    def _lateness(self, place: Ref, facts: ThreadFacts | None, now: float) -> float:
        """Seconds since a place was due; one that nobody has read comes before all others."""
        if place not in self._read:
            return 1e9
        return now - self._read[place] - _pause(facts, self._clock.now())

    def _forums(self, cases: list[Case], known: Known, now: float) -> list[Ref]:
        """Forums of which it is not known yet who may enter: without that nothing may be answered in them."""
        forums = {forum for case in cases if (forum := case.forum()) is not None and forum.kind is Kind.FORUM}
        unknown = sorted(forums - known.forums().keys(), key=str)
        asked = [one for one in unknown if now - self._asked.get(one, -1e9) >= FORUM_AGAIN][:1]
        self._asked |= dict.fromkeys(asked, now)
        return asked

    def _forget(self, places: set[Ref]) -> None:
        for place in self._read.keys() - places:
            del self._read[place]


def _pause(facts: ThreadFacts | None, now: datetime) -> float:
    """How long a place may stay unread."""
    if facts is None or facts.last_post_at is None:
        return _FRESH[0][1]
    quiet = now - facts.last_post_at
    return next((pause for age, pause in _FRESH if quiet < age), _QUIET)
