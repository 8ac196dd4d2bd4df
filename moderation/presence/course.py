"""What became of a card's plan: from the intents of its steps to the card as it stands."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from moderation.actions import Action
from moderation.cases import made_by
from moderation.ids import Kind, Ref
from moderation.intents import Intent, IntentState, Plan
from moderation.presence.kept import Card, CardShape, CardState
from moderation.presence.steps import HISTORY, TEXT

_POST = re.compile(r"(?:@post\.|^post:)(\d+)")
_S = IntentState
GONE = "gone"


def settled(card: Card, plan: Plan, now: datetime) -> Card | None:
    """The card after a plan that has come to its end, ``None`` while it is still on its way."""
    if plan.state is _S.CONFIRMED:
        if card.state is CardState.LEAVING:
            return taken_down(card, card.reason)
        return _written(_placed(card, plan.intents), CardState.PUBLISHED, now, "")
    stopped = _stopped(plan.intents)
    return None if stopped is None else _broken_off(_placed(card, plan.intents), plan.intents, stopped, now)


def taken_down(card: Card, reason: str) -> Card:
    """It is not there any more; whom it named is forgotten."""
    return replace(
        card, state=CardState.TAKEN_DOWN, reason=reason, digest="", states={}, next_digest="", next_states={}, plan="",
        untrue_since=None,
    )  # fmt: skip


def _stopped(steps: Sequence[Intent]) -> Intent | None:
    """The step at which a plan ended, ``None`` while one may still move: those behind it wait for ever."""
    first = next((one for one in steps if one.state is not _S.CONFIRMED), None)
    return first if first is not None and first.final else None


def _broken_off(card: Card, steps: Sequence[Intent], stopped: Intent, now: datetime) -> Card:
    what, code = stopped.payload.get("what"), str((stopped.trouble or {}).get("code") or stopped.state)
    written = any(one.payload.get("what") in {TEXT} and one.state is _S.CONFIRMED for one in steps)
    if stopped.state is _S.CONFLICT and code == GONE:
        return taken_down(card, "gone_on_server")
    if stopped.state is _S.CONFLICT:
        return replace(card, state=CardState.CONFLICT, reason="edited_by_hand", plan="")
    if what == HISTORY and card.state is not CardState.LEAVING:
        return _written(card, CardState.EXPOSED, now, "history_shows_name")
    if card.post is None:
        cancelled = stopped.state is _S.CANCELLED
        return (
            taken_down(card, "cancelled") if cancelled else replace(card, state=CardState.STOPPED, reason=code, plan="")
        )
    if stopped.state is _S.CANCELLED and not written and card.state is not CardState.PUBLISHING:
        return replace(card, state=CardState.PUBLISHED, reason="", plan="", next_digest="", next_states={})
    moved = card.state is CardState.PUBLISHING or written
    stands = _written(card, CardState.STOPPED, now, code) if moved else card
    return replace(stands, state=CardState.STOPPED, reason=code, plan="")


def _written(card: Card, state: CardState, now: datetime, reason: str) -> Card:
    return replace(
        card, state=state, reason=reason, digest=card.next_digest or card.digest,
        states=card.next_states if card.next_digest else card.states, next_digest="", next_states={}, plan="",
        changed_at=now if card.next_digest and card.next_digest != card.digest else card.changed_at,
    )  # fmt: skip


def _placed(card: Card, steps: Sequence[Intent]) -> Card:
    """The card with the thread and post that the receipts of its steps name."""
    done = [one for one in steps if one.state is _S.CONFIRMED and one.receipt is not None]
    for step in done:
        receipt = step.receipt.server_id if step.receipt is not None else ""
        found = _POST.search(receipt)
        if step.action is Action.OPEN:
            thread = made_by(receipt, card.forum.community)
            post = Ref(card.forum.community, Kind.POST, found[1]) if found is not None else None
            card = replace(
                card, thread=thread if thread is not None and thread.kind is Kind.THREAD else None, post=post
            )
        elif card.shape is CardShape.ABOUT and found is not None:
            card = replace(card, post=Ref(card.forum.community, Kind.POST, found[1]))
    return card
