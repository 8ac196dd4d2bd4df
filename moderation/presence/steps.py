"""The steps by which a card is published, changed and taken down: each an intent of the company account, in order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moderation.actions import Action
from moderation.ids import Ref
from moderation.plans import Wish
from moderation.presence.kept import Card, CardShape

OPEN, TEXT, HISTORY, CLOSE, PIN, UNPIN, HIDE = (
    "card_open", "card_text", "card_history", "card_close", "card_pin", "card_unpin", "card_hide",
)  # fmt: skip
"""What a step does (``what`` of its payload)."""


@dataclass(frozen=True, slots=True)
class Written:
    """A text as it is to stand. ``digest``: of the text that it replaces. ``names_go``: earlier versions go too.

    ``over``: it also replaces what somebody wrote by hand up to that edit (ISO 8601), which a person has seen.
    """

    title: str
    text: str
    digest: str = ""
    names_go: bool = False
    over: str = ""


def publishing(card: Card, written: Written) -> list[Wish]:
    """Open the card's thread, close it to replies, pin it; or write it into the text about the forum. Only where
    everybody can read.
    """
    if card.shape is CardShape.ABOUT:
        return [_wish(card, Action.EDIT, card.forum, TEXT, _text(card, written), public=True)]
    opened = {"title": written.title, "text": written.text, "made": "thread", "public": True}
    return [_wish(card, Action.OPEN, card.forum, OPEN, opened), *_standing(card, card.stand_in())]


def changing(card: Card, written: Written, *, whole: bool = False) -> list[Wish]:
    """Write another text, and take earlier ones out of the history where a name is to go. ``whole``: see that it is
    closed and pinned too.
    """
    target = card.forum if card.shape is CardShape.ABOUT else card.post
    assert target is not None
    steps = [_wish(card, Action.EDIT, target, TEXT, _text(card, written))]
    if written.names_go:
        steps.append(_wish(card, Action.EDIT, target, HISTORY, {"erase": True, **_section(card)}))
    if whole and card.thread is not None and card.shape is CardShape.THREAD:
        steps += _standing(card, card.thread)
    return steps


def leaving(card: Card, platform: str) -> list[Wish]:
    """Take it down: out of the text about the forum, with what its history shows of it; or unpin its thread and hide
    it. A hidden thread of NodeBB still shows its newest visible post, so that its post is hidden too.
    """
    if card.shape is CardShape.ABOUT:
        gone = _text(card, Written("", "", card.digest, over="any"))
        steps = [_wish(card, Action.EDIT, card.forum, TEXT, gone)]
        if card.states.get("names"):
            steps.append(_wish(card, Action.EDIT, card.forum, HISTORY, {"erase": True, **_section(card)}))
        return steps
    assert card.thread is not None
    assert card.post is not None
    hidden = [card.post] if platform == "discourse" else [card.post, card.thread]
    return [
        _wish(card, Action.UNPIN, card.thread, UNPIN, {}),
        *(_wish(card, Action.HIDE, one, HIDE, {}) for one in hidden),
    ]


def _standing(card: Card, thread: Ref) -> list[Wish]:
    return [_wish(card, Action.LOCK, thread, CLOSE, {}), _wish(card, Action.PIN, thread, PIN, {})]


def _text(card: Card, written: Written) -> dict[str, Any]:
    over = {"over": written.over} if written.over else {}
    return {"text": written.text, "replaces": written.digest, **over, **_section(card)}


def _section(card: Card) -> dict[str, Any]:
    return {"about": str(card.forum)} if card.shape is CardShape.ABOUT else {}


def _wish(card: Card, action: Action, target: Ref, what: str, payload: Mapping[str, Any], **more: Any) -> Wish:
    thread = card.thread or (target if ":thread:" in str(target) else None)
    facts = {"card": card.key, "what": what, **payload, **more}
    if action is not Action.OPEN:
        facts["ensure"] = True
    return Wish(action, target, None, thread, "", facts)
