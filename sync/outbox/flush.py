"""Which intent goes next, and when: one sender a community, in order for each item, never past one that is in doubt."""

import logging
from collections.abc import Callable, Iterator, Sequence

from moderation.actions import TICKET_ACTIONS
from moderation.case_tickets import case_of
from moderation.errors import MarqueeError, SignInError, StoreError, TryLaterError
from moderation.intents import Identities, Intent, IntentState
from moderation.plans import is_stale
from moderation.ports import Clock, Journal, Team
from moderation.records import Records
from sync.connector import Connection
from sync.outbox.audit import AuditTrail
from sync.outbox.perform import LONGEST_WAIT, Performer
from sync.outbox.settle import Settler
from sync.outbox.timing import Timing
from sync.outbox.windows import Windows

log = logging.getLogger(__name__)

Connections = Callable[[Identities], Connection]
Absorb = Callable[[Sequence[Records]], None]
A_PASS = 25
_ON_THE_WAY = frozenset({IntentState.HELD, IntentState.WAITING, IntentState.SENDING, IntentState.IN_DOUBT})


class FlushStoppedError(Exception):
    """The flush of a community cannot go on: ``error`` says why; everything keeps waiting."""

    def __init__(self, error: MarqueeError) -> None:
        super().__init__(str(error))
        self.error = error


class Outbox:
    """Sends the intents of one community. Call :meth:`run` whenever the journal moved or time is due.

    Only the holder of ``engine.lock`` may own one. ``connections`` gives the connection of an identity and raises
    ``SignInError`` where there is no key for it; ``absorb`` writes read-backs into the mirror. Not thread-safe: one
    thread owns it.
    """

    def __init__(
        self,
        community: str,
        journal: Journal,
        team: Team,
        connections: Connections,
        absorb: Absorb,
        clock: Clock,
        timing: Timing | None = None,
    ) -> None:
        self._community = community
        self._journal = journal
        self._connections = connections
        self._clock = clock
        self._timing = timing or Timing()
        self._windows = Windows(journal, clock, self._timing.sleep_jump)
        self._settler = Settler(journal, clock, self._timing)
        self._audit = AuditTrail(journal, team, clock)
        self._performer = Performer(journal, team, absorb, clock, self._settler, self._audit)
        self._identified: dict[Identities, tuple[str, float]] = {}
        self._paused_until = 0.0
        self._failures = 0
        self._official_until = 0.0
        self._official_failures = 0
        self._untold: MarqueeError | None = None
        self._begun = False

    def _recover(self) -> None:
        """What a crash (or a full disk) left in ``sending`` is in doubt, for nobody knows whether it left."""
        if not self._begun:
            self._audit.recover(self._community)
            self._begun = True
        for intent in self._journal.unfinished(self._community):
            if intent.state is IntentState.SENDING:
                trouble = {"code": "crashed_while_sending"}
                self._journal.move(intent.id, IntentState.SENDING, IntentState.IN_DOUBT, trouble=trouble)

    def retry_now(self) -> None:
        """Forget the pause after a failure: the person asked, or the network came back."""
        self._paused_until = self._official_until = 0.0

    def run(self, go_on: Callable[[], bool] = lambda: True) -> float | None:
        """Do everything that is due; gives the seconds until something is due again, ``None`` when nothing is.

        Raises :class:`FlushStoppedError` when the community does not know the person any more or does not answer. Where
        only the company account is not known any more, what the person does in the own name goes out first.
        """
        self._recover()
        while go_on():
            intents = self._journal.unfinished(self._community)
            next_window = self._windows.release(intents)
            pause = self._paused_until - self._clock.monotonic()
            if pause > 0:
                return _soonest(pause, next_window or None)
            due = self._due(intents)
            if not due and next_window == 0.0:
                continue
            if not due:
                self._tell_of_official()
                return _soonest(next_window, self._next_due(intents))
            self._pass(due, go_on)
        return 0.0

    def _pass(self, due: Sequence[Intent], go_on: Callable[[], bool]) -> None:
        """Work through some of what is due; each is read again first, for a person may have cancelled it meanwhile."""
        for listed in due[:A_PASS]:
            intent = self._journal.intent(listed.id)
            if intent is None or intent.state is not listed.state or intent.question is not None:
                continue
            if self._shut_for(intent) == 0.0:
                self._one(intent)
            if not go_on():
                return

    def _one(self, intent: Intent) -> None:
        """Work on one intent under its own identity; troubles of the way there pause or stop the flush."""
        try:
            if intent.state is IntentState.WAITING and is_stale(intent, self._clock.now()):
                self._journal.move(intent.id, IntentState.WAITING, IntentState.APPROVAL, question="stale")
                return
            connection = self._connections(intent.identity)
            self._check_identity(intent, connection)
            if intent.state is IntentState.WAITING:
                self._performer.perform(intent, connection)
            else:
                self._performer.look_again(intent, connection)
            self._went_well(intent.identity)
        except SignInError as error:
            self._identified.clear()
            self._shut_out(intent.identity, error)
        except TryLaterError as error:
            self._pause(error, error.seconds)
        except StoreError:
            raise
        except MarqueeError as error:  # who the key speaks for could not be read: nothing goes out until it can
            self._pause(error, 0.0)

    def _went_well(self, identity: Identities) -> None:
        self._failures = 0
        if identity is Identities.OFFICIAL:
            self._official_failures = 0

    def _pause(self, error: MarqueeError, seconds: float) -> None:
        self._paused_until = self._clock.monotonic() + max(seconds, self._backed_off(self._failures))
        self._failures += 1
        raise FlushStoppedError(error) from error

    def _shut_out(self, identity: Identities, error: SignInError) -> None:
        """A key is not taken. Without the person's own everything waits; without the company's, only what is its."""
        if identity is not Identities.OFFICIAL:
            self._pause(error, 0.0)
        self._official_until = self._clock.monotonic() + self._backed_off(self._official_failures)
        self._official_failures += 1
        self._untold = error

    def _tell_of_official(self) -> None:
        """Stop for want of the company's key, once for each time that it was not taken."""
        error, self._untold = self._untold, None
        if error is not None:
            raise FlushStoppedError(error) from error

    def _backed_off(self, failures: int) -> float:
        return float(min(self._timing.first_pause * 2.0 ** min(failures, 16), self._timing.longest_pause))

    def _check_identity(self, intent: Intent, connection: Connection) -> None:
        """Read again who the key speaks for; an intent never goes out under anybody else."""
        name, checked = self._identified.get(intent.identity, ("", -1e12))
        if self._clock.monotonic() - checked > self._timing.identity_every:
            name = str(connection.identify().member)
            self._identified[intent.identity] = (name, self._clock.monotonic())
        if name != intent.account:
            self._identified.pop(intent.identity, None)
            raise SignInError("identity_changed", community=self._community, now=name, was=intent.account)

    def _due(self, intents: Sequence[Intent]) -> list[Intent]:
        """What may be worked on now: single decisions before bulk."""
        due = [intent for intent in _at_the_front(intents) if self._due_in(intent) == 0.0]
        return sorted(due, key=lambda intent: "bulk" in intent.payload)

    def _next_due(self, intents: Sequence[Intent]) -> float | None:
        """Seconds until one that stands at the front is due; those behind it have no time of their own."""
        waits = [wait for intent in _at_the_front(intents) if (wait := self._due_in(intent)) is not None]
        return min((max(wait, 0.05) for wait in waits), default=None)

    def _due_in(self, intent: Intent) -> float | None:
        """Seconds until it may be worked on, ``None`` when that is not for the outbox to decide."""
        shut = self._shut_for(intent)
        if intent.state is IntentState.WAITING:
            return max(shut, self._wait_of(intent))
        if intent.state is IntentState.IN_DOUBT and intent.question is None:
            return max(shut, self._settler.due_in(intent))
        return None

    def _shut_for(self, intent: Intent) -> float:
        """Seconds until the account that it belongs to is tried again, where its key was not taken."""
        official = intent.identity is Identities.OFFICIAL
        return max(0.0, self._official_until - self._clock.monotonic()) if official else 0.0

    def _wait_of(self, intent: Intent) -> float:
        """Seconds until the next try; none where the clock was set back meanwhile."""
        if intent.next_try is None:
            return 0.0
        wait = (intent.next_try - self._clock.now()).total_seconds()
        return max(0.0, wait) if wait <= LONGEST_WAIT else 0.0


def _at_the_front(intents: Sequence[Intent]) -> Iterator[Intent]:
    """Those with no older one before them that is on its way to the same item or target (its undo window included)."""
    busy: set[str] = set()
    for intent in intents:
        keys = _keys(intent)
        if not keys & busy:
            yield intent
        if intent.state in _ON_THE_WAY:
            busy |= keys


def _keys(intent: Intent) -> set[str]:
    """What an intent keeps busy: its item and its target; in a ticket system its case alone, so that nothing in the
    community waits for that.
    """
    if intent.action in TICKET_ACTIONS:
        return {f"ticket of {case_of(intent)}"}
    return {str(thing) for thing in (intent.item, intent.target) if thing is not None}


def _soonest(*waits: float | None) -> float | None:
    return min((wait for wait in waits if wait is not None), default=None)
