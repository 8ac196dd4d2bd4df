"""Those as whom a NodeBB is looked at, and whether each can look at all."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from html import unescape
from typing import Any

from moderation.proof import Look, Viewer, What, distinctive, fingerprint
from sync.nodebb.context import PARALLEL
from sync.nodebb.probes.answers import accept, look
from sync.nodebb.probes.places import PLACES
from sync.parts.looking import Looker, Seen, rows_of
from sync.parts.probing import Place, Public, Question

_TAGS = re.compile(r"<[^>]{1,2000}>")
_NEWEST = tuple(f"/api/recent/posts{query}" for query in ("", "?page=2", "?page=4"))
_MOST_THREADS = 5
_LEAST = 40
"""Letters of a post that can be told from others."""


class NodebbDialect:
    """See :class:`sync.parts.probing.Dialect`."""

    places = PLACES
    parallel = PARALLEL

    def see(self, looker: Looker, place: Place, path: str) -> Seen:
        """An address, through NodeBB's own way of redirecting a page's data: a JSON text with another path."""
        seen = looker.get(path, accept(place))
        target = seen.json
        if not (isinstance(target, str) and target.startswith("/") and seen.status == 200):
            return seen
        led = looker.get(f"/api{target}", accept(place))
        return Seen(seen.request, led.status, led.body, led.headers, (*seen.hops, target, *led.hops), led.trouble)

    def look(self, seen: Seen, place: Place, at: datetime) -> Look:
        """What an answer is."""
        return look(seen, place, at)

    def prepare(self, looker: Looker, question: Question) -> tuple[tuple[Public, ...], str]:
        """Whether this viewer may look, and at which public posts for comparison."""
        if question.viewer is not Viewer.ANONYMOUS:
            lack = _lack(looker.get("/api/self"), question.authors)
            if lack:
                return (), lack
        return _for_comparison(looker, question.key, question.thread)

    def mandatory(self, place: Place, viewer: Viewer) -> bool:
        """A NodeBB keeps its search from visitors unless told otherwise; those who may search must find nothing."""
        return place.what is not What.SEARCH or viewer is not Viewer.ANONYMOUS


def _for_comparison(looker: Looker, key: str, not_in: str) -> tuple[tuple[Public, ...], str]:
    """Public posts, and why there are none. The newest posts may all be closed; then those of the newest threads."""
    trouble = ""
    for path in _NEWEST:
        seen = looker.get(path)
        trouble = trouble or seen.trouble
        if found := tuple(_public(seen.json, key, not_in)):
            return found, ""
    listed = looker.get("/api/recent").json
    for topic in rows_of(listed.get("topics") if isinstance(listed, dict) else None)[:_MOST_THREADS]:
        if str(topic.get("tid")) != not_in and (found := _of_thread(looker, topic, key, not_in)):
            return found, ""
    return (), trouble or "closed_to_viewer"


def _of_thread(looker: Looker, topic: Any, key: str, not_in: str) -> tuple[Public, ...]:
    page = looker.get(f"/api/topic/{topic.get('tid')}").json
    rows = rows_of(page.get("posts") if isinstance(page, dict) else None)
    placed = [{**row, "tid": topic.get("tid")} for row in rows]
    return tuple(_public(placed, key, not_in))


def _lack(seen: Seen, authors: frozenset[str]) -> str:
    """Why this account is no ordinary member. A key that is not accepted makes a guest of it."""
    if seen.trouble:
        return seen.trouble
    me = seen.json
    if not isinstance(me, dict) or seen.status != 200 or not me.get("uid"):
        return "probe_key_not_accepted"
    if any(me.get(role) for role in ("isAdmin", "isGlobalModerator", "isModerator")):
        return "probe_account_is_staff"
    return "probe_account_is_author" if str(me["uid"]) in authors else ""


def _public(value: object, key: str, not_in: str) -> Iterator[Public]:
    """Posts of other threads with enough text, the newest first."""
    for row in rows_of(value.get("posts") if isinstance(value, dict) else value):
        if str(row.get("tid")) == not_in or row.get("deleted"):
            continue
        text = unescape(_TAGS.sub(" ", str(row.get("content", ""))))
        marks = fingerprint([text], key)
        if sum(map(str.isalnum, text)) >= _LEAST and not marks.empty:
            facts = {"pid": (str(row.get("pid")),), "tid": (str(row.get("tid")),), "word": searching([text])}
            yield Public(facts, marks)


def searching(texts: Iterable[str]) -> tuple[str, ...]:
    """One search for these texts: their most telling words, as they go into an address."""
    words = distinctive(texts)
    return (" ".join(words),) if words else ()
