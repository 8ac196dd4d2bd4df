"""How posts leave public view before anything else happens, and how they come back.

A post is hidden in a way that is taken back: NodeBB marks it deleted (its author goes on reading it), Discourse deletes
it softly. There the opening post takes its topic along, so its text is replaced instead and the earlier versions are
hidden from everybody but staff. A thread that itself becomes a message leaves whole: nothing is hidden before.
"""

from moderation.actions import Action
from moderation.cases import EDITED, CaseStep
from moderation.content import Post
from moderation.conversion.draft import Back, Draft
from moderation.conversion.parts import Shape, Step, Steps
from moderation.ids import Ref
from moderation.plans import Wish

REDACTED = "@redacted."
"""In a receipt: the text was replaced, not the post hidden."""


def hiding(draft: Draft) -> Steps:
    """The first steps of a conversion."""
    if draft.wanted.shape is Shape.TAKE and draft.on_discourse:
        return []
    return [_hide(draft, post) for post in draft.hidden]


def _hide(draft: Draft, post: Post) -> Step | None:
    if post == draft.redacted():
        wish = draft.wish(Action.HIDE, post.id, {"ensure": True, "redact": draft.wording.redacted})
        return draft.keys.staff("redact", wish)
    return draft.keys.moderator("hide", draft.wish(Action.HIDE, post.id, {"ensure": True}), draft.scene.forum)


def showing(back: Back, step: CaseStep) -> Step | None:
    """The way back of one of them."""
    thread = Ref.parse(back.case.thread)
    more = {"redacted": step.receipt} if REDACTED in step.receipt else {}
    as_hidden = {EDITED: step.facts[EDITED]} if EDITED in step.facts else {}
    payload = {**more, **as_hidden, "ensure": True}
    wish = Wish(Action.RESTORE, Ref.parse(step.target), None, thread, "", payload, step.intent)
    return back.keys.staff("show", wish) if more else back.keys.moderator("show", wish, back.scene.forum)
