"""What every platform asks of an intent that belongs to a presence card."""

from datetime import UTC, datetime

from moderation.errors import RefusedError
from moderation.intents import Intent

ANY = "any"


def of_card(intent: Intent) -> bool:
    """True for an edit of a card."""
    return bool(intent.payload.get("card"))


def erases(intent: Intent) -> bool:
    """True for the step that takes earlier texts of a card away."""
    return of_card(intent) and bool(intent.payload.get("erase"))


def may_replace(intent: Intent, digest: str, edited: datetime | None) -> bool:
    """Is the text that stands there the one that is to be replaced: by its digest, or an edit by hand that a person has
    seen (``over``: its time, or :data:`ANY`)?
    """
    over = str(intent.payload.get("over") or "")
    seen = edited is not None and over == edited.astimezone(UTC).isoformat()
    return digest == str(intent.payload.get("replaces") or "") or over == ANY or seen


def check_public(intent: Intent, *, open_to_all: bool) -> None:
    """Raise ``RefusedError`` ``card_not_public`` for a card in a forum that not everybody can read."""
    if intent.payload.get("public") and of_card(intent) and not open_to_all:
        raise RefusedError("card_not_public", forum=str(intent.target))
