"""Those as whom a NodeBB is looked at, and whether each can look at all."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from moderation.proof import Fingerprint, Viewer, distinctive, fingerprint
from sync.nodebb.probes.answers import accept
from sync.nodebb.probes.places import Place
from sync.parts.looking import Looker, Seen

_TAGS = re.compile(r"<[^>]{1,2000}>")
_NEWEST = tuple(f"/api/recent/posts{query}" for query in ("", "?page=2", "?page=4"))
_MOST_THREADS = 5
_LEAST = 40
"""Letters of a post that can be told from others."""


@dataclass(frozen=True, slots=True)
class Public:
    """A post that is known to be public, with the facts of its addresses and the marks of its text."""

    facts: Mapping[str, tuple[str, ...]]
    marks: Fingerprint


@dataclass(slots=True)
class Eyes:
    """One viewer. ``lack`` is a code when this viewer cannot look at all; ``public`` what it reads for comparison."""

    viewer: Viewer
    looker: Looker
    lack: str = ""
    public: tuple[Public, ...] = ()
    kept: dict[str, Seen] = field(default_factory=dict, repr=False)

    def see(self, place: Place, path: str) -> Seen:
        """An address, through NodeBB's own way of redirecting a page's data: a JSON text with another path."""
        if path in self.kept:
            return self.kept[path]
        seen = self.looker.get(path, accept(place.shape))
        target = seen.json
        if isinstance(target, str) and target.startswith("/") and seen.status == 200:
            led = self.looker.get(f"/api{target}", accept(place.shape))
            hops = (*seen.hops, target, *led.hops)
            seen = Seen(seen.request, led.status, led.body, led.headers, hops, led.trouble)
        return seen

    def remember(self, place: Place, path: str) -> Seen:
        """The same, asked once in a check."""
        if path not in self.kept:
            self.kept[path] = self.see(place, path)
        return self.kept[path]


def prepare(eyes: Eyes, key: str, not_in: str, authors: frozenset[str]) -> None:
    """Find out whether this viewer may look, and at which public posts for comparison.

    ``not_in`` is the thread that is looked for, ``authors`` the members who may still see their own posts.
    """
    if eyes.viewer is not Viewer.ANONYMOUS:
        eyes.lack = _lack(eyes.looker.get("/api/self"), authors)
    if not eyes.lack:
        eyes.public, eyes.lack = _for_comparison(eyes.looker, key, not_in)


def _for_comparison(looker: Looker, key: str, not_in: str) -> tuple[tuple[Public, ...], str]:
    """Public posts, and why there are none. The newest posts may all be closed; then those of the newest threads."""
    trouble = ""
    for path in _NEWEST:
        seen = looker.get(path)
        trouble = trouble or seen.trouble
        if found := tuple(_public(seen.json, key, not_in)):
            return found, ""
    listed = looker.get("/api/recent").json
    for topic in (listed.get("topics", []) if isinstance(listed, dict) else [])[:_MOST_THREADS]:
        if str(topic.get("tid")) != not_in and (found := _of_thread(looker, topic, key, not_in)):
            return found, ""
    return (), trouble or "closed_to_viewer"


def _of_thread(looker: Looker, topic: Any, key: str, not_in: str) -> tuple[Public, ...]:
    page = looker.get(f"/api/topic/{topic.get('tid')}").json
    rows = page.get("posts", []) if isinstance(page, dict) else []
    placed = [{**row, "tid": topic.get("tid")} for row in rows if isinstance(row, dict)]
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
    rows = value if isinstance(value, list) else value.get("posts", []) if isinstance(value, dict) else []
    for row in rows:
        if not isinstance(row, dict) or str(row.get("tid")) == not_in or row.get("deleted"):
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
