"""Forums: what the account may find, which of them the public may not, and who looks after each."""

import json
from collections.abc import Iterator, Sequence

from moderation.errors import NotAllowedError, PayloadError, SignInError
from moderation.ids import Kind, Ref
from moderation.records import Batch, Records
from sync.connector import Known, Urgency
from sync.nodebb import endpoints
from sync.nodebb.context import Context
from sync.nodebb.decoders import CATEGORIES, CATEGORY, CATEGORY_ANSWER, MODERATORS
from sync.nodebb.ids import CHATS, WORLD, in_path
from sync.nodebb.payloads import CategoryP, UserP
from sync.nodebb.pull.following import Following
from sync.nodebb.reading import Reader, set_aside

IGNORED, MODERATORS_READ, LINKS = "forums.ignored", "forums.moderators", "forums.links"
_UNLISTED = frozenset({WORLD, CHATS})


class Forums:
    """Reads all categories at once: ``/api/v3/categories`` is flat and whole, where the page cuts off children."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._following = Following(context)

    def batch(self, known: Known, urgency: Urgency) -> Iterator[Batch]:
        """All forums with their moderators, those that are gone, and how the account follows them."""
        read = self._context.reader.get(endpoints.CATEGORIES, CATEGORIES, urgency)
        raws = read.value.response.categories
        found, problems = set_aside(raws, CATEGORY, lambda one: one, read.endpoint)
        public = self._public(urgency)
        staff = list(self._context.together(lambda one: self._moderators(one, urgency), found))
        forums = [
            self._context.decode.forum(
                one,
                private=None if public is None else str(one.cid) not in public,
                moderators=self._refs(who) if who is not None else None,
            )
            for one, who in zip(found, staff, strict=True)
        ]
        listed = {forum.id for forum in forums}
        own = self._following.of(self._context.rights(urgency).slug, urgency)
        slugs = {one.userslug for who in staff for one in who or () if one.userslug}
        links = [str(one.cid) for one in found if one.link]
        cursors: dict[str, str | None] = {IGNORED: json.dumps(own.ignored), MODERATORS_READ: json.dumps(sorted(slugs))}
        cursors[LINKS] = json.dumps(links) if links else None
        records = [Records(read.seq, forums=tuple(forums)), *self._gone(known, listed, urgency), *own.records]
        yield Batch(tuple(records), cursors, tuple(problems))

    def _refs(self, users: Sequence[UserP]) -> tuple[Ref, ...]:
        members = (self._context.names.member(one.uid) for one in users)
        return tuple(one for one in members if one is not None)

    def _public(self, urgency: Urgency) -> set[str] | None:
        """What an anonymous visitor finds; ``None`` when the server would not say (then all counts as private)."""
        try:
            read = self._context.guest.get(endpoints.CATEGORIES, CATEGORIES, urgency)
        except (SignInError, NotAllowedError):
            return set()
        except PayloadError:
            return None
        found, _ = set_aside(read.value.response.categories, CATEGORY, lambda one: str(one.cid), read.endpoint)
        return set(found)

    def _moderators(self, category: CategoryP, urgency: Urgency) -> Sequence[UserP] | None:
        if str(category.cid) == WORLD:
            return ()
        try:
            read = self._context.reader.get(endpoints.moderators(str(category.cid)), MODERATORS, urgency)
        except (NotAllowedError, PayloadError):
            return None
        return read.value.moderators

    def _gone(self, known: Known, listed: set[Ref], urgency: Urgency) -> Sequence[Records]:
        """Known forums that are listed no more and not there when asked for."""
        records = []
        for ref in known.forums():
            if ref in listed or ref.native == CHATS:
                continue
            try:
                read = self._context.reader.find(endpoints.category_head(in_path(ref)), CATEGORY_ANSWER, urgency)
            except (NotAllowedError, PayloadError):
                continue
            if read.value is None or read.value.response.cid is None:
                records.append(Records(read.seq, gone=(ref,)))
        return records


def ignored_forums(known: Known) -> list[str]:
    """The categories that the account ignored when forums were read last."""
    links = _links(known)
    return [cid for cid in map(str, json.loads(known.cursor(IGNORED) or "[]")) if cid not in links]


def _links(known: Known) -> frozenset[str]:
    """Categories that only lead to another page: asked for their topics they answer with its address."""
    return frozenset(map(str, json.loads(known.cursor(LINKS) or "[]")))


def moderators_read(known: Known) -> list[str]:
    """Slugs of the members who look after some category."""
    return [str(slug) for slug in json.loads(known.cursor(MODERATORS_READ) or "[]")]


def public_forums(known: Known) -> frozenset[Ref]:
    """Forums that an anonymous visitor may read."""
    return frozenset(forum for forum, private in known.forums().items() if private is False)


def reader_for(context: Context, public: frozenset[Ref], forum: Ref | None, urgency: Urgency) -> Reader:
    """Who reads a thread: people read as themselves; background reading of a public forum is done as an anonymous
    visitor, because NodeBB marks every topic that an account reads as read for that person.
    """
    return context.guest if forum in public and urgency >= Urgency.POLL else context.reader


def walkable(known: Known) -> list[Ref]:
    """Forums that list their own topics."""
    without = _UNLISTED | _links(known)
    return [forum for forum in known.forums() if forum.kind is Kind.FORUM and forum.native not in without]
