"""What a thread that comes back would show that nobody outside has read: words said in it while it was private, texts
that were changed there, and posts that were changed while they were hidden.

What was public is what the case knows of it: the posts that everybody read when the taking was planned, as they stood
when it happened. Everything else stays out of sight.
"""

from collections.abc import Sequence
from datetime import datetime

from moderation.actions import Action
from moderation.cases import EDITED, SERVER_AT, UPTO, WAS_PUBLIC, Case, CaseStep
from moderation.content import Post
from moderation.conversion.scene import Scene
from moderation.ids import Ref
from moderation.intents import Json

_LEAVING = frozenset({str(Action.MOVE), str(Action.CONVERT)})


def said_in_private(acted: Sequence[CaseStep], scene: Scene) -> list[Post]:
    """Visible posts that were never public as they stand now. On Discourse the opening post is left to the server's own
    check: hiding it would take its topic along.
    """
    taken = _taking(acted)
    if taken is None:
        return []
    known, since = set(_was_public(taken, scene)), _since(taken)
    opening = scene.posts[0] if scene.posts and scene.community.info.platform == "discourse" else None
    visible = [post for post in scene.posts if not post.hidden and post is not opening]
    return [post for post in visible if post.id.native not in known or _edited_after(post, since)]


def checked_by_server(acted: Sequence[CaseStep], case: Case, scene: Scene) -> Json:
    """What the step back gives the server's check to compare with: see :func:`said_in_private`."""
    taken = _taking(acted)
    if taken is None:
        return {}
    since = _since(taken)
    return {
        WAS_PUBLIC: _was_public(taken, scene),
        "since": since.isoformat() if since is not None else "",
        "title": case.title,
    }


def changed_while_hidden(step: CaseStep, scene: Scene) -> bool:
    """True for a post whose text is not the one that was hidden: showing it would show words that nobody has read."""
    post = next((one for one in scene.posts if one.id == Ref.parse(step.target)), None)
    if post is None or post.edited_at is None or EDITED not in step.facts:
        return False
    return round(post.edited_at.timestamp() * 1000) > int(step.facts[EDITED])


def _taking(acted: Sequence[CaseStep]) -> CaseStep | None:
    """The step with which the thread left. One of an earlier version does not say what was public."""
    return next((step for step in reversed(acted) if WAS_PUBLIC in step.facts or _leaves(step)), None)


def _leaves(step: CaseStep) -> bool:
    return step.action in _LEAVING and "from_forum" in step.facts


def _was_public(taken: CaseStep, scene: Scene) -> list[str]:
    """Native ids of what everybody read. Of a case of an earlier version: the posts up to the last one of then, and
    nothing where that is not known or not there any more.
    """
    if WAS_PUBLIC in taken.facts:
        return list(taken.facts[WAS_PUBLIC])
    known, last = [post.id for post in scene.posts], str(taken.facts.get(UPTO) or "")
    at = next((number for number, post in enumerate(known, 1) if str(post) == last), 0)
    return [post.native for post in known[:at]]


def _since(taken: CaseStep) -> datetime | None:
    told = taken.facts.get(SERVER_AT)
    return datetime.fromisoformat(str(told)) if told else taken.at


def _edited_after(post: Post, since: datetime | None) -> bool:
    return post.edited_at is not None and since is not None and post.edited_at > since
