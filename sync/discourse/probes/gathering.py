"""What staff can still read of a text that must be gone: its wordings, files, and the places where it could show."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from moderation.errors import SignInError
from moderation.ids import Kind
from moderation.proof import Subject, distinctive, fingerprint
from sync.connector import Urgency
from sync.discourse import endpoints
from sync.discourse.reading import Reader, is_login
from sync.parts.gathered import Gathered

_MOST_POSTS = 200
_MOST_REVISIONS = 20
_FILE = re.compile(
    r"""(?:https?:)?(?://[^\s"'()<>\]/]{1,200})?/(?:secure-(?:media-)?)?uploads/[^\s"'()<>\]]{1,400}"""
    r"""|upload://[\w.-]{4,80}"""
)


class Gathering:
    """Reads as the signed-in moderator. What is gone already stays as it was known before."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def __call__(self, subject: Subject) -> Subject:
        """The subject with everything that can be found out now.

        Raises ``SignInError`` and ``TryLaterError``; what this account may not read is left out.
        """
        found, tid = Gathered(), subject.thread.native
        found.add("tid", [tid])
        topic = self._read(endpoints.topic(tid)) or {}
        found.add("cid", [topic.get("category_id")])
        found.add("tag", [tag.get("name") if isinstance(tag, dict) else tag for tag in topic.get("tags") or ()])
        pids = [ref.native for ref in subject.posts]
        if subject.whole:
            stream = (topic.get("post_stream") or {}).get("stream") or ()
            pids += [str(pid) for pid in stream if str(pid) not in pids][:_MOST_POSTS]
        for pid in pids:
            self._post(pid, subject.redacted, found)
        if subject.titled:
            found.texts += [title for title in (topic.get("title"),) if isinstance(title, str)]
            found.add("chapter", ["recent"])
        found.add("author", [topic.get("user_id")] if subject.whole else found.facts.get("uid", ()))
        found.add("elsewhere", [ref.native for ref in subject.elsewhere])
        return _with(subject, pids, found)

    def _read(self, path: str) -> dict[str, Any] | None:
        """Data as staff see it, ``None`` where there is none."""
        answer = self._reader.raw(path, Urgency.BACKGROUND)
        if is_login(answer.path) or answer.status == 401:
            raise SignInError("token_not_accepted", endpoint=answer.path)
        if not answer.ok or not answer.is_json:
            return None
        try:
            value = json.loads(answer.body)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None

    def _post(self, pid: str, redacted: bool, found: Gathered) -> None:
        post = self._read(f"/posts/{pid}.json")
        if post is None:
            return
        now = [str(post[name]) for name in ("raw", "cooked") if post.get(name)]
        (found.stay if redacted else found.texts).extend(now)
        found.add("uid", [post.get("user_id")])
        found.add("user", [post.get("username")])
        found.add("group", [post.get("primary_group_name")])
        earlier = self._revisions(pid, int(post.get("version") or 1), found)
        found.add("file", _files(earlier if redacted else [*now, *earlier]))

    def _revisions(self, pid: str, version: int, found: Gathered) -> list[str]:
        """Both sides of every edit; what stays public of them is taken out by comparison."""
        wordings = []
        for number in range(2, min(version, _MOST_REVISIONS) + 1):
            path = f"{pid}/revisions/{number}.json"
            found.add("revision", [path])
            changes = (self._read(f"/posts/{path}") or {}).get("body_changes")
            if isinstance(changes, dict):
                wordings += [
                    str(changes[name]) for name in ("side_by_side_markdown", "side_by_side") if changes.get(name)
                ]
        found.texts += wordings
        return wordings


def _with(subject: Subject, pids: Iterable[str], found: Gathered) -> Subject:
    texts = [_FILE.sub(" ", text) for text in found.texts]  # files are places of their own
    fresh = fingerprint(texts, subject.marks.key, allowed=found.stay, short=not subject.whole)
    words = subject.words or (() if subject.whole else distinctive(texts))  # of a whole thread some were never public
    posts = tuple(subject.thread.sibling(Kind.POST, pid) for pid in pids)
    places = found.places(subject.places)
    return replace(subject, posts=posts, marks=subject.marks | fresh, words=words, places=places)


def _files(texts: Iterable[str]) -> Iterator[str]:
    """Addresses of uploads in texts; a short one leads to the file."""
    for text in texts:
        for address in _FILE.findall(text):
            if address.startswith("upload://"):
                yield f"/uploads/short-url/{address.removeprefix('upload://')}"
            elif address.startswith("//"):
                yield f"https:{address}"
            else:
                yield address
