"""What ``presence`` answers with ``--json``."""

from console.cli.documents import Json, ident
from console.cli.output import at
from moderation.desk.presence import Preview
from moderation.plans import Wish
from moderation.presence import CardChange


def preview(one: Preview, *, text: bool = False) -> Json:
    """A forum's card as it stands, and as it would be; ``text``: with what it says."""
    card, judged = one.card, one.judged
    said = {"title": one.title, "text": one.text, "theirs": one.theirs or None} if text else {}
    return {
        "forum": str(one.forum.id),
        "forum_name": one.forum.name,
        "state": str(card.state) if card is not None else None,
        "reason": (card.reason or None) if card is not None else None,
        "shape": str(one.shape),
        "language": one.language,
        "thread": ident(card.thread) if card is not None else None,
        "post": ident(card.post) if card is not None else None,
        "changed_at": at(card.changed_at) if card is not None else None,
        "published_by": (card.by or None) if card is not None else None,
        "account": one.account or None,
        "audience": str(one.audience),
        "verdict": str(judged.verdict) if judged is not None else None,
        "verdict_reason": (judged.reason or None) if judged is not None else None,
        "changes": list(judged.kinds) if judged is not None else [],
        "possible": one.possible,
        "blocked": list(one.blocked),
        "left_out": list(one.left_out),
        "states": one.drafted.statements.kept(),
        "would": [step(wish) for wish in one.steps],
        **said,
    }


def step(wish: Wish) -> Json:
    """A step that is or would be done."""
    return {"step": str(wish.payload["what"]), "action": str(wish.action), "target": str(wish.target)}


def change(one: CardChange) -> Json:
    """Something that happened to a card."""
    return {
        "at": at(one.at),
        "state": str(one.state),
        "by": one.by or None,
        "reason": one.reason or None,
        "changes": list(one.kinds),
    }
