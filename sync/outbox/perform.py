"""One intent, one careful attempt: look, judge, write down, send, read back, write down."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from moderation.actions import SPECS, Action
from moderation.cases import STOOD
from moderation.conflict import Judgement, Verdict
from moderation.errors import (
    ConflictError,
    MarqueeError,
    NotAllowedError,
    RefusedError,
    SignInError,
    StoreError,
    TryLaterError,
    UnclearError,
    UnknownIdError,
)
from moderation.intents import FINAL, Intent, IntentState, Receipt
from moderation.ports import Clock, Journal, Team
from moderation.records import Records
from moderation.text import canonical
from sync.connector import Answer, Before, Connection, Evidence, Push, Standing
from sync.outbox.audit import AuditTrail
from sync.outbox.handing import check_case, handed_on, takes_back_nothing
from sync.outbox.settle import Settler
from sync.outbox.verdicts import OVERRULED, good_enough, until_receipt, verdict_on, versioned

log = logging.getLogger(__name__)
_S = IntentState
LONGEST_WAIT = 3600.0
_HINTS = "hints"


class Performer:
    """Takes one intent from ``waiting`` to an end, or from ``in_doubt`` one look further.

    Errors that concern the way to the server or this machine and not this intent (``SignInError``, ``StoreError``, and
    ``TryLaterError`` without the fact ``scope="intent"``) are raised after the intent is safe in ``waiting`` or
    ``in_doubt``; everything else is written into the intent, so that one that breaks never stops the others.
    """

    def __init__(
        self,
        journal: Journal,
        team: Team,
        absorb: Callable[[Sequence[Records]], None],
        clock: Clock,
        settler: Settler,
        audit: AuditTrail,
    ) -> None:
        self._journal = journal
        self._team = team
        self._absorb = absorb
        self._clock = clock
        self._settler = settler
        self._audit = audit

    def perform(self, intent: Intent, connection: Connection) -> None:
        """Attempt a waiting intent; one that was sent before is looked for last, just before it goes again."""
        try:
            check_case(intent, self._team)
            intent = handed_on(intent, self._journal)
            if takes_back_nothing(intent, self._journal):
                self._stood(intent)
                return
            push = connection.push(intent.action)
            before = push.before(intent)
            earlier = self._earlier(intent, push, before)
        except (RefusedError, NotAllowedError, UnknownIdError) as error:
            self._end(intent, _S.REFUSED, trouble=_trouble(error))
            return
        except ConflictError as error:
            self._end(intent, _S.CONFLICT, trouble=_trouble(error))
            return
        except Exception as error:
            if _of_all(error):
                raise
            _report(error, intent)
            self._postpone(intent, error, error.seconds if isinstance(error, TryLaterError) else 0.0)
            return
        if before.records is not None:
            self._absorb([before.records])
        if earlier is not None and earlier.answer is Answer.HAPPENED:
            self._happened_after_all(intent, earlier, connection)
        elif before.refused is not None:
            self._end(intent, _S.REFUSED, trouble=_trouble(before.refused))
        elif self._stopped_by(intent, before):
            return
        elif earlier is not None and earlier.answer is Answer.UNCLEAR:
            self._postpone(intent, UnclearError("not_seen_yet"), 0.0)
        else:
            self._send(intent, push, before, connection)

    def look_again(self, intent: Intent, connection: Connection) -> None:
        """One more look at an intent in doubt."""
        try:
            intent = handed_on(intent, self._journal)
            evidence = connection.push(intent.action).look(intent, _told(intent), self._taken(intent))
        except Exception as error:
            if isinstance(error, (SignInError, TryLaterError)):
                self._settler.later(intent)
            if _of_all(error):
                raise
            _report(error, intent)
            self._journal.update(intent.id, trouble=_trouble(error))
            self._settler.unclear(intent)
            return
        self._conclude(intent, evidence, connection)

    def _earlier(self, intent: Intent, push: Push, before: Before) -> Evidence | None:
        """What a look says about an earlier send of it, ``None`` when there was none.

        ``unsure`` in the payload: an intent like this one was closed before anybody knew, so what is so already may be
        its doing.
        """
        if intent.payload.get("unsure") and before.standing is Standing.ALREADY:
            return push.look(intent, {}, self._taken(intent))
        if not intent.attempts or intent.baseline is None:
            return None
        return push.look(intent, _told(intent), self._taken(intent))

    def _taken(self, intent: Intent) -> Callable[[str], bool]:
        """Tells ids that are receipts of other intents of the same community."""
        return lambda server_id: self._journal.receipt_taken(server_id, intent.community)

    def _happened_after_all(self, intent: Intent, evidence: Evidence, connection: Connection) -> None:
        """The earlier send landed meanwhile."""
        doubtful = self._journal.move(intent.id, _S.WAITING, _S.IN_DOUBT)
        if doubtful is not None:
            self._conclude(doubtful, evidence, connection)

    def _stopped_by(self, intent: Intent, before: Before) -> bool:
        """True when somebody else was first: then nothing is sent and both sides are kept for the person."""
        verdict = verdict_on(intent, before.entries, before)
        if good_enough(intent, verdict):
            self._stood(intent)
            return True
        if verdict.clear and intent.item is not None and versioned(intent):
            verdict = self._turn(intent) or verdict
        if verdict.clear:
            return False
        self._end(intent, _S.CONFLICT, trouble=verdict.facts() | {"version": before.version})
        return True

    def _stood(self, intent: Intent) -> None:
        """It is so already, and that is all that was wanted: nothing is sent, and the receipt says so."""
        receipt = Receipt(
            f"{intent.target.kind}:{intent.target.native}{STOOD}{intent.id}", intent.account, self._clock.now()
        )
        sending = self._journal.move(intent.id, _S.WAITING, _S.SENDING, next_try=None, trouble=None)
        if sending is not None:
            self._end(sending, _S.CONFIRMED, receipt=receipt)

    def _turn(self, intent: Intent) -> Verdict | None:
        """Take (item, version) in the team store.

        A colleague's desk that holds it and is not done with it was first.
        """
        holder = self._team.take_turn(str(intent.item), intent.seen_version, intent.id)
        if holder is None or holder == intent.id:
            return None
        own = self._journal.intent(holder)
        if own is not None and own.state in FINAL:
            return None
        return None if own is not None and own.plan == intent.plan else Verdict(Judgement.CONFLICT)

    def _send(self, intent: Intent, push: Push, before: Before, connection: Connection) -> None:
        """Commit ``sending``, then send; whatever is not clear afterwards is in doubt."""
        sending = self._journal.move(
            intent.id,
            _S.WAITING,
            _S.SENDING,
            baseline=intent.baseline if SPECS[intent.action].once and intent.baseline else before.baseline,
            attempts=intent.attempts + 1,
            sent_at=self._clock.now(),
            next_try=None,
            trouble=None,
        )
        if sending is None:
            return
        sending = replace(sending, target=intent.target, payload=intent.payload)
        try:
            hints = push.send(sending, before)
        except (RefusedError, NotAllowedError, UnknownIdError) as error:
            self._end(sending, _S.REFUSED, trouble=_trouble(error))
            return
        except ConflictError as error:
            self._end(sending, _S.CONFLICT, trouble=_trouble(error))
            return
        except (SignInError, TryLaterError) as error:
            self._take_back(intent, error)
            return
        except Exception as error:  # noqa: BLE001 - told through the intent, and logged where it is a bug
            _report(error, sending)
            self._doubt(sending, _trouble(error))
            return
        self._read_back(sending, push, hints, connection)

    def _take_back(self, intent: Intent, error: MarqueeError) -> None:
        """Nothing happened on the server: it waits again, alone or with everything else of the community, and counts
        as not sent (``intent`` is how it was before).
        """
        unsent = {"attempts": intent.attempts, "baseline": intent.baseline, "sent_at": intent.sent_at}
        waiting = self._journal.move(intent.id, _S.SENDING, _S.WAITING, trouble=_trouble(error), **unsent)
        if _of_all(error) or not isinstance(error, TryLaterError):
            raise error
        self._postpone(waiting or intent, error, error.seconds)

    def _read_back(self, sending: Intent, push: Push, hints: dict[str, Any], connection: Connection) -> None:
        """The server said yes; only what is read back is believed. A failure to read says nothing about the send, and
        what the server named (``hints``) is kept for later looks: its text may be changed by then.
        """
        sending = replace(sending, baseline={**(sending.baseline or {}), _HINTS: hints})
        try:
            evidence = push.look(sending, hints, self._taken(sending))
        except StoreError:
            raise
        except Exception as error:
            _report(error, sending)
            self._doubt(sending, _trouble(error))
            if _of_all(error):
                raise
            return
        self._conclude(sending, evidence, connection)

    def _postpone(self, intent: Intent, error: Exception, seconds: float) -> None:
        """Only this intent waits, longer with every time; the others go on."""
        pause = min(max(seconds, min(2.0 ** min(intent.looks, 8), 300.0)), LONGEST_WAIT)
        next_try = self._clock.now() + timedelta(seconds=pause)
        self._journal.update(intent.id, trouble=_trouble(error), looks=intent.looks + 1, next_try=next_try)

    def _conclude(self, intent: Intent, evidence: Evidence, connection: Connection) -> None:
        """From what was read back to a state: the mirror first, then the receipt."""
        self._absorb(evidence.records)
        if evidence.answer is Answer.HAPPENED and evidence.receipt is not None:
            self._confirm(intent, evidence)
        elif evidence.answer is Answer.ABSENT and intent.state is _S.SENDING and not SPECS[intent.action].once:
            self._ignored(intent, evidence)
        elif intent.state is _S.SENDING:
            self._doubt(intent, {"code": "not_seen_yet"})
        elif evidence.answer is Answer.ABSENT:
            self._settler.absent(intent, connection)
        else:
            self._settler.unclear(intent)

    def _ignored(self, intent: Intent, evidence: Evidence) -> None:
        """The server said yes and did nothing: a colleague was quicker by a moment, or it cannot be done."""
        verdict = verdict_on(intent, evidence.entries, None)
        if verdict.judgement in OVERRULED:
            self._end(intent, _S.CONFLICT, trouble=verdict.facts())
        else:
            self._end(intent, _S.REFUSED, trouble={"code": "silently_ignored"})

    def _confirm(self, intent: Intent, evidence: Evidence) -> None:
        """It happened. What a colleague did between look and write was overwritten, and a person must see that."""
        verdict = verdict_on(intent, until_receipt(intent, evidence), None)
        overruled = verdict.judgement in OVERRULED
        trouble: dict[str, Any] | None = verdict.facts() | {"overwrote": True} if overruled else None
        if evidence.held_id is not None:
            trouble = {"code": "reply_held", "held": evidence.held_id}
        state = _S.CONFLICT if overruled else _S.CONFIRMED
        try:
            self._end(intent, state, receipt=evidence.receipt, trouble=trouble)
        except ConflictError as error:
            self._journal.update(intent.id, trouble=_trouble(error))
            if intent.state is _S.SENDING:
                self._doubt(intent, _trouble(error))
            self._settler.later(intent)
            return
        self._drop_draft(intent)

    def _doubt(self, intent: Intent, trouble: dict[str, Any]) -> None:
        doubtful = self._journal.move(intent.id, intent.state, _S.IN_DOUBT, trouble=trouble, baseline=intent.baseline)
        if doubtful is not None:
            self._settler.doubt(doubtful)

    def _end(self, intent: Intent, state: IntentState, **facts: Any) -> None:
        moved = self._journal.move(intent.id, intent.state, state, next_try=None, question=None, **facts)
        if moved is None:
            return
        self._settler.forget(intent)
        self._audit.ended([moved])

    def _drop_draft(self, intent: Intent) -> None:
        """A posted reply's draft is no longer unsent, unless the person has typed on."""
        if intent.action is not Action.REPLY:
            return
        answers = intent.payload.get("what") == "answer"
        place = f"bring:{intent.community}/{intent.payload.get('case')}" if answers else f"reply:{intent.target}"
        draft = self._journal.draft(place)
        if draft is not None and canonical(draft.text) == canonical(str(intent.payload.get("text", ""))):
            self._journal.save_draft(type(draft)(place, "", self._clock.now()))


def _of_all(error: Exception) -> bool:
    """True for what concerns more than one intent: the key, the way to the server, this machine."""
    if isinstance(error, TryLaterError):
        return error.facts.get("scope") != "intent"
    return isinstance(error, (SignInError, StoreError))


def _told(intent: Intent) -> dict[str, Any]:
    """What the server's answer to an earlier send named."""
    told = (intent.baseline or {}).get(_HINTS)
    return told if isinstance(told, dict) else {}


def _report(error: Exception, intent: Intent) -> None:
    """Log what is a bug of ours; troubles with a name are told through the intent."""
    if not isinstance(error, MarqueeError):
        log.error("a push broke: %s", intent.action, exc_info=error)


def _trouble(error: BaseException) -> dict[str, Any]:
    if isinstance(error, MarqueeError):
        return {"code": error.code, **error.facts}
    return {"code": "our_bug", "kind": type(error).__name__}
