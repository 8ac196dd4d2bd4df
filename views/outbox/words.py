"""Intents in words: what was wanted, where it stands, what a person may say to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moderation.actions import SPECS, Action
from moderation.desk.outbox import OutboxEntry
from moderation.intents import Intent, IntentState
from moderation.text import neutralise, one_line
from resources.messages import known
from views.words import Words

ICONS = {
    IntentState.HELD: ("pie", "text"),
    IntentState.APPROVAL: ("clock-pause", "doubt"),
    IntentState.BLOCKED: ("clock", "waiting"),
    IntentState.WAITING: ("clock", "waiting"),
    IntentState.SENDING: ("send", "sending"),
    IntentState.IN_DOUBT: ("help-circle", "doubt"),
    IntentState.CONFIRMED: ("circle-check", "confirmed"),
    IntentState.REFUSED: ("circle-x", "refused"),
    IntentState.CONFLICT: ("arrows-split-2", "conflict"),
    IntentState.CANCELLED: ("arrow-back-up", "text3"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person may say to an intent: ``act`` is ``close``, ``retry``, ``cancel`` or ``open``."""

    act: str
    key: str
    icon: str
    title: str
    text: str


class IntentWords:
    """Words for intents; ``titles`` are names of items that the window has shown."""

    def __init__(self, words: Words, titles: dict[str, str]) -> None:
        self.words = words
        self._titles = titles

    def about(self, entry: OutboxEntry) -> str:
        """What it is about: the thread's title, or the first words of the post."""
        intent, item = entry.intent, entry.item
        for ref in (intent.item, intent.thread):
            if ref is not None and str(ref) in self._titles:
                return self._titles[str(ref)]
        if item is not None:
            return one_line(item.thread_title or item.body or item.id.native, 120)
        return one_line(str(intent.payload.get("title") or intent.target.native), 120)

    def title(self, entry: OutboxEntry) -> str:
        """“Hide a post in “My contract …””."""
        return self._form("did", entry.intent, title=self.about(entry))

    def state(self, intent: Intent) -> str:
        """Name of its state."""
        return self.words.say(f"state_{intent.state}")

    def detail(self, entry: OutboxEntry) -> str:
        """What follows the state in the list."""
        intent, words = entry.intent, self.words
        if intent.state is IntentState.CONFLICT:
            by = self._facts(intent).get("by_name")
            return words.say("outbox_by", name=neutralise(str(by))) if by else words.say("outbox_first")
        if intent.state is IntentState.IN_DOUBT:
            asked = {None: "outbox_looking", "absent": "outbox_absent"}
            return words.say(asked.get(intent.question, "outbox_unclear"))
        if intent.state is IntentState.CONFIRMED and intent.receipt is not None:
            return words.say("outbox_read_back", time=words.clock(intent.receipt.at))
        if intent.state in {IntentState.WAITING, IntentState.REFUSED} and intent.trouble:
            return self.trouble(intent)
        if entry.steps > 1:
            return words.say("outbox_step", n=entry.step, of=entry.steps)
        return words.say("outbox_can_be_taken_back") if intent.state is IntentState.HELD else ""

    def trouble(self, intent: Intent) -> str:
        """The last error in words."""
        facts = self._facts(intent)
        code = str(facts.get("code") or "")
        return self.words.trouble(code, facts) if code else ""

    def _facts(self, intent: Intent) -> dict[str, Any]:
        return dict(intent.trouble or {})

    def head(self, entry: OutboxEntry) -> str:
        """Headline of its page."""
        intent = entry.intent
        if intent.state is IntentState.CONFLICT:
            return self.words.say("outbox_head_conflict")
        return f"{self.state(intent)}: {self.title(entry)}"

    def sentence(self, entry: OutboxEntry) -> str:
        """What happened, what is safe, what to do next."""
        intent, words = entry.intent, self.words
        if intent.state is IntentState.CONFLICT:
            code = str(self._facts(intent).get("code") or "conflict")
            return words.say(f"conflict_{code}") if known(f"conflict_{code}") else self.trouble(intent)
        if intent.question:
            return words.say(f"asked_{intent.question}")
        if intent.state in {IntentState.REFUSED, IntentState.WAITING} and (said := self.trouble(intent)):
            return said
        return words.say(f"about_{intent.state}")

    # -- both sides ------------------------------------------------------------------------------------------------
    def wanted(self, entry: OutboxEntry) -> list[tuple[str, str]]:
        """The person's side: label and value."""
        intent, words = entry.intent, self.words
        closes = intent.leads_to
        rows = [(words.say("side_action"), self._form("want", intent))]
        if not SPECS[intent.action].once:
            rows.append((words.say("side_state"), words.say(f"item_{closes}") if closes else words.say("side_same")))
            reason = f"{intent.payload.get('policy') or ''} {intent.payload.get('reason') or ''}".strip()
            rows.append((words.say("side_reason"), reason or words.say("side_none")))
            mine = intent.action in {Action.TAKE, Action.ASSIGN}
            rows.append((words.say("side_assignee"), words.say("side_you" if mine else "side_same")))
        text = str(intent.payload.get("text") or intent.payload.get("message") or "")
        if text:
            rows.append((words.say("side_text"), one_line(text, 300)))
        return rows

    def community_has(self, entry: OutboxEntry) -> list[tuple[str, str]]:
        """The server's side, in the same order."""
        facts, words, item = self._facts(entry.intent), self.words, entry.item
        state = str(facts.get("their_state") or facts.get("now_state") or (item.state if item is not None else ""))
        assignee = facts.get("their_assignee") or (item.assignee_name if item is not None else None)
        did = words.say("side_decided") if facts.get("their_state") else words.say("side_changed")
        rows = [(words.say("side_action"), did if facts.get("by_name") else words.say("side_unknown"))]
        rows.append((words.say("side_state"), words.say(f"item_{state}") if state else words.say("side_unknown")))
        if not SPECS[entry.intent.action].once:
            reason = facts.get("their_reason")
            rows.append((words.say("side_reason"), one_line(str(reason), 300) if reason else words.say("side_unknown")))
        rows.append((words.say("side_assignee"), neutralise(str(assignee)) if assignee else words.say("side_none")))
        others = sorted(key for key in facts if key.startswith("now_") and key != "now_state")
        return rows + [self._is_now(name.removeprefix("now_"), str(facts[name])) for name in others]

    def _is_now(self, what: str, value: str) -> tuple[str, str]:
        """What the server has otherwise than the person saw: the forum, the time of an edit, a level."""
        words = self.words
        label = words.say(f"side_{what}") if known(f"side_{what}") else what
        if known(f"side_is_{value}"):
            return label, words.say(f"side_is_{value}")
        try:
            return label, words.seconds(datetime.fromisoformat(value)) if what == "edited" else one_line(value, 300)
        except ValueError:
            return label, one_line(value, 300)

    def their_name(self, entry: OutboxEntry) -> str:
        """Who was first."""
        name = self._facts(entry.intent).get("by_name")
        return neutralise(str(name)) if name else self.words.say("somebody")

    def their_time(self, entry: OutboxEntry) -> str:
        """When they were first."""
        at = self._facts(entry.intent).get("at")
        try:
            return self.words.seconds(datetime.fromisoformat(str(at))) if at else ""
        except ValueError:
            return ""

    # -- what can be said ------------------------------------------------------------------------------------------
    def choices(self, entry: OutboxEntry) -> list[Choice]:
        """What a person may say, the harmless first."""
        intent, state = entry.intent, entry.intent.state
        made: list[Choice] = []
        if state in {IntentState.CONFLICT, IntentState.REFUSED}:
            made.append(self._choice("close", "E", "check", name=self.their_name(entry)))
            if state is IntentState.REFUSED:
                made = [self._choice("close_refused", "E", "check")]
        elif state is IntentState.IN_DOUBT:
            if intent.question is not None:
                absent = intent.question == "absent"
                made.append(self._choice("retry_absent" if absent else "retry_unclear", "S", "send"))
            made.append(self._choice("cancel_doubt", "X", "x"))
        elif state is IntentState.APPROVAL:
            made += [self._choice("cancel", "X", "arrow-back-up"), self._choice("retry", "S", "send")]
        elif state in {IntentState.HELD, IntentState.WAITING, IntentState.BLOCKED}:
            made.append(self._choice("cancel", "X", "arrow-back-up"))
            if state is IntentState.WAITING:
                made.append(self._choice("retry_now", "S", "refresh"))
        if intent.item is not None:
            made.append(self._choice("open", "O", "inbox"))
        return made

    def _choice(self, code: str, key: str, icon: str, **facts: object) -> Choice:
        act = code.split("_", maxsplit=1)[0]
        said = self.words.say
        return Choice(act, key, icon, said(f"choice_{code}", **facts), said(f"choice_{code}_more", **facts))

    # -- what happened ---------------------------------------------------------------------------------------------
    def history(self, entry: OutboxEntry) -> list[tuple[str, str]]:
        """Time and sentence of each thing that is known, in the order in which it happened.

        The clocks of this machine and of the server may differ, so times do not decide the order.
        """
        intent, words = entry.intent, self.words
        verb = self._form("want", intent)
        made: list[tuple[datetime, str]] = [(intent.created_at, words.say("happened_chose", verb=verb))]
        if intent.sent_at is not None:
            made.append((intent.sent_at, words.count("happened_sent", max(1, intent.attempts))))
        if intent.looks:
            made.append((intent.changed_at or intent.created_at, words.count("happened_looks", intent.looks)))
        if intent.receipt is not None:
            made.append((intent.receipt.at, words.say("happened_receipt", id=intent.receipt.server_id)))
        elif intent.changed_at is not None:
            made.append((intent.changed_at, self._came_to(entry)))
        return [(words.seconds(at), said) for at, said in made]

    def _came_to(self, entry: OutboxEntry) -> str:
        """The last thing that happened to an intent without a receipt."""
        intent, words = entry.intent, self.words
        if intent.state is IntentState.CONFLICT and intent.sent_at is None:
            return words.say("happened_conflict", name=self.their_name(entry))
        return words.say("happened_state", state=self.state(intent))

    def _form(self, form: str, intent: Intent, **facts: object) -> str:
        """What an intent wants or did; a server's own action under the server's name for it."""
        code = f"{form}_{str(intent.action).removeprefix('x:')}"
        if known(code):
            return self.words.say(code, **facts)
        return self.words.say(f"{form}_other", verb=self.words.now(intent.action), **facts)
