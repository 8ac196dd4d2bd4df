"""What a person and the others may do in a run, each drawn by the run's dice."""

import contextlib
import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from moderation.desk import Desk
from moderation.errors import MarqueeError
from moderation.ids import Kind, Ref
from moderation.intents import Intent, IntentState
from moderation.items import ItemState
from moderation.queries import QueueQuery, QueueRow
from sync.sandbox import SampleCommunity
from sync.sandbox.state.refusal import Refused
from tests.faults.ground import COLLEAGUE, ME

if TYPE_CHECKING:
    from tests.faults.invariants import Memory

USUAL_WORDS = "Thank you, we look into it."
_CLOSED = (ItemState.RESOLVED, ItemState.DISMISSED)
_FLAG_ACTIONS = ("resolve", "dismiss", "take", "hide", "resolve", "dismiss", "x:reopen", "restore", "lock")


class Person:
    """One moderator at one desk. ``memory`` keeps what a person knows and the journal does not."""

    def __init__(
        self, desk: Desk, dice: random.Random, memory: "Memory", holds: tuple[float, ...] = (0.0, 5.0)
    ) -> None:
        self.desk = desk
        self.holds = holds
        self.dice = dice
        self.memory = memory
        self._texts = 0

    def act(self) -> str:
        """Do one thing; gives what it was, for the story of a run. What the desk refuses is refused."""
        verb: Callable[[], str] = self.dice.choices(
            (self.decide, self.reply, self.note, self.claim, self.undo, self.panic, self.answer_outbox, self.bulk),
            (10, 5, 2, 2, 2, 1, 3, 1),
        )[0]
        try:
            return verb()
        except MarqueeError as error:
            return f"{verb.__name__}: {error.code}"
        finally:
            self.memory.look(self.desk.bench.journal)

    def decide(self) -> str:
        """A decision on something in the queue, with or without a note and a message to the author."""
        row = self._row()
        if row is None:
            return "nothing to decide"
        dice, held = self.dice, Ref.parse(row.id).kind is Kind.HELD
        action = dice.choice(("approve", "reject")) if held else dice.choice(_FLAG_ACTIONS)
        note = self._text("note") if dice.random() < 0.25 else None
        message = self._text("message") if dice.random() < 0.2 else None
        hold = dice.choice(self.holds)
        self.desk.triage.decide(
            row.id, action, seen_version=row.version, reason="Spam", note=note, message=message, hold_seconds=hold
        )
        return f"{action} {row.id} seen {row.version} note={note} message={message} hold={hold}"

    def bulk(self) -> str:
        """One decision on several items at once."""
        rows = [row for row in self.desk.triage.queue(QueueQuery(), limit=8) if ":flag:" in row.id]
        chosen = self.dice.sample(rows, min(3, len(rows)))
        report = self.desk.bulk.decide([(row.id, row.version) for row in chosen], "resolve", reason="Spam")
        return f"bulk {[row.id for row in chosen]} refused {report.refused}"

    def reply(self) -> str:
        """An answer in a thread; now and then the same words twice."""
        row = self._row()
        if row is None or row.thread is None:
            return "no thread"
        text = USUAL_WORDS if self.dice.random() < 0.2 else self._text("answer")
        plan, findings = self.desk.answering.reply(row.thread, text, hold_seconds=self.dice.choice(self.holds))
        return f"reply {row.thread} {text!r} {'journalled' if plan else findings}"

    def note(self) -> str:
        """A staff note."""
        row = self._row()
        if row is None:
            return "nothing to note"
        text = self._text("note")
        self.desk.triage.note(row.id, text)
        return f"note {row.id} {text!r}"

    def claim(self) -> str:
        """Claim an item, or give it up."""
        row = self._row()
        if row is None:
            return "nothing to claim"
        verb = self.dice.choice((self.desk.triage.claim, self.desk.triage.release))
        verb(row.id)
        return f"{verb.__name__} {row.id}"

    def undo(self) -> str:
        """Take the last decision back."""
        plan = self.desk.triage.undo()
        return f"undo {plan.id if plan else 'nothing'}"

    def panic(self) -> str:
        """Everything back; and sometimes all of it again."""
        plans = self.desk.triage.all_back()
        again = self.desk.triage.redo_all() if self.dice.random() < 0.5 else []
        return f"panic {len(plans)} redone {len(again)}"

    def answer_outbox(self) -> str:
        """Say something to what waits for a person: send it again, or close it."""
        waiting = self.desk.outbox.intents()
        if not waiting:
            return "nothing waits"
        intent = self.dice.choice(waiting)
        if self.dice.random() < 0.6:
            self.desk.outbox.retry(intent.id)
            return f"retry {intent.id} {intent.state}"
        return self.close(intent)

    def close(self, intent: Intent) -> str:
        """Close an intent for good; remembers what was closed while nobody knew whether it had happened."""
        before = self.desk.bench.journal.intent(intent.id)
        self.desk.outbox.cancel(intent.id)
        if before is not None and before.state is IntentState.IN_DOUBT:
            self.memory.closed_in_doubt.add(intent.id)
        return f"close {intent.id} {intent.state}"

    def _row(self) -> QueueRow | None:
        states = QueueQuery().states if self.dice.random() < 0.8 else (*QueueQuery().states, *_CLOSED)
        rows = self.desk.triage.queue(QueueQuery(states=states), limit=60)
        return self.dice.choice(rows) if rows else None

    def _text(self, what: str) -> str:
        self._texts += 1
        return f"This {what} is number {self._texts}.{self.dice.choice(('', '  ', ' さようなら'))}"


def others(community: SampleCommunity, dice: random.Random) -> str:
    """A colleague or a customer does something behind the console's back."""
    with community.state.lock, contextlib.suppress(Refused):
        tables = community.state.tables
        item, post = dice.choice(sorted(tables.items)), dice.choice(sorted(tables.posts))
        match dice.randrange(5):
            case 0 | 1:
                state = dice.choice(("resolved", "rejected", "open", "wip"))
                community.decide_as(COLLEAGUE, item, state)
                return f"colleague {state} {item}"
            case 2:
                community.decide_as(COLLEAGUE, item, assignee=dice.choice((COLLEAGUE, ME)))
                return f"colleague assigns {item}"
            case 3:
                customer = dice.choice([m.name for m in tables.members.values() if not m.groups])
                community.report(customer, post, dice.choice(("Spam", "Off topic", "個人情報")))
                return f"{customer} reports {post}"
            case _:
                thread = dice.choice(sorted(tables.threads))
                community.reply_as(COLLEAGUE, thread, f"A colleague answers, {dice.randrange(10**6)}")
                return f"colleague answers in {thread}"
    return "nothing"
