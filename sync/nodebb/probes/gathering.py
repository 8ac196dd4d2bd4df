"""What staff can still read of a text that must be gone: its wordings, files, and the places where it could show."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from moderation.errors import NotAllowedError, SignInError
from moderation.ids import Kind
from moderation.proof import Subject, distinctive, fingerprint
from sync.connector import Urgency
from sync.nodebb import endpoints
from sync.nodebb.reading import Reader
from sync.parts.gathered import Gathered
from sync.parts.looking import rows_of, strings

_MOST_POSTS = 200
_MOST_REVISIONS = 40
_MOST_GROUPS = 3
_UPLOADS = "/assets/uploads"
_FILE = re.compile(r"""(?:https?://[^\s"'()<>\]]{1,200})?/assets/uploads/[^\s"'()<>\]]{1,400}""")
_CHAPTER = re.compile(r"/sitemap/topics\.(\d+)\.xml")


class Gathering:
    """Reads as the signed-in moderator. What is gone already stays as it was known before."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def __call__(self, subject: Subject) -> Subject:
        """The subject with everything that can be found out now.

        Raises ``SignInError`` and ``TryLaterError``; what this account may not read is left out.
        """
        found = Gathered()
        tid = subject.thread.native
        found.add("tid", [tid])
        topic = self._page(f"/api/topic/{tid}") or {}
        self._topic(topic, found)
        pids = [ref.native for ref in subject.posts]
        if subject.whole:
            pids += [pid for pid in self._all_posts(tid, topic) if pid not in pids]
        for pid in pids:
            self._post(pid, subject.redacted, found)
        if subject.titled:
            found.texts += [title for title in (topic.get("title"),) if isinstance(title, str)]
            found.add("chapter", self._chapters())
        found.add("author", [topic.get("uid")] if subject.whole else found.facts.get("uid", ()))
        main = str(topic.get("mainPid") or "")
        if subject.whole or main in pids:
            self._thumbs(tid, found)
        self._people(found)
        found.add("elsewhere", [ref.native for ref in subject.elsewhere])
        return _with(subject, pids, found)

    def _page(self, path: str) -> dict[str, Any] | None:
        """A page's data as staff see it, ``None`` where there is none."""
        answer = self._reader.raw(path, Urgency.BACKGROUND)
        if answer.status == 401:
            raise SignInError("token_not_accepted", endpoint=answer.path)
        if not answer.ok or not answer.is_json:
            return None
        try:
            value = json.loads(answer.body)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None

    def _response(self, path: str) -> Any:
        page = self._page(path)
        return page.get("response") if page is not None else None

    def _topic(self, topic: Mapping[str, Any], found: Gathered) -> None:
        found.add("cid", [topic.get("cid"), topic.get("oldCid")])
        found.add("tag", [tag.get("value") for tag in rows_of(topic.get("tags"))])

    def _all_posts(self, tid: str, first: Mapping[str, Any]) -> Iterator[str]:
        pages = first.get("pagination")
        told = pages.get("pageCount") if isinstance(pages, dict) else None
        count = told if isinstance(told, int) else 1
        given = 0
        for page in range(1, count + 1):
            shown = first if page == 1 else self._page(endpoints.topic_page(tid, page)) or {}
            for post in rows_of(shown.get("posts")):
                if given < _MOST_POSTS:
                    given += 1
                    yield str(post.get("pid"))

    def _post(self, pid: str, redacted: bool, found: Gathered) -> None:
        found.add("pid", [pid])
        post = self._response(endpoints.post(pid))
        if not isinstance(post, dict):
            return
        text = str(post.get("content") or "")
        (found.stay if redacted else found.texts).append(text)
        found.add("uid", [post.get("uid")])
        found.add("tid", [post.get("tid")])
        earlier = self._revisions(pid, found)
        uploads = post.get("uploads")
        now = [text, *(map(_path, uploads) if isinstance(uploads, list) else ())]
        found.add("file", _files(earlier if redacted else [*now, *earlier]))

    def _revisions(self, pid: str, found: Gathered) -> list[str]:
        """Earlier wordings; the newest is the post as it stands."""
        told = self._response(f"{endpoints.post(pid)}/diffs")
        stamps = told.get("timestamps") if isinstance(told, dict) else None
        wordings = []
        for stamp in (stamps if isinstance(stamps, list) else [])[1 : _MOST_REVISIONS + 1]:
            path = f"{pid}/diffs/{stamp}"
            found.add("revision", [path])
            earlier = self._response(endpoints.post(path))
            if isinstance(earlier, dict) and isinstance(earlier.get("content"), str):
                wordings.append(earlier["content"])
        found.texts += wordings
        return wordings

    def _thumbs(self, tid: str, found: Gathered) -> None:
        thumbs = self._response(f"/api/v3/topics/{tid}/thumbs")
        found.add("thumb", strings([one.get("url") for one in rows_of(thumbs)]))

    def _people(self, found: Gathered) -> None:
        for uid in list(found.facts.get("uid", {})):
            member = self._response(endpoints.user(uid))
            slug = str(member.get("userslug") or "") if isinstance(member, dict) else ""
            found.add("user", [slug])
            groups = self._page(endpoints.user_page(slug, "groups")) if slug else None
            rows = rows_of(groups.get("groups")) if groups is not None else []
            found.add("group", [row.get("slug") for row in rows[:_MOST_GROUPS]])

    def _chapters(self) -> list[str]:
        try:
            answer = self._reader.raw("/sitemap.xml", Urgency.BACKGROUND)
        except NotAllowedError:
            return []
        return _CHAPTER.findall(answer.body.decode("utf-8", "replace")) if answer.ok else []


def _with(subject: Subject, pids: Iterable[str], found: Gathered) -> Subject:
    texts = [_FILE.sub(" ", text) for text in found.texts]  # files are places of their own
    fresh = fingerprint(texts, subject.marks.key, allowed=found.stay, short=not subject.whole)
    words = subject.words or (() if subject.whole else distinctive(texts))  # of a whole thread some were never public
    posts = tuple(subject.thread.sibling(Kind.POST, pid) for pid in pids)
    places = found.places(subject.places)
    return replace(subject, posts=posts, marks=subject.marks | fresh, words=words, places=places)


def _path(upload: object) -> str:
    """Where an upload of a post is served: ``/files/…`` or, in older answers, an object with a path."""
    path = upload.get("path") if isinstance(upload, dict) else upload
    return f"{_UPLOADS}{path}" if isinstance(path, str) and path.startswith("/") else ""


def _files(texts: Iterable[str]) -> Iterator[str]:
    """Addresses of uploads in texts, each with its smaller or larger version."""
    for text in texts:
        for address in _FILE.findall(text):
            yield address
            yield from _sibling(address)


def _sibling(address: str) -> Iterator[str]:
    stem, dot, ending = address.rpartition(".")
    if dot and stem.endswith("-resized"):
        yield f"{stem.removesuffix('-resized')}.{ending}"
    elif dot and ending.lower() in {"png", "jpg", "jpeg", "gif", "webp"}:
        yield f"{stem}-resized.{ending}"
