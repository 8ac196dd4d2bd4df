"""Is a card still true, and what is to be done where it is not: without haste, but a name goes at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from moderation.presence.card import Drafted
from moderation.presence.kept import Card, CardState

EDIT_EVERY = timedelta(hours=6)
"""A card is changed no more often, names that go apart."""
GRACE = timedelta(hours=24)
"""A forum that nobody covers may be covered again tomorrow: so long its card stays."""
AT_ONCE = frozenset({"forum_of_messages", "forum_not_public", "roster_not_confirmed", "nobody_may_be_shown"})
"""Reasons for which a card is taken down at once."""


class Verdict(StrEnum):
    """``wait``: it is not quite true, and it is not time yet."""

    TRUE = "true"
    WAIT = "wait"
    CHANGE = "change"
    TAKE_DOWN = "take_down"


@dataclass(frozen=True, slots=True)
class Judged:
    """What is to be done with a card. ``kinds`` are the statements that changed (``wording``: none of them, but how it
    says them). ``names_go``: somebody is not named any more, and must not be found in its earlier texts either.
    """

    verdict: Verdict
    kinds: tuple[str, ...] = ()
    reason: str = ""
    names_go: bool = False
    untrue_since: datetime | None = None


def judge(card: Card, drafted: Drafted, digest: str, now: datetime) -> Judged:
    """Compare what stands there with what would be true now; ``digest`` is that of the text as it would be written."""
    if card.state is CardState.STOPPED and card.at is not None and now - card.at < EDIT_EVERY:
        return Judged(Verdict.WAIT, reason="stopped", untrue_since=card.untrue_since)
    after = drafted.statements.kept()
    names_go = bool(gone_names(card.states, after))
    since = (card.untrue_since or now) if drafted.why_not else None
    if reason := _down(card, drafted, names_go, since, now):
        return Judged(Verdict.TAKE_DOWN, reason=reason, untrue_since=since)
    if card.state is CardState.CONFLICT:
        return Judged(Verdict.WAIT, reason="edited_by_hand", untrue_since=since)
    if digest == card.digest and not names_go:
        return Judged(Verdict.WAIT if since is not None else Verdict.TRUE, untrue_since=since)
    kinds = differing(card.states, after) or ("wording",)
    if waits := _waits(card, drafted, now) if not names_go else "":
        return Judged(Verdict.WAIT, kinds, waits, untrue_since=since)
    return Judged(Verdict.CHANGE, kinds, names_go=names_go, untrue_since=since)


def _down(card: Card, drafted: Drafted, names_go: bool, since: datetime | None, now: datetime) -> str:
    """Why a card has to go, empty where it may stay."""
    said = drafted.statements
    found = {
        **{code: True for code in drafted.why_not if code in AT_ONCE},
        "history_shows_name": card.state is CardState.EXPOSED,
        "edited_by_hand": card.state is CardState.CONFLICT and names_go,
        "nobody_covers": since is not None
        and (now - since >= GRACE or (names_go and not said.names and not said.teams)),
    }
    return next((code for code, is_so in found.items() if is_so), "")


def _waits(card: Card, drafted: Drafted, now: datetime) -> str:
    """Why a change has time."""
    if drafted.why_not:
        return drafted.why_not[0]
    return "changed_lately" if card.changed_at is not None and now - card.changed_at < EDIT_EVERY else ""


def gone_names(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """People who were named and are not any more."""
    return set(before.get("names", ())) - set(after.get("names", ()))


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Kinds of statements that are others than they were, in a fixed order."""
    return tuple(kind for kind in after if before.get(kind) != after[kind])
