"""What became of a row, for the block at its right end: one state, by rank (UI section 7)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from moderation.actions import SPECS, Action
from moderation.ids import Kind, Ref
from moderation.intents import IntentState
from moderation.items import PENDING_STATES, ItemState
from moderation.ports import PUT_OFF
from moderation.queries import QueueRow
from views.words import Words

_ICONS = {
    IntentState.WAITING: ("clock", "waiting"),
    IntentState.BLOCKED: ("clock", "waiting"),
    IntentState.SENDING: ("send", "sending"),
    IntentState.APPROVAL: ("clock-pause", "doubt"),
    IntentState.IN_DOUBT: ("help-circle", "doubt"),
    IntentState.CONFLICT: ("arrows-split-2", "conflict"),
    IntentState.REFUSED: ("circle-x", "refused"),
}
_STRONG = frozenset({IntentState.IN_DOUBT, IntentState.CONFLICT, IntentState.REFUSED, IntentState.APPROVAL})


@dataclass(frozen=True, slots=True)
class RowState:
    """How a row shows its state: words, an icon or a pie or a face, and whether the rest of the row stands back."""

    words: str = ""
    icon: str | None = None
    colour: str = "text3"
    faint: bool = False
    pie: float | None = None
    face: str | None = None
    mine: bool = False
    chip: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known beside the row itself.

    ``left``: not in the query any more; ``deciding``: the action that is being written to the journal now;
    ``done``: the own action that was confirmed. ``me``: the members that the person at the desk is, names by id.
    ``remaining`` gives the seconds and the share that are left of an intent's undo window.
    """

    left: bool
    deciding: str | None
    done: str | None
    me: Mapping[str, str]
    remaining: Callable[[str], tuple[float, float] | None]
    now: datetime | None = None


def row_state(row: QueueRow, now: Situation, words: Words) -> RowState:
    """The one state that a row shows, the gravest first."""
    if row.pending_action == PUT_OFF:
        back = datetime.fromisoformat(row.pending_intent or "")
        return RowState(words.say("row_later", at=words.moment(back, now.now or back)), "clock", faint=now.left)
    own = _own_decision(row, now, words)
    if own is not None:
        return own
    if now.left and ItemState(row.state) not in PENDING_STATES:
        return RowState(words.say(f"row_closed_{row.state}"), "check", faint=True)
    return _held_by(row, now, words)


def _own_decision(row: QueueRow, now: Situation, words: Words) -> RowState | None:
    """States of an intent of this person on the row."""
    if now.deciding is not None:
        return RowState(words.say("row_waits", verb=words.done(now.deciding)), pie=1.0, colour="text", faint=True)
    if row.pending is not None and row.pending_action is not None and _decides(row.pending_action, row.pending):
        return _pending(row, IntentState(row.pending), row.pending_action, now, words)
    if now.done is not None and now.left:
        confirmed = words.say("row_confirmed", verb=words.done(now.done))
        return RowState(confirmed, "circle-check", "confirmed", faint=True)
    return None


def _decides(action: str, state: str) -> bool:
    """True for what changes the item; a claim or a note on its way does not make the row stand back."""
    known = Action(action)
    return known.is_servers_own or SPECS[known].closes is not None or IntentState(state) in _STRONG


def _pending(row: QueueRow, state: IntentState, action: str, now: Situation, words: Words) -> RowState:
    if state is IntentState.HELD:
        left = now.remaining(row.pending_intent or "")
        if left is None or left[0] <= 0:  # due, but the engine has not come to it
            return RowState(words.say("row_waits", verb=words.done(action)), pie=0.0, colour="text", faint=True)
        said = words.say("row_soon", verb=words.done(action), n=max(1, round(left[0] + 0.49)))
        return RowState(said, pie=left[1], colour="text", faint=True)
    icon, colour = _ICONS.get(state, ("clock", "waiting"))
    verb = words.done(action)
    return RowState(words.say(f"row_{_word(state)}", verb=verb), icon, colour, faint=state not in _STRONG)


def _word(state: IntentState) -> str:
    return "waits" if state is IntentState.WAITING else str(state)


def _held_by(row: QueueRow, now: Situation, words: Words) -> RowState:
    """Whose it is, or that it is a post that waits for approval."""
    holders = ((row.assignee, row.assignee_name), (row.claimed_by, row.claimed_name))
    holder = next(((member, name or member) for member, name in holders if member), None)
    if holder is not None and holder[0] in now.me:
        return RowState(words.say("row_yours"), face=now.me[holder[0]] or holder[1], mine=True, colour="text2")
    if holder is not None:
        return RowState(face=holder[1])
    if Ref.parse(row.id).kind is Kind.HELD:
        return RowState(words.say("row_held"), chip=True, colour="text2")
    return RowState()
