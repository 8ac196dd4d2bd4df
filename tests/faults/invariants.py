"""What must hold at rest, counted on the server's side.

- Every intent ended, or a person is asked, or it waits behind one that asks.
- What the person's account did on the server is what has a receipt, none of it twice; over and above it only what a
  person closed while nobody could know. What is called absent is absent.
- Nothing happened for what was cancelled or refused.
- A confirmed decision overwrote no colleague that the person had not seen.
- What has ended stays as it ended, and stands in the audit log.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from moderation.actions import Action
from moderation.intents import Intent, IntentState
from moderation.ports import Journal, Team
from sync.sandbox import SampleCommunity

S = IntentState
Json = dict[str, Any]
Key = tuple[str, str, str]
_MOVING = frozenset({S.HELD, S.WAITING, S.SENDING, S.IN_DOUBT})
_DECIDES = {Action.RESOLVE, Action.DISMISS, Action.TAKE, Action.REOPEN, Action.ASSIGN, Action.RELEASE}
_VERBS = {
    Action.HIDE: "hide",
    Action.RESTORE: "restore",
    Action.LOCK: "lock",
    Action.UNLOCK: "unlock",
    Action.APPROVE: "accept",
    Action.REJECT: "reject",
    Action.NOTIFY: "tell",
}
_COUNTED = frozenset({"decide", "reply", "note", "say", *_VERBS.values()})


@dataclass(slots=True)
class Memory:
    """What only the person and the test know."""

    closed_in_doubt: set[str] = field(default_factory=set)
    by_hand: Counter[Key] = field(default_factory=Counter)
    ended: dict[str, IntentState] = field(default_factory=dict)

    def look(self, journal: Journal) -> None:
        """Remember what has ended by now; raises :class:`BrokenError` when an end did not last."""
        for plan in journal.plans(limit=100_000):
            for intent in plan.intents:
                was = self.ended.get(intent.id)
                if was is not None and intent.state is not was:
                    raise BrokenError(f"it had ended as {was}: {_short(intent)}")
                if intent.final:
                    self.ended[intent.id] = intent.state


class BrokenError(AssertionError):
    """An invariant does not hold."""


def at_rest(journal: Journal) -> bool:
    """True when nothing moves by itself any more: what is left needs a person, or waits behind what does."""
    asked: set[str] = set()
    for intent in journal.unfinished():
        keys = {str(intent.target), str(intent.item or intent.target)}
        moves = intent.state in _MOVING and intent.question is None
        if moves and not keys & asked:
            return False
        if intent.state in _MOVING:
            asked |= keys
    return True


def check(journal: Journal, team: Team, community: SampleCommunity, me: str, memory: Memory) -> None:
    """Raise :class:`BrokenError` with everything that does not hold."""
    memory.look(journal)
    intents = [intent for plan in journal.plans(limit=100_000) for intent in plan.intents]
    truth, effects = community.snapshot(), community.effects()
    wrong = [
        *_unended(intents),
        *_unequal(intents, effects, truth, int(me), memory),
        *_unseen(intents, truth, int(me)),
        *_unlogged(intents, team),
        *_hidden(intents, journal),
    ]
    if wrong:
        raise BrokenError("\n".join(wrong))


def _unended(intents: Iterable[Intent]) -> list[str]:
    """Final, asked about, blocked behind a step that is not confirmed, or waiting behind one that asks."""
    plans: dict[str, dict[int, Intent]] = {}
    for intent in intents:
        plans.setdefault(intent.plan, {})[intent.step] = intent
    wrong, stuck = [], set[str]()
    for intent in sorted(intents, key=lambda one: one.id):
        if intent.final:
            continue
        keys = {str(intent.target), str(intent.item or intent.target)}
        asks = intent.state in {S.IN_DOUBT, S.APPROVAL} and intent.question is not None
        behind = intent.state is S.WAITING and bool(keys & stuck)
        blocked = intent.state is S.BLOCKED and plans[intent.plan][intent.step - 1].state is not S.CONFIRMED
        if not (asks or behind or blocked):
            wrong.append(f"neither ended nor asked about: {_short(intent)}")
        if intent.state in {S.IN_DOUBT, S.WAITING}:
            stuck |= keys
    return wrong


def _unequal(intents: list[Intent], effects: list[Json], truth: Json, me: int, memory: Memory) -> list[str]:
    done = Counter(_effect_key(effect, truth) for effect in effects if effect["by"] == me and _counted(effect))
    proven = Counter(_intent_key(intent) for intent in intents if intent.receipt is not None)
    unknown = [i for i in intents if _unknowable(i) or i.id in memory.closed_in_doubt]
    doubtful = Counter(_intent_key(intent) for intent in unknown)
    wrong = [f"proven but not there: {key} {count} times" for key, count in (proven + memory.by_hand - done).items()]
    wrong += [
        f"there but not proven: {key} {count} times"
        for key, count in (done - proven - doubtful - memory.by_hand).items()
    ]
    receipts = Counter(i.receipt.server_id for i in intents if i.receipt is not None)
    wrong += [f"one receipt for several: {name}" for name, count in receipts.items() if count > 1]
    wrong += [f"confirmed without a receipt: {_short(i)}" for i in intents if i.state is S.CONFIRMED and not i.receipt]
    return wrong


def _counted(effect: Json) -> bool:
    """Restoring a first post also restores its thread: that comes of itself."""
    of_itself = effect["verb"] in {"hide", "restore"} and not effect["target"].startswith("post:")
    return effect["verb"] in _COUNTED and not of_itself


def _unknowable(intent: Intent) -> bool:
    """What only the one who was told can see. Everything that is called absent must be."""
    return intent.state is S.IN_DOUBT and intent.question == "unclear"


def _effect_key(effect: Json, truth: Json) -> Key:
    verb, target, detail = effect["verb"], effect["target"], effect["detail"]
    text = ""
    if verb == "reply":
        text = next((p["content"] for p in truth["posts"] if p["pid"] == detail["post"]), "")
    elif verb == "note":
        text = str(detail["text"])
    elif verb == "say":
        message = next(m for m in truth["messages"] if m["id"] == detail["message"])
        text, target = message["content"], ""
    return (verb, target, text.rstrip())


def _intent_key(intent: Intent) -> Key:
    native, text = intent.target.native, str(intent.payload.get("text", "")).rstrip()
    if intent.action in _DECIDES:
        return ("decide", f"item:{native}", "")
    if intent.action is Action.MESSAGE:
        return ("say", "", text)
    if intent.action is Action.NOTE:
        return ("note", f"item:{native}", text)
    if intent.action is Action.REPLY:
        return ("reply", f"thread:{native}", text)
    kind = str(intent.target.kind)
    return (_VERBS[intent.action], f"{kind}:{native}", "")


def _unseen(intents: list[Intent], truth: Json, me: int) -> list[str]:
    """A colleague's entry that the person had not seen, beneath a decision that was sent all the same.

    What came between the look before sending (its newest entry stands in the baseline) and the write cannot be
    prevented; it must be a conflict.
    """
    histories = {str(item["id"]): item["history"] for item in truth["items"]}
    wrong = []
    for intent in intents:
        seen = re.match(r"h(\d+)\.", intent.seen_version)
        if intent.action not in _DECIDES or seen is None or intent.receipt is None:
            continue
        looked = int((intent.baseline or {}).get("newest", 0))
        own = round(intent.receipt.at.timestamp() * 1000)
        for entry in histories.get(intent.target.native, ()):
            if entry["by"] == me or not {"state", "assignee"} & set(entry["changes"]):
                continue
            if int(seen[1]) < entry["at"] <= looked:
                wrong.append(f"sent over what the look had shown: {_short(intent)} over {entry}")
            elif int(seen[1]) < entry["at"] < own and intent.state is not S.CONFLICT:
                wrong.append(f"overwrote unseen: {_short(intent)} over {entry}")
    return wrong


def _unlogged(intents: list[Intent], team: Team) -> list[str]:
    logged = {(entry.intent, entry.outcome) for entry in team.audit(limit=100_000)}
    ended = {S.CONFIRMED, S.REFUSED, S.CONFLICT}
    return [f"not in the log: {_short(i)}" for i in intents if i.state in ended and (i.id, str(i.state)) not in logged]


def _hidden(intents: list[Intent], journal: Journal) -> list[str]:
    shown = {intent.id for intent in journal.attention()}
    return [f"not shown to the person: {_short(i)}" for i in intents if not i.final and i.id not in shown]


def _short(intent: Intent) -> str:
    facts = f"question={intent.question} seen={intent.seen_version} attempts={intent.attempts} trouble={intent.trouble}"
    return f"{intent.id} {intent.action} {intent.target} {intent.state} {facts} receipt={intent.receipt}"
