"""The desk: what window and command line call. Small services, one a job; a :class:`Desk` only holds them."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from moderation.desk.answering import Answering
from moderation.desk.bench import Bench
from moderation.desk.bulk import Bulk
from moderation.desk.candidates import Candidates
from moderation.desk.conversing import Conversing
from moderation.desk.later import Later
from moderation.desk.outbox import Outbox
from moderation.desk.privately import Privately
from moderation.desk.proving import Proving
from moderation.desk.ticketing import Ticketing
from moderation.desk.triage import Triage
from moderation.ports import Clock, CommunityRow, Engine, Mirror

if TYPE_CHECKING:
    from moderation.bringing import FindIn
    from moderation.coverage.ports import Promises
    from moderation.desk.alarms import Alarms, AlarmWays
    from moderation.desk.asking import Asking
    from moderation.desk.bringing import Bringing
    from moderation.desk.coverage import Coverage
    from moderation.desk.following import FollowingDesk
    from moderation.desk.goals import GoalsDesk
    from moderation.desk.persons import Persons
    from moderation.desk.presence import Presence
    from moderation.desk.staffing import Staffing
    from moderation.desk.voicing import Voicing
    from moderation.presence import CardWording
    from moderation.voice.ports import VoicePacks


class Desk:
    """One person's desk over the ports of a :class:`~moderation.desk.bench.Bench`; belongs to one thread.

    ``find`` finds private data in a plain text, with a team's rules and whatever libraries there are. ``promises`` is
    what the team has set for coverage, ``alarm_ways`` what it has set for alarms; ``card_words`` gives the texts of
    presence cards in a language, ``voices`` the voice packs.
    """

    def __init__(
        self,
        bench: Bench,
        find: "FindIn | None" = None,
        promises: "Promises | None" = None,
        alarm_ways: "AlarmWays | None" = None,
        card_words: "Callable[[str], CardWording] | None" = None,
        voices: "VoicePacks | None" = None,
    ) -> None:
        self.bench = bench
        self._find = find
        self._promises = promises
        self._alarm_ways = alarm_ways
        self._card_words = card_words
        self._voices = voices
        self.triage = Triage(bench)
        self.answering = Answering(bench, lambda: self.voicing)
        self.outbox = Outbox(bench)
        self.bulk = Bulk(bench, self.triage)
        self.later = Later(bench)
        self.candidates = Candidates(bench)
        self.privately = Privately(bench)
        self.proving = Proving(bench, self.triage)
        self.ticketing = Ticketing(bench)
        self.conversing = Conversing(bench, self.privately, self.proving, self.ticketing)

    @cached_property
    def bringing(self) -> "Bringing":
        """Bringing answers back; imported when it is needed, which a window's first paint does not wait for."""
        from moderation.desk.bringing import Bringing

        return Bringing(self.bench, self._find)

    @cached_property
    def voicing(self) -> "Voicing":
        """The company's voice; imported when it is needed, as above."""
        from moderation.desk.voicing import Voicing
        from moderation.voice.ports import NO_VOICES

        return Voicing(self.bench, self._voices or (lambda: NO_VOICES), self._find)

    @cached_property
    def staffing(self) -> "Staffing":
        """The roster; imported when it is needed, as above."""
        from moderation.desk.staffing import Staffing

        return Staffing(self.bench)

    @cached_property
    def following(self) -> "FollowingDesk":
        """Who follows which forum; imported when it is needed, as above."""
        from moderation.desk.following import FollowingDesk

        return FollowingDesk(self.bench, self._promises)

    @cached_property
    def asking(self) -> "Asking":
        """What colleagues ask of each other; imported when it is needed, as above."""
        from moderation.desk.asking import Asking

        return Asking(self.bench, self.following, self.staffing)

    @cached_property
    def coverage(self) -> "Coverage":
        """How threads are answered; imported when it is needed, as above."""
        from moderation.desk.coverage import Coverage

        return Coverage(self.bench, self._promises)

    @cached_property
    def alarms(self) -> "Alarms":
        """What is wrong now; imported when it is needed, as above."""
        from moderation.desk.alarms import Alarms

        return Alarms(self.bench, self.following, self.coverage, self._promises, self._alarm_ways)

    @cached_property
    def presence(self) -> "Presence":
        """Presence cards; imported when they are needed, as above."""
        from moderation.desk.presence import Presence

        assert self._card_words is not None
        return Presence(self.bench, self.following, self.coverage, self._card_words, self._promises)

    @cached_property
    def persons(self) -> "Persons":
        """Figures of persons, where the team allows them; imported when it is needed, as above."""
        from moderation.desk.persons import Persons

        return Persons(self.bench, self.coverage, self._promises)

    @cached_property
    def goals(self) -> "GoalsDesk":
        """The worksheet of goals; imported when it is needed, as above."""
        from moderation.desk.goals import GoalsDesk

        return GoalsDesk(self.bench)

    @property
    def engine(self) -> Engine:
        """The engine behind this desk."""
        return self.bench.engine

    @property
    def mirror(self) -> Mirror:
        """Reading of the local copy: forums, threads, members, search."""
        return self.bench.mirror

    @property
    def clock(self) -> Clock:
        """The clock that deadlines are counted on."""
        return self.bench.clock

    def communities(self) -> list[CommunityRow]:
        """Connected communities."""
        return self.bench.mirror.communities()


__all__ = ["Answering", "Bench", "Bulk", "Candidates", "Desk", "Later", "Outbox", "Privately", "Triage"]
