"""What bringing back asks of the desk; every function runs off the window's thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.desk import Desk
from moderation.ids import Ref
from moderation.intents import Identities, Plan
from resources import messages

if TYPE_CHECKING:
    from moderation.bringing import Objection
    from moderation.desk.bringing import Opened


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a press on the button: no plan where something stood in the way."""

    plan: Plan | None
    objections: "Sequence[Objection]"


def removed(kind: str, language: str) -> str:
    """The neutral words for what was struck out, in the language of the text around it."""
    return messages.text(f"removed_{kind}", language)


def opened(desk: Desk, thread: Ref, chosen: tuple[str, ...] = ()) -> "Opened":
    """The proposal."""
    return desk.bringing.propose(thread, removed, chosen=chosen)


def checked(desk: Desk, what: "Opened", draft: str, accepted: frozenset[str]) -> "list[Objection]":
    """What speaks against a draft."""
    return desk.bringing.check(what, draft, accepted)


def posted(desk: Desk, thread: Ref, draft: str, accepted: frozenset[str], official: bool, close: bool) -> Posted:
    """Write it to the journal."""
    identity = Identities.OFFICIAL if official else Identities.ME
    return Posted(*desk.bringing.post(thread, draft, accepted, removed, identity=identity, close=close))


def kept(desk: Desk, what: "Opened", draft: str) -> None:
    """Keep unsent text."""
    desk.bringing.save_draft(what.case, draft)
