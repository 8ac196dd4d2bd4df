"""As whom a Discourse is looked at, and the public posts that are looked at for comparison."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from moderation.proof import Look, Viewer, What, distinctive, fingerprint
from sync.discourse.limits import PARALLEL
from sync.discourse.probes.answers import accept, look
from sync.discourse.probes.places import PLACES, Shape
from sync.parts.looking import Looker, Seen
from sync.parts.probing import Place, Public, Question

_LEAST = 40
"""Letters of a post that can be told from others."""


class DiscourseDialect:
    """See :class:`sync.parts.probing.Dialect`."""

    places = PLACES
    parallel = PARALLEL

    def see(self, looker: Looker, place: Place, path: str) -> Seen:
        """An address as it is."""
        return looker.get(path, accept(place))

    def look(self, seen: Seen, place: Place, at: datetime) -> Look:
        """What an answer is."""
        return look(seen, place, at)

    def prepare(self, looker: Looker, question: Question) -> tuple[tuple[Public, ...], str]:
        """Whether this viewer may look, and at which public posts for comparison."""
        if question.viewer is not Viewer.ANONYMOUS:
            lack = _lack(looker.get("/session/current.json"), question.authors)
            if lack:
                return (), lack
        seen = looker.get("/posts.json")
        found = tuple(_public(seen.json, question))
        return found, "" if found else seen.trouble or "closed_to_viewer"

    def mandatory(self, place: Place, viewer: Viewer) -> bool:
        """Pages may be drawn in the browser alone, and what they show is asked for as data; a visitor's search may be
        switched off.
        """
        return place.shape != Shape.PAGE and (place.what is not What.SEARCH or viewer is not Viewer.ANONYMOUS)


def _lack(seen: Seen, authors: frozenset[str]) -> str:
    """Why this account is no ordinary member."""
    if seen.trouble:
        return seen.trouble
    told = seen.json
    me: Any = told.get("current_user") if isinstance(told, dict) else None
    if not isinstance(me, dict) or not me.get("id"):
        return "probe_key_not_accepted"
    if any(me.get(role) for role in ("admin", "moderator", "can_review")):
        return "probe_account_is_staff"
    return "probe_account_is_author" if str(me["id"]) in authors else ""


def _public(value: Any, question: Question) -> Iterator[Public]:
    """Posts of other threads with enough text, the newest first."""
    rows = value.get("latest_posts", []) if isinstance(value, dict) else []
    for row in rows:
        if not isinstance(row, dict) or str(row.get("topic_id")) == question.thread or row.get("hidden"):
            continue
        text = str(row.get("raw") or "")
        marks = fingerprint([text], question.key)
        if sum(map(str.isalnum, text)) >= _LEAST and not marks.empty:
            words = distinctive([text])
            searched = (" ".join(words),) if words else ()
            yield Public({"pid": (str(row.get("id")),), "tid": (str(row.get("topic_id")),), "word": searched}, marks)
