"""How the staff follow forums: one request a person, for nothing lists the watchers of a category.

A member who never chose follows each category by the site's default, and NodeBB does not tell the two apart.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.content import Following as Follows
from moderation.content import Level
from moderation.errors import NotAllowedError, PayloadError
from moderation.ids import Kind
from moderation.records import Batch, Records
from sync.connector import Known, Urgency
from sync.nodebb import endpoints
from sync.nodebb.context import Context
from sync.nodebb.decoders import GROUP_MEMBERS, WATCHES
from sync.nodebb.payloads import WatchP

TODO = "following.todo"
STAFF_GROUPS = ("administrators", "global-moderators")
_EVERY, _AT_ONCE, _A_PAGE = timedelta(hours=6), 40, 20
_MAY_LOOK = frozenset({"administrator", "moderator"})


@dataclass(frozen=True, slots=True)
class Told:
    """What a member's page says; no records where it may not be read: unknown, which is not the same as nothing."""

    records: tuple[Records, ...] = ()
    ignored: tuple[str, ...] = ()


class Following:
    """Reads members' pages of categories, fifty categories a page."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def of(self, slug: str, urgency: Urgency) -> Told:
        """How one member follows all forums; their own ones anybody may ask for, others' ones only those above them."""
        watches: list[WatchP] = []
        page, pages, path = 0, 1, endpoints.user_page(slug, "categories")
        while page < pages:
            page += 1
            try:
                read = self._context.reader.get(endpoints.query(path, page=page), WATCHES, urgency)
            except (NotAllowedError, PayloadError):
                return Told()
            watches += read.value.categories
            pages = read.value.pagination.pageCount
        ignored = tuple(str(one.cid) for one in watches if one.isIgnored)
        who = self._context.names.member(read.value.uid)
        if who is None:
            return Told((), ignored)
        seen, forum = read.server_time or self._context.now(), self._context.names.ref
        rows = tuple(Follows(who, forum(Kind.FORUM, one.cid), _level(one), seen) for one in watches)
        return Told((Records(read.seq, followers=(who,), following=rows),), ignored)

    def staff(self, known: Known, moderators: list[str]) -> Iterator[Batch]:
        """Some of the staff, some at a time; nothing where everybody was read lately. ``moderators`` are slugs of those
        who look after some category.
        """
        if not self._context.rights().identity.roles & _MAY_LOOK:
            return
        at, left = self._turn(known) or ("", [])
        if not at:
            at, left = self._context.now().isoformat(), self._staff(moderators)
            yield Batch((), _kept(at, left))
        for slug in left[:_AT_ONCE]:
            left = left[1:]
            yield Batch(self.of(slug, Urgency.BACKGROUND).records, _kept(at, left))

    def _turn(self, known: Known) -> tuple[str, list[str]] | None:
        """When the turn under way began, and who is left of it; ``None`` when a new one is to begin."""
        kept = json.loads(known.cursor(TODO) or "null")
        if kept is None:
            return None
        at, left = str(kept["at"]), [str(slug) for slug in kept["left"]]
        over = not timedelta() <= self._context.now() - datetime.fromisoformat(at) < _EVERY
        return None if over and not left else (at, left)

    def _staff(self, moderators: list[str]) -> list[str]:
        found = dict.fromkeys(moderators)
        for group in STAFF_GROUPS:
            found |= dict.fromkeys(self._members(group))
        return list(found)

    def _members(self, group: str) -> Iterator[str]:
        after = 0
        while True:
            try:
                path = endpoints.group_members(group, after)
                users = self._context.reader.get(path, GROUP_MEMBERS, Urgency.BACKGROUND).value.response.users
            except (NotAllowedError, PayloadError):
                return
            yield from (user.userslug for user in users if user.userslug)
            after += _A_PAGE
            if len(users) < _A_PAGE:
                return


def _level(one: WatchP) -> Level:
    if one.isIgnored:
        return Level.MUTED
    if one.isWatched:
        return Level.WATCHING
    return Level.TRACKING if one.isTracked else Level.NORMAL


def _kept(at: str, left: list[str]) -> dict[str, str | None]:
    return {TODO: json.dumps({"at": at, "left": left}, separators=(",", ":"))}
